// The configuration of `watch`: flags before the environment before the file before defaults, all of them checked. Nothing is
// read here but what is given.
import type { CardinalityLimitedViewOptions } from '../otel/cardinality-limited-view.js';
import type { OtlpProtocol } from '../register/exporter-packages.js';
import type { ConfigText } from './config/config-file.js';
import { ConfigReport } from './config/config-report.js';
import { sourceText, type ConfigProblem, type ConfigSource, type Given } from './config/config-source.js';
import { valuesOfEnvironment } from './config/environment-values.js';
import { valuesOfFile } from './config/file-values.js';
import { valuesOfFlags, type WatchFlags } from './config/flag-values.js';
import type { MetricsConfigSetting } from './config/metrics-config-type.js';
import { viewOptions } from './config/views-type.js';
import { WATCH_KEY_PATHS, watchKey, type WatchKeyPath, type WatchValues } from './config/watch-keys.js';

/** Each value with its source. What `printWatchConfig` prints. */
export interface WatchEntries {
  readonly values: WatchValues;
  readonly sources: Readonly<Record<WatchKeyPath, ConfigSource>>;
}

/** What the command is to do. Times in milliseconds, sizes in bytes. */
export interface WatchConfig {
  readonly namespaces: 'all' | readonly string[];
  /** Undefined: Workflows that name no controller. */
  readonly instanceId: string | undefined;
  readonly state: {
    /** Undefined: nothing is kept. */
    readonly dir: string | undefined;
    readonly whenLost: WatchValues['state.whenLost'];
  };
  readonly endpoint: { readonly host: string; readonly port: number; readonly zeroStartMillis: number };
  /** Undefined: nothing is sent. */
  readonly otlp: { readonly protocol: OtlpProtocol; readonly intervalMillis: number } | undefined;
  readonly metricsConfig: MetricsConfigSetting | undefined;
  readonly limits: {
    readonly cardinalityLimit: number;
    readonly maxBytes: number;
    readonly objectBytes: number;
    readonly finishedKept: number;
    readonly pageSize: number;
  };
  readonly log: {
    /** Undefined: text on a terminal, else JSON. */
    readonly format: WatchValues['log.format'];
    readonly level: WatchValues['log.level'];
  };
  /** For `limitViews`. */
  readonly views: readonly CardinalityLimitedViewOptions[];
  readonly entries: WatchEntries;
}

export interface WatchConfigSources {
  readonly flags?: WatchFlags | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Read and decoded: UTF-8, without looking at what stands in it. */
  readonly file?: ConfigText | undefined;
}

export interface WatchConfigResult {
  /** Undefined when one of the problems is an error. */
  readonly config: WatchConfig | undefined;
  /** Of all sources, those of the file by their place. */
  readonly problems: readonly ConfigProblem[];
}

/** Never throws: what is wrong is a problem, and all of it is said at once. */
export function readWatchConfig({
  flags = {},
  environment = {},
  file,
}: WatchConfigSources): WatchConfigResult {
  const given: Given<WatchKeyPath>[] = [valuesOfEnvironment(environment), valuesOfFlags(flags)];
  if (file !== undefined) given.unshift(valuesOfFile(file));
  const problems = given.flatMap(each => each.problems);
  if (problems.some(({ severity }) => severity === 'error')) return { config: undefined, problems };
  const config = configOf(entriesOf(given));
  const { namespaces, entries, state } = config;
  if (state.dir === undefined || namespaces === 'all' || namespaces.length === 1) return { config, problems };
  // One version says where the watch of one list goes on, not where those of several do.
  const complaint = { code: 'CONFIG_INVALID', severity: 'error', path: 'state.dir' } as const;
  const message = `a state is of all namespaces or of one, got ${namespaces.length}: start one watch for each, with a folder of its own`;
  const origin = sourceText(entries.sources['state.dir']).replace(/^from /, '');
  return { config: undefined, problems: [...problems, { ...complaint, message, origin }] };
}

/** @param given the one that goes first is the last */
function entriesOf(given: readonly Given<WatchKeyPath>[]): WatchEntries {
  const values: Partial<Record<WatchKeyPath, unknown>> = {};
  const sources: Partial<Record<WatchKeyPath, ConfigSource>> = {};
  for (const path of WATCH_KEY_PATHS) {
    const { type, fallback } = watchKey(path);
    values[path] = fallback === undefined ? undefined : type.read(fallback, path, new ConfigReport());
    sources[path] = { kind: 'default' };
  }
  for (const { path, value, source } of given.flatMap(each => each.values)) {
    values[path] = value;
    sources[path] = source;
  }
  // Of each key the type was asked.
  return { values, sources } as unknown as WatchEntries;
}

function configOf(entries: WatchEntries): WatchConfig {
  const { values } = entries;
  const cardinalityLimit = values['limits.cardinalityLimit'];
  return {
    namespaces: values.namespaces,
    instanceId: values.instanceId,
    state: { dir: values['state.dir'], whenLost: values['state.whenLost'] },
    endpoint: {
      host: values['endpoint.host'],
      port: values['endpoint.port'],
      zeroStartMillis: values['endpoint.zeroFor'],
    },
    otlp: values['otlp.enabled']
      ? { protocol: values['otlp.protocol'], intervalMillis: values['otlp.interval'] }
      : undefined,
    metricsConfig: values.metricsConfig,
    limits: {
      cardinalityLimit,
      maxBytes: values['limits.maxBytes'],
      objectBytes: values['limits.objectBytes'],
      finishedKept: values['limits.finishedKept'],
      pageSize: values['limits.pageSize'],
    },
    log: { format: values['log.format'], level: values['log.level'] },
    views: viewOptions(values.views, cardinalityLimit),
    entries,
  };
}
