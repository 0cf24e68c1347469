// OTLP of `watch`: what `/metrics` shows is sent as well, by the exporter that the user has installed.
import { makeInstalledExporter } from '../collector/installed-exporter.js';
import { textOf } from '../guard/thrown.js';
import { DoubleBufferedMetricReader } from '../otel/double-buffered-metric-reader.js';
import type { DoubleBufferedMetricReaderOptions } from '../otel/reader-options.js';
import type { MetricProducer } from '../producers/metric-producers.js';
import { plainResource } from '../producers/resource.js';
import { Environment } from '../register/environment.js';
import { findOtlpExporter } from '../register/exporter-packages.js';
import { findInstalled } from '../register/installed-package.js';
import { readResourceAttributesOf } from '../register/resource-attributes.js';
import { durationText } from './config/quantity-types.js';
import { GatedExporter, type PushExporter } from './gated-exporter.js';
import type { RunContext } from './run-context.js';
import type { WatchConfig } from './watch-config.js';
import type { WatchLog } from './watch-log.js';

const SERVICE_NAME = 'otel-argo-metrics';
/** Of the interval: a series that is new is sent as 0 once, and not twice. */
const ZERO_START = 1.25;
/** For the last export and its answer. The process may take 10 s to its end. */
const LAST_MILLIS = 5000;
/** For what was given up, to end. */
const END_MILLIS = 1000;

interface Exported {
  readonly store: DoubleBufferedMetricReaderOptions['store'];
  readonly metricProducers: MetricProducer[];
  readonly mayBeShown: (() => Promise<boolean>) | undefined;
}

export class OtlpExport {
  /** For the store. */
  readonly resource: ReturnType<typeof plainResource>;
  readonly #exporter: PushExporter;
  readonly #setting: NonNullable<WatchConfig['otlp']>;
  readonly #log: WatchLog;
  #reader: DoubleBufferedMetricReader | undefined;
  /** Closed behind the last export of who goes on later. */
  #gate: GatedExporter | undefined;
  #hasFailed = false;

  private constructor(
    exporter: PushExporter,
    setting: NonNullable<WatchConfig['otlp']>,
    { env }: Pick<RunContext, 'env'>,
    log: WatchLog,
  ) {
    this.#exporter = exporter;
    this.#setting = setting;
    this.#log = log;
    const environment = new Environment(env);
    this.resource = plainResource(readResourceAttributesOf(SERVICE_NAME, environment));
    for (const warning of environment.warnings) log.say('warning', warning);
  }

  /**
   * Undefined where it is not wanted.
   *
   * @throws Error when the exporter is not installed, or cannot be made (rejections)
   */
  static async make(
    { otlp }: Pick<WatchConfig, 'otlp'>,
    context: Pick<RunContext, 'env'>,
    log: WatchLog,
    find = findInstalled,
  ): Promise<OtlpExport | undefined> {
    if (otlp === undefined) return undefined;
    try {
      const exporter = (await makeInstalledExporter(findOtlpExporter(otlp.protocol, find))) as PushExporter;
      return new OtlpExport(exporter, otlp, context, log);
    } catch (cause) {
      throw new Error(`otlp.enabled, ${otlp.protocol}: ${messageOf(cause)}`, { cause });
    }
  }

  /** Once what was counted before is there again. */
  begin({ store, metricProducers, mayBeShown }: Exported): void {
    const { intervalMillis, protocol } = this.#setting;
    const onAnswer = (error: Error | undefined): void => this.#sayAnswer(error);
    const exporter = new GatedExporter(this.#exporter, { mayBeShown, onAnswer });
    if (mayBeShown !== undefined) this.#gate = exporter;
    this.#reader = new DoubleBufferedMetricReader({
      ...{ store, metricProducers, exporter },
      exportIntervalMillis: intervalMillis,
      zeroStartMillis: Math.ceil(intervalMillis * ZERO_START),
    });
    this.#log.say('info', `metrics are sent by OTLP, ${protocol}, each ${durationText(intervalMillis)}`);
  }

  /**
   * Sends once more, and waits 5 s at most. With a state, what is new is 0 in it still: who goes on shows it as 0 as well, and
   * a counter that was sent as it is would fall. Never rejects.
   */
  async shutdown(): Promise<void> {
    const reader = this.#reader;
    if (reader === undefined) return;
    if (this.#gate === undefined) return this.#tryLast(reader.shutdown({ timeoutMillis: LAST_MILLIS }));
    await this.#tryLast(reader.forceFlush({ timeoutMillis: LAST_MILLIS }));
    this.#gate.close();
    await this.#tryLast(reader.shutdown({ timeoutMillis: END_MILLIS }));
  }

  async #tryLast(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#log.sayOnce('warning', 'OTLP last', `OTLP: the last export: ${messageOf(error)}`);
    }
  }

  #sayAnswer(error: Error | undefined): void {
    if (error !== undefined)
      this.#log.sayOnce('warning', 'OTLP failed', `OTLP: an export failed: ${messageOf(error)}`);
    else if (this.#hasFailed) this.#log.sayOnce('info', 'OTLP arrives', 'OTLP: exports arrive again');
    this.#hasFailed = error !== undefined;
  }
}

/** One of several addresses that were tried has no text of its own. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return textOf(error);
  return [error.message, (error as NodeJS.ErrnoException).code, error.name].find(Boolean) ?? '';
}
