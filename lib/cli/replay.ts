import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CustomMetrics } from '../argo/emit/custom-metrics.js';
import { resolveMetricsConfig } from '../argo/emit/metrics-config.js';
import type { MetricsConfig } from '../argo/spec/metrics-spec.js';
import { WorkflowObserver } from '../argo/observe/workflow-observer.js';
import { textsOf } from '../exposition/chunk-texts.js';
import { TEXT_FORMAT } from '../exposition/negotiation/exposition-format.js';
import { PrometheusCollector } from '../exposition/prometheus-collector.js';
import { createStore } from '../otel/metric-store.js';
import { isClosed } from './closed-output.js';
import { ExitCode } from './exit-code.js';
import { readMetricsConfig } from './metrics-config-file.js';
import { ProgressLine } from './progress-line.js';
import { recordedEvents } from './recorded-events.js';
import { ReplayClock } from './replay-clock.js';
import { ReplayProblems } from './replay-problems.js';
import type { RunContext } from './run-context.js';

/** Series of one metric. A recording is finite, and whoever replays it wants to see all of it. */
const CARDINALITY_LIMIT = 100_000;

export interface ReplayOptions {
  /** A path, or `-` for the standard input. */
  readonly file: string;
  /** When the metrics are read, in Unix milliseconds; the clock of the context when undefined. */
  readonly atUnixMillis: number | undefined;
  readonly configFile: string | undefined;
}

/** Replays recorded watch events, or a list of workflows, and prints the custom metrics that they lead to. */
export async function replay(options: ReplayOptions, context: RunContext): Promise<ExitCode> {
  const { atUnixMillis, configFile, file } = options;
  const metricsConfig =
    configFile === undefined ? {} : ((await readMetricsConfig(configFile)) as MetricsConfig);
  const { shortestTtlMillis } = resolveMetricsConfig(metricsConfig);
  const clock = new ReplayClock(() => atUnixMillis ?? context.clock.now(), shortestTtlMillis);
  const store = createStore({ shared: false, cardinalityLimit: CARDINALITY_LIMIT, clock });
  const progress = new ProgressLine(context);
  const problems = new ReplayProblems(line => progress.print(line));
  try {
    const customMetrics = new CustomMetrics({
      store,
      metricsConfig,
      // The others are returned by the observer, with the line that they belong to.
      onDiagnostic: diagnostic => {
        if (diagnostic.path.startsWith('metricsConfig')) problems.diagnostic(configFile ?? '', diagnostic);
      },
    });
    const collector = new PrometheusCollector(store, {
      only: definition => definition.verbatim,
      targetInfo: false,
    });
    clock.collect = () => collector.collect();
    await readEvents(file, customMetrics, clock, problems, progress, context);
    problems.finish(nameOf(file));
    progress.clear();
    if (context.signal.aborted) return ExitCode.interrupted;
    await clock.finish();
    await printMetrics(collector, progress, context);
    return problems.hasErrors ? ExitCode.failed : ExitCode.ok;
  } finally {
    progress.clear();
    await store.shutdown();
  }
}

async function readEvents(
  file: string,
  customMetrics: CustomMetrics,
  clock: ReplayClock,
  problems: ReplayProblems,
  progress: ProgressLine,
  { stdin, signal }: RunContext,
): Promise<void> {
  const observer = new WorkflowObserver({ customMetrics });
  const source = file === '-' ? stdin : createReadStream(file);
  let eventCount = 0;
  for await (const recorded of recordedEvents(untilAborted(source, signal, file))) {
    const place = `${nameOf(file)}:${recorded.line}`;
    if ('unreadable' in recorded) problems.unreadable(place, recorded.unreadable);
    else {
      problems.readable();
      eventCount++;
      await clock.see(recorded.event.object);
      for (const diagnostic of observer.observe(recorded.event)) problems.diagnostic(place, diagnostic);
    }
    progress.show(() => `${eventCount} events read`);
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
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

async function printMetrics(
  collector: PrometheusCollector,
  progress: ProgressLine,
  { stdout }: RunContext,
): Promise<void> {
  const { exposition, errors } = await collector.collect();
  collector.close();
  for (const error of errors) progress.print(`warning: ${error.message}`);
  try {
    const chunks = await exposition.chunks(TEXT_FORMAT);
    await pipeline(Readable.from(textsOf(chunks), { objectMode: false }), stdout, { end: false });
  } catch (error) {
    // What was wrong before the first byte is said by the stream itself.
    if (!isClosed(stdout.errored ?? error)) throw error;
  }
}
