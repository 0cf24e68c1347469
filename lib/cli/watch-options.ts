import type { WatchFlags } from './config/flag-values.js';
import { UsageError } from './usage-error.js';

/** What `watch` was told on the command line. */
export interface WatchOptions {
  /** Those that a configuration may say too. */
  readonly flags: WatchFlags;
  readonly configFile: string | undefined;
  /** Nothing else is done then. */
  readonly printsConfig: boolean;
  /** Only what is needed is tried, and said. */
  readonly isCheck: boolean;
  readonly kubeconfig: string | undefined;
  /** That of `kubectl proxy`. */
  readonly server: URL | undefined;
}

/** As the command line has them. */
export interface WatchValues extends WatchFlags {
  readonly config?: string | undefined;
  readonly 'print-config'?: boolean | undefined;
  readonly check?: boolean | undefined;
  readonly kubeconfig?: string | undefined;
  readonly server?: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws UsageError */
export function watchOptionsOf(values: WatchValues): WatchOptions {
  const {
    config: configFile,
    'print-config': printsConfig = false,
    check: isCheck = false,
    kubeconfig,
    server,
    ...flags
  } = values;
  if (configFile === '') throw new UsageError('--config needs a file.');
  return { flags, configFile, printsConfig, isCheck, ...apiServerOf({ kubeconfig, server }) };
}

/** @throws UsageError */
export function apiServerOf({
  kubeconfig,
  server,
}: Pick<WatchValues, 'kubeconfig' | 'server'>): Pick<WatchOptions, 'kubeconfig' | 'server'> {
  if (kubeconfig === '') throw new UsageError('--kubeconfig needs a file.');
  if (kubeconfig !== undefined && server !== undefined)
    throw new UsageError('--kubeconfig and --server exclude each other: each says which API server.');
  return { kubeconfig, server: server === undefined ? undefined : serverOf(server) };
}

/** Nothing is said there of who asks, so it must be a proxy that knows, on this machine. */
function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isProxy = url?.protocol === 'http:' && LOOPBACK.test(url.hostname) && url.username === '';
  if (url === undefined || !isProxy)
    throw new UsageError(
      `--server is for kubectl proxy on this machine, expected a URL such as http://127.0.0.1:8001. ` +
        'For an API server elsewhere, say --kubeconfig.',
    );
  return url;
}
