// An export loop over collections that a test makes up, and an exporter whose answers it decides.
import type { PushMetricExporter, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { ExportLoop, type ExportLoopOptions } from '../../lib/otel/export-loop.js';
import { hrTime } from '../../lib/otel/metric-data.js';
import { emptyResource } from '../../lib/producers/resource.js';

export type Done = Parameters<PushMetricExporter['export']>[1];

/** One delta of a counter with that value. */
export function scopes(name: string, value: number): ScopeMetrics[] {
  const descriptor = { name, description: '', unit: '', valueType: 1, type: 'COUNTER' };
  const point = { startTime: hrTime(0), endTime: hrTime(1), attributes: {}, value };
  const metric = { descriptor, aggregationTemporality: 0, dataPointType: 3, isMonotonic: true };
  return [{ scope: { name }, metrics: [{ ...metric, dataPoints: [point] }] }];
}

/** A loop over collections that are numbered: each has one point of the store, `own`, and one `foreign` point. */
export class Rig {
  /** By export: which metrics, with their values. */
  readonly sent: string[] = [];
  readonly acknowledged: number[] = [];
  failures = 0;
  doubtsGivenUp = 0;
  waits = 0;
  pending = false;
  isStale = false;
  readonly loop: ExportLoop;
  #collections = 0;

  constructor(answer: (attempt: number, done: Done) => unknown, options: Partial<ExportLoopOptions> = {}) {
    const exporter = {
      export: (metrics: ResourceMetrics, done: Done) => {
        this.sent.push(
          metrics.scopeMetrics
            .flatMap(scope => scope.metrics)
            .map(({ descriptor, dataPoints: [point] }) => `${descriptor.name} ${Number(point?.value)}`)
            .join(', '),
        );
        return answer(this.sent.length, done);
      },
    } as unknown as PushMetricExporter;
    this.loop = new ExportLoop({
      exporter,
      intervalMillis: 60_000,
      timeoutMillis: 20,
      delivery: 'at-least-once',
      maxExportBatchSize: undefined,
      collect: async () => this.#collect(),
      onFailure: () => void this.failures++,
      onDoubtGivenUp: () => void this.doubtsGivenUp++,
      ...options,
    });
    this.loop.stop();
  }

  async flush(times = 1): Promise<void> {
    for (let done = 0; done < times; done++) await this.loop.flush();
  }

  readonly #resource = Object.assign(emptyResource(), {
    waitForAsyncAttributes: () => {
      this.waits++;
      return new Promise<void>(() => undefined);
    },
  });

  #collect(): Awaited<ReturnType<ExportLoopOptions['collect']>> {
    const number = ++this.#collections;
    Object.assign(this.#resource, { asyncAttributesPending: this.pending });
    return {
      resource: this.#resource,
      foreign: scopes('foreign', number),
      own: this.isStale ? [] : scopes('own', 10 * number),
      errors: [],
      interval: this.isStale ? undefined : { startTime: hrTime(number - 1), endTime: hrTime(number) },
      handOver: () => undefined,
      takeBack: () => undefined,
      acknowledge: () => {
        if (this.acknowledged.at(-1) !== number) this.acknowledged.push(number);
      },
    };
  }
}

export const fail = (done: Done): void => done({ code: 1 });
export const succeed = (done: Done): void => done({ code: 0 });
