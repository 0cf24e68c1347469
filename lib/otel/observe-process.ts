// What Prometheus' client libraries say about their process and OpenTelemetry's instrumentations leave out, under the names that
// dashboards know. Read when somebody collects.
import { readdir, readFile } from 'node:fs/promises';
import type { BatchObservableResult, Observable } from '@opentelemetry/api';
import { readOptions, type KeysOf } from '../guard/option-checks.js';
import { reportOnce } from '../instruments/observable-instrument.js';
import { coreOf } from '../store/store-core.js';
import type { MetricStore } from './store-interface.js';

/** Options of {@link observeProcess}. */
export interface ObserveProcessOptions {
  readonly store: MetricStore;
}

const OBSERVE_KEYS: KeysOf<ObserveProcessOptions> = { store: true };

const METER = 'otel_argo_metrics.process';

/** Linux only; elsewhere there are none. */
interface KernelFigures {
  readonly openFds: number;
  /** None where there is no limit. */
  readonly maxFds: number | undefined;
  /** None where the kernel keeps it to itself: of threads of its own, and in some sandboxes. */
  readonly virtualBytes: number | undefined;
}

/**
 * Reports what the process is, until `shutdown()`: `process_start_time_seconds` and `nodejs_version_info`, on Linux also
 * `process_open_fds`, `process_max_fds` and `process_virtual_memory_bytes`; names, labels and values as prom-client's
 * `collectDefaultMetrics()` has them. CPU, memory, event loop and garbage collection come from OpenTelemetry's instrumentations:
 * `docs/migration.md` has a table. Where several threads call it for one store, a collection has the figures once.
 *
 * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE
 * @example
 * const observation = observeProcess({ store });
 */
export function observeProcess(options: ObserveProcessOptions): { shutdown(): void } {
  const { store } = readOptions('the options of observeProcess()', options, OBSERVE_KEYS);
  const core = coreOf(store);
  const meter = store.getMeter(METER);
  const startTime = meter.createObservableGauge('process.start_time', {
    unit: 's',
    description: 'When the process began, in seconds since 1970.',
  });
  const version = meter.createObservableGauge('nodejs.version_info', {
    description: 'The version of Node.js; always 1.',
  });
  const virtualMemory = meter.createObservableGauge('process.virtual_memory', {
    unit: 'By',
    description: 'Address space of the process.',
  });
  const openFds = meter.createObservableGauge('process.open_fds', {
    description: 'File descriptors that are open.',
  });
  const maxFds = meter.createObservableGauge('process.max_fds', {
    description: 'How many file descriptors may be open.',
  });
  // Once: it does not move when somebody sets the clock.
  const startSeconds = Math.round(Date.now() / 1000 - process.uptime());
  const versionLabels = versionLabelsOf(process.version);

  const report = async (result: BatchObservableResult): Promise<void> => {
    result.observe(startTime, startSeconds);
    result.observe(version, 1, versionLabels);
    const figures = await readKernelFigures();
    if (figures === undefined) return;
    result.observe(openFds, figures.openFds);
    if (figures.virtualBytes !== undefined) result.observe(virtualMemory, figures.virtualBytes);
    if (figures.maxFds !== undefined) result.observe(maxFds, figures.maxFds);
  };
  const observables: Observable[] = [startTime, version, virtualMemory, openFds, maxFds];
  reportOnce(report, JSON.stringify([METER, core.number]));
  meter.addBatchObservableCallback(report, observables);
  return { shutdown: () => meter.removeBatchObservableCallback(report, observables) };
}

/** `v20.19.0`, and `v23.0.0-nightly…`, in parts. */
function versionLabelsOf(version: string): Record<string, string | number> {
  const [major = 0, minor = 0, patch = 0] = version.slice(1).split(/[.-]/, 3).map(Number);
  return { version, major, minor, patch };
}

/** Undefined where there are none. */
export async function readKernelFigures(folder = '/proc/self'): Promise<KernelFigures | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const [descriptors, limits, status] = await Promise.all([
      readdir(`${folder}/fd`),
      readFile(`${folder}/limits`, 'utf8'),
      readFile(`${folder}/status`, 'utf8'),
    ]);
    const kibibytes = numberIn(status, SIZE);
    return {
      openFds: descriptors.length,
      maxFds: numberIn(limits, LIMIT),
      virtualBytes: kibibytes === undefined ? undefined : kibibytes * 1024,
    };
  } catch {
    // No /proc, or one that shows less: as on the systems that have none.
    return undefined;
  }
}

/** The soft one, which is the one that refuses. */
const LIMIT = /^Max open files\s+(\d+)/m;
const SIZE = /^VmSize:\s+(\d+) kB$/m;

function numberIn(text: string, line: RegExp): number | undefined {
  const [, digits] = line.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
