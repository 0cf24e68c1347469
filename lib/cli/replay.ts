import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CustomMetrics } from '../argo/custom-metrics.js';
import type { Diagnostic } from '../argo/diagnostic.js';
import type { MetricsConfig } from '../argo/metrics-spec.js';
import { WorkflowObserver } from '../argo/workflow-observer.js';
import { PrometheusCollector } from '../exposition/prometheus-collector.js';
import { createStore } from '../otel/metric-store.js';
import type { MetricStore } from '../otel/store-interface.js';
import { boundedLines } from './bounded-lines.js';
import { ExitCode } from './exit-code.js';
import { readMetricsConfig } from './metrics-config-file.js';
import { ProgressLine } from './progress-line.js';
import type { RunContext } from './run-context.js';
import { parseWatchLine } from './watch-event.js';

/** etcd refuses objects of more than 1.5 MB by default; ten times that leaves room for unusual ones. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Series of one metric. A recording is finite, and whoever replays it wants to see all of it. */
const CARDINALITY_LIMIT = 100_000;

export interface ReplayOptions {
  /** A path, or `-` for the standard input. */
  readonly file: string;
  /** When the metrics are read; the clock of the context when undefined. */
  readonly atUnixMillis: number | undefined;
  readonly configFile: string | undefined;
}

/** Replays recorded watch events and prints the custom metrics that they lead to. */
export async function replay(options: ReplayOptions, context: RunContext): Promise<ExitCode> {
  const { atUnixMillis, configFile, file } = options;
  const metricsConfig =
    configFile === undefined ? {} : ((await readMetricsConfig(configFile)) as MetricsConfig);
  const clock = { now: () => atUnixMillis ?? context.clock.now() };
  const store = createStore({ shared: false, cardinalityLimit: CARDINALITY_LIMIT, clock });
  const progress = new ProgressLine(context);
  try {
    const customMetrics = new CustomMetrics({
      store,
      metricsConfig,
      // The others are returned by the observer, with the line that they belong to.
      onDiagnostic: diagnostic => {
        if (diagnostic.path.startsWith('metricsConfig')) {
          progress.print(`${configFile ?? ''}: ${diagnosticText(diagnostic)}`);
        }
      },
    });
    const unreadableCount = await readEvents(file, customMetrics, progress, context);
    progress.clear();
    if (context.signal.aborted) return ExitCode.interrupted;
    await printMetrics(store, progress, context);
    return unreadableCount > 0 ? ExitCode.failed : ExitCode.ok;
  } finally {
    progress.clear();
    await store.shutdown();
  }
}

/** @returns how many lines were unreadable. */
async function readEvents(
  file: string,
  customMetrics: CustomMetrics,
  progress: ProgressLine,
  { stdin, signal }: RunContext,
): Promise<number> {
  const observer = new WorkflowObserver({ customMetrics });
  const source = file === '-' ? stdin : createReadStream(file);
  const printed = new Set<string>();
  let eventCount = 0;
  let unreadableCount = 0;
  for await (const line of boundedLines(untilAborted(source, signal, file), LINE_BYTES_MAX)) {
    const place = `${file === '-' ? 'stdin' : file}:${line.number}`;
    const parsed =
      'isTooLong' in line ? { unreadable: `longer than ${LINE_BYTES_MAX} bytes` } : parseWatchLine(line.text);
    if ('unreadable' in parsed) {
      progress.print(`${place}: error: ${parsed.unreadable}`);
      unreadableCount += 1;
    } else if ('event' in parsed) {
      eventCount += 1;
      for (const diagnostic of observer.observe(parsed.event)) {
        // Every event of a workflow brings its spec again, and with it the same mistakes.
        // What was said when a metric was compiled, perhaps with a hint, is said again when it is emitted.
        const key = JSON.stringify([diagnostic.code, diagnostic.path, diagnostic.message]);
        if (!printed.has(key)) progress.print(`${place}: ${diagnosticText(diagnostic)}`);
        printed.add(key);
      }
    }
    progress.show(() => `${eventCount} events read`);
  }
  return unreadableCount;
}

/** Ends quietly when the user wants to stop, also while nothing comes. */
async function* untilAborted(
  source: Readable,
  signal: AbortSignal,
  file: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* addAbortSignal(signal, source) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (signal.aborted) return;
    // Opening names the file in its error, reading does not.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(message.includes(file) ? message : `${file}: ${message}`, { cause });
  }
}

function diagnosticText({ code, severity, metric, path, message, hint }: Diagnostic): string {
  const subject = metric === undefined ? path : `${path} (${metric})`;
  return `${severity}: ${subject}: ${message} [${code}]${hint === undefined ? '' : ` ${hint}`}`;
}

async function printMetrics(
  store: MetricStore,
  progress: ProgressLine,
  { stdout }: RunContext,
): Promise<void> {
  const collector = new PrometheusCollector(store, {
    only: definition => definition.verbatim,
    targetInfo: false,
  });
  const { chunks, errors } = await collector.collect();
  collector.close();
  for (const error of errors) progress.print(`warning: ${error.message}`);
  try {
    await pipeline(Readable.from(chunks(), { objectMode: false }), stdout, { end: false });
  } catch (error) {
    // Who reads only the first lines (`| head`) has what he wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}
