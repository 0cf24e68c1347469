// The options of startCollectorThread: what is checked before a thread is started with them.
import { isAbsolute } from 'node:path';
import type { ResourceLimits } from 'node:worker_threads';
import { checkWhole, ownValues, readOptions, refuseOption, type KeysOf } from '../guard/option-checks.js';
import { plainClone } from '../guard/plain-clone.js';
import { textOf } from '../guard/thrown.js';
import { readRemoteOptions, type RemotePrometheusOptions } from '../exposition/prometheus-endpoint.js';
import { checkOptions, resolveTimes } from '../otel/reader-options.js';
import type { MetricStore } from '../otel/store-interface.js';
import type { ExporterSetting, ExportTimes } from './collector-messages.js';

/** How a collector thread that has ended is started again. Times in milliseconds. */
export interface CollectorRestartOptions {
  /** The first pause, 1 to 60,000; it doubles with each thread that does not live for `delayMaxMillis`. @defaultValue `100` */
  readonly delayMinMillis?: number;
  /** The longest pause, up to an hour. @defaultValue `30_000`, or `delayMinMillis` if that is longer */
  readonly delayMaxMillis?: number;
  /** Threads in a row that do not live for `delayMaxMillis`; after these it ends for good. @defaultValue no bound */
  readonly failuresMax?: number;
}

/** What a collector thread serves and sends: at least one of `prometheus` and `exporterModule`. */
export interface CollectorThreadOptions {
  readonly store: MetricStore;
  /** Serves the store to Prometheus, as `startPrometheusEndpoint` does, which has these options. */
  readonly prometheus?: RemotePrometheusOptions;
  /**
   * The module that makes the exporter, in the collector thread: its default export is `(options) => PushMetricExporter`, or a
   * promise of one. A `file:` URL, an absolute path, or the name of a package, which is looked for from the working
   * directory. JavaScript: the thread has none of the process' loaders and preloaded modules. It has half a minute to make it.
   */
  readonly exporterModule?: string | URL;
  /** What the module's function is given: a clone of it, so plain data. */
  readonly exporterOptions?: unknown;
  /** See {@link DoubleBufferedMetricReaderOptions.exportIntervalMillis}. @defaultValue `60_000` */
  readonly exportIntervalMillis?: number;
  /** See {@link DoubleBufferedMetricReaderOptions.exportTimeoutMillis}. @defaultValue `30_000`, or the interval if that is shorter */
  readonly exportTimeoutMillis?: number;
  /** See {@link DoubleBufferedMetricReaderOptions.maxExportBatchSize}. @defaultValue no bound */
  readonly maxExportBatchSize?: number;
  /** See {@link DoubleBufferedMetricReaderOptions.delivery}. @defaultValue `'at-least-once'` */
  readonly delivery?: 'at-least-once' | 'at-most-once';
  /** Of what is exported: see {@link DoubleBufferedMetricReaderOptions.zeroStartMillis}. @defaultValue `0` */
  readonly zeroStartMillis?: number;
  /** Whether, and how, a thread that has ended is started again. `false`: it is not. @defaultValue `{}` */
  readonly restart?: false | CollectorRestartOptions;
  /**
   * How long the end of the process may wait for the last export, in whole milliseconds up to a minute; 0: it does not, and what
   * was not exported is lost.
   * @defaultValue `2000`
   */
  readonly flushOnExitMillis?: number;
  /**
   * How long the last answer of the MeterProvider that has `collector.reader` is shown while its thread does not answer, in whole
   * milliseconds up to a day; 0: only what was given to the same collection.
   * @defaultValue `300_000`
   */
  readonly hostMaxAgeMillis?: number;
  /**
   * Bounds the memory of the thread, as those of a `Worker`: one that needs more ends, and is started again. At least 4 MiB of old
   * generation, 16 of code and 1 of stack: with less, Node may abort the whole process.
   */
  readonly resourceLimits?: ResourceLimits;
}

const COLLECTOR_KEYS: KeysOf<CollectorThreadOptions> = {
  store: true,
  prometheus: true,
  exporterModule: true,
  exporterOptions: true,
  exportIntervalMillis: true,
  exportTimeoutMillis: true,
  maxExportBatchSize: true,
  delivery: true,
  zeroStartMillis: true,
  restart: true,
  flushOnExitMillis: true,
  hostMaxAgeMillis: true,
  resourceLimits: true,
};

const RESTART_KEYS: KeysOf<CollectorRestartOptions> = {
  delayMinMillis: true,
  delayMaxMillis: true,
  failuresMax: true,
};

const LIMIT_KEYS: KeysOf<ResourceLimits> = {
  maxOldGenerationSizeMb: true,
  maxYoungGenerationSizeMb: true,
  codeRangeSizeMb: true,
  stackSizeMb: true,
};

/** Below, the whole process is aborted by one version of Node or another, and the thread needs more anyway. */
const LIMITS_MIN: Readonly<Record<keyof ResourceLimits, number>> = {
  maxOldGenerationSizeMb: 4,
  maxYoungGenerationSizeMb: 0,
  codeRangeSizeMb: 16,
  stackSizeMb: 1,
};
const DELAY_DEFAULT = 100;
const DELAY_MIN_MAX = 60_000;
const DELAY_MAX_DEFAULT = 30_000;
const DELAY_MAX_MAX = 3_600_000;
const FLUSH_DEFAULT = 2000;
const FLUSH_MAX = 60_000;
const HOST_AGE_DEFAULT = 300_000;
const HOST_AGE_MAX = 86_400_000;

