import { ConfigReport } from './config-report.js';
import type { ConfigProblem, Given, GivenValue } from './config-source.js';
import { watchKey, type WatchKeyPath } from './watch-keys.js';

/** Those of the command line that say something that a file may say too, as they were typed. */
export interface WatchFlags {
  readonly 'all-namespaces'?: boolean | undefined;
  readonly namespace?: readonly string[] | undefined;
  readonly 'instance-id'?: string | undefined;
  readonly state?: string | undefined;
  /** `HOST:PORT`; without a host, the port only. */
  readonly listen?: string | undefined;
  readonly 'metrics-config'?: string | undefined;
}

const ADDRESS = /^(?:\[(?<inBrackets>[^\]]*)\]|(?<host>[^:]*)):(?<port>\d{1,5})$/;

export function valuesOfFlags(flags: WatchFlags): Given<WatchKeyPath> {
  const values: GivenValue<WatchKeyPath>[] = [];
  const problems: ConfigProblem[] = [];
  const complain = (flag: string, message: string, path = ''): void =>
    void problems.push({ origin: `--${flag}`, code: 'CONFIG_INVALID', severity: 'error', path, message });
  const take = (flag: string, path: WatchKeyPath, given: unknown): void => {
    if (given === undefined) return;
    const report = new ConfigReport();
    const value = watchKey(path).type.read(given, path, report);
    for (const { spot: _spot, ...complaint } of report.complaints)
      problems.push({ origin: `--${flag}`, ...complaint });
    if (value !== undefined) values.push({ path, value, source: { kind: 'flag', flag } });
  };
  const { namespace = [], listen } = flags;
  if (flags['all-namespaces'] === true && namespace.length > 0)
    complain('namespace', '--all-namespaces and --namespace exclude each other', 'namespaces');
  else if (flags['all-namespaces'] === true) take('all-namespaces', 'namespaces', 'all');
  else if (namespace.length > 0) take('namespace', 'namespaces', [...new Set(namespace)]);
  take('instance-id', 'instanceId', flags['instance-id']);
  take('state', 'state.dir', flags.state);
  take('metrics-config', 'metricsConfig', flags['metrics-config']);
  const { inBrackets, host, port } = ADDRESS.exec(listen ?? '')?.groups ?? {};
  if (port !== undefined) {
    take('listen', 'endpoint.host', inBrackets ?? (host === '' ? undefined : host));
    take('listen', 'endpoint.port', Number(port));
  } else if (listen !== undefined)
    complain(
      'listen',
      `--listen is ${JSON.stringify(listen)}, expected an address such as 0.0.0.0:9464 or [::1]:9464`,
    );
  return { values, problems };
}
