// Stands before an exporter: what is collected goes to it only when the disk has it, as a scrape is answered only then.
import { asError } from '../guard/thrown.js';
import type { DoubleBufferedMetricReaderOptions } from '../otel/reader-options.js';

/** OpenTelemetry's, as a reader takes it. */
export type PushExporter = NonNullable<DoubleBufferedMetricReaderOptions['exporter']>;

type Metrics = Parameters<PushExporter['export']>[0];
type Answer = Parameters<Parameters<PushExporter['export']>[1]>[0];

/** `ExportResultCode.FAILED` of the SDK's core. */
const FAILED = 1;

export interface ExporterGate {
  /** Undefined: everything may be. */
  readonly mayBeShown: (() => Promise<boolean>) | undefined;
  /** Told what the exporter answered; undefined: it arrived. Of what did not get as far nothing is told. */
  readonly onAnswer: (error: Error | undefined) => void;
}

export class GatedExporter implements PushExporter {
  readonly selectAggregation?: NonNullable<PushExporter['selectAggregation']>;
  readonly selectAggregationTemporality?: NonNullable<PushExporter['selectAggregationTemporality']>;
  readonly #exporter: PushExporter;
  readonly #gate: ExporterGate;
  #exports = 0;
  #isClosed = false;

  constructor(exporter: PushExporter, gate: ExporterGate) {
    this.#exporter = exporter;
    this.#gate = gate;
    if (exporter.selectAggregationTemporality !== undefined)
      this.selectAggregationTemporality = exporter.selectAggregationTemporality.bind(exporter);
    if (exporter.selectAggregation !== undefined)
      this.selectAggregation = exporter.selectAggregation.bind(exporter);
  }

  export(metrics: Metrics, answered: (answer: Answer) => void): void {
    void this.#export(metrics)
      .catch((reason: unknown) => failure(asError(reason, 'EXPORT_FAILED', 'the state')))
      .then(answered);
  }

  /** Hands over nothing any more. */
  close(): void {
    this.#isClosed = true;
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush();
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  async #export(metrics: Metrics): Promise<Answer> {
    const mine = ++this.#exports;
    const { mayBeShown, onAnswer } = this.#gate;
    if ((await mayBeShown?.()) === false) return failure(new Error('the disk does not have it yet'));
    if (this.#isClosed) return failure(new Error('it has ended'));
    // While the disk let it wait, the reader gave it up and began anew: no older total must arrive behind a newer one.
    if (mine !== this.#exports) return failure(new Error('the disk had it too late'));
    const answer = await this.#ask(metrics);
    onAnswer(answer.code === FAILED ? asError(answer.error, 'EXPORT_FAILED', 'the exporter') : undefined);
    return answer;
  }

  #ask(metrics: Metrics): Promise<Answer> {
    return new Promise<Answer>(resolve => this.#exporter.export(metrics, resolve)).catch((reason: unknown) =>
      failure(asError(reason, 'EXPORT_FAILED', 'the exporter')),
    );
  }
}

function failure(error: Error): Answer {
  return { code: FAILED, error };
}