export interface ResolvedCollectorOptions {
  readonly store: MetricStore;
  readonly prometheus: RemotePrometheusOptions | undefined;
  readonly exporter: ExporterSetting | undefined;
  readonly timeoutMillis: number;
  readonly restart: Required<CollectorRestartOptions> | undefined;
  readonly flushOnExitMillis: number;
  readonly hostMaxAgeMillis: number;
  readonly resourceLimits: ResourceLimits | undefined;
}

/** @throws MetricStoreError INVALID_OPTION */
export function resolveCollectorOptions(given: unknown): ResolvedCollectorOptions {
  const options = readOptions<CollectorThreadOptions>(
    'the options of startCollectorThread()',
    given,
    COLLECTOR_KEYS,
  );
  const { store, prometheus, exporterModule, resourceLimits } = options;
  const { flushOnExitMillis = FLUSH_DEFAULT, hostMaxAgeMillis = HOST_AGE_DEFAULT } = options;
  if (prometheus === undefined && exporterModule === undefined)
    refuseOption('one of prometheus and exporterModule', 'given', undefined);
  checkWhole('flushOnExitMillis', flushOnExitMillis, 0, FLUSH_MAX);
  checkWhole('hostMaxAgeMillis', hostMaxAgeMillis, 0, HOST_AGE_MAX);
  const times = timesOf(options);
  return {
    store,
    prometheus:
      prometheus === undefined
        ? undefined
        : cloned('prometheus', readRemoteOptions('prometheus', prometheus)),
    exporter: exporterOf(options, times),
    timeoutMillis: resolveTimes({ store, ...times }).timeoutMillis,
    restart: restartOf(options.restart),
    flushOnExitMillis,
    hostMaxAgeMillis,
    resourceLimits: limitsOf(resourceLimits),
  };
}

const TIME_KEYS: KeysOf<ExportTimes> = {
  exportIntervalMillis: true,
  exportTimeoutMillis: true,
  maxExportBatchSize: true,
  delivery: true,
  zeroStartMillis: true,
};

function timesOf(options: CollectorThreadOptions): ExportTimes {
  const given = ownValues(options, Object.keys(TIME_KEYS));
  const times = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as ExportTimes;
  checkOptions(times);
  return times;
}

function exporterOf(
  { exporterModule, exporterOptions }: CollectorThreadOptions,
  times: ExportTimes,
): ExporterSetting | undefined {
  if (exporterModule === undefined) {
    const useless = Object.keys({ ...times, ...(exporterOptions !== undefined && { exporterOptions }) })[0];
    if (useless !== undefined) refuseOption(useless, 'left out without exporterModule', 'one');
    return undefined;
  }
  const options = cloned('exporterOptions', exporterOptions);
  return { module: moduleOf(exporterModule), options, times };
}

function limitsOf(given: unknown): ResourceLimits | undefined {
  if (given === undefined) return undefined;
  const limits = readOptions<ResourceLimits>('resourceLimits', given, LIMIT_KEYS);
  for (const [key, value] of Object.entries(limits) as [keyof ResourceLimits, unknown][]) {
    const min = LIMITS_MIN[key];
    const isRight = typeof value === 'number' && value >= min && value > 0 && value < Infinity;
    if (value !== undefined && !isRight)
      refuseOption(`resourceLimits.${key}`, min === 0 ? 'a number above 0' : `at least ${min}`, value);
  }
  return limits;
}

const IS_MODULE = 'a file: URL, an absolute path or the name of a package';

/** A `file:` URL or the name of a package. */
function moduleOf(given: unknown): string {
  const isUrl = typeof given === 'object' && given !== null && 'href' in given;
  const text: unknown = isUrl ? given.href : given;
  if (typeof text !== 'string' || text === '' || text.startsWith('.'))
    return refuseOption('exporterModule', IS_MODULE, given);
  if (isAbsolute(text)) return process.getBuiltinModule('node:url').pathToFileURL(text).href;
  if (/^[a-z]{2,}:/i.test(text) && !/^file:/i.test(text)) refuseOption('exporterModule', IS_MODULE, given);
  return text;
}

function cloned<T>(name: string, value: T): T {
  try {
    return plainClone(value);
  } catch (error) {
    return refuseOption(name, 'plain data that another thread can have', textOf(error));
  }
}

function restartOf(given: unknown): Required<CollectorRestartOptions> | undefined {
  if (given === false) return undefined;
  if (given === true) refuseOption('restart', 'false or an object', given);
  const {
    delayMinMillis = DELAY_DEFAULT,
    delayMaxMillis = Math.max(DELAY_MAX_DEFAULT, delayMinMillis),
    failuresMax = Infinity,
  } = readOptions<CollectorRestartOptions>('restart', given ?? {}, RESTART_KEYS);
  checkWhole('restart.delayMinMillis', delayMinMillis, 1, DELAY_MIN_MAX);
  checkWhole('restart.delayMaxMillis', delayMaxMillis, delayMinMillis, DELAY_MAX_MAX);
  if (failuresMax !== Infinity) checkWhole('restart.failuresMax', failuresMax, 1, Number.MAX_SAFE_INTEGER);
  return { delayMinMillis, delayMaxMillis, failuresMax };
}
