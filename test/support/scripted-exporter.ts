import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

export type Done = Parameters<PushMetricExporter['export']>[1];

/** An exporter whose answers the test decides. Keeps what it was given. */
export class ScriptedExporter implements PushMetricExporter {
  readonly exported: ResourceMetrics[] = [];
  flushes = 0;
  shutdowns = 0;
  readonly #answer: (attempt: number, done: Done) => void;
  readonly #temporality: AggregationTemporality;

  constructor(
    answer: (attempt: number, done: Done) => void = (_attempt, done) => done({ code: 0 }),
    temporality = AggregationTemporality.DELTA,
  ) {
    this.#answer = answer;
    this.#temporality = temporality;
  }

  export(metrics: ResourceMetrics, done: Done): void {
    this.exported.push(metrics);
    this.#answer(this.exported.length, done);
  }

  selectAggregationTemporality(): AggregationTemporality {
    return this.#temporality;
  }

  async forceFlush(): Promise<void> {
    this.flushes++;
  }

  async shutdown(): Promise<void> {
    this.shutdowns++;
  }

  /** The sum over all points of each metric, export by export. */
  sums(): Record<string, number>[] {
    return this.exported.map(({ scopeMetrics }) =>
      Object.fromEntries(
        scopeMetrics
          .flatMap(({ metrics }) => metrics)
          .map(({ descriptor, dataPoints }) => [
            descriptor.name,
            dataPoints.reduce((sum, { value }) => sum + Number(value), 0),
          ]),
      ),
    );
  }
}
