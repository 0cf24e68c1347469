// Step 4 of an emission: one metric, by the way of its kind.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import type { Emission } from './emission.js';
import { charge, EMISSION_COST, FAILURE_COST, NEW_TEXTS_COST, TEXT_COST } from './emission-cost.js';
import { failureIn } from './emission-failure.js';
import type { EmissionTarget } from './emission-target.js';
import { MetricTexts } from './metric-texts.js';
import { NumberWay } from './number-way.js';
import { RealtimeWay } from './realtime-way.js';

export class MetricEmitter {
  readonly isRealtime: boolean;
  readonly #metric: CompiledMetric;
  readonly #way: NumberWay | RealtimeWay;
  readonly #cost: number;

  constructor(metric: CompiledMetric, target: EmissionTarget) {
    const { value } = metric;
    const texts = new MetricTexts(metric);
    this.#metric = metric;
    this.isRealtime = value.kind === 'realtime';
    this.#cost = EMISSION_COST + texts.count * TEXT_COST + (this.isRealtime ? NEW_TEXTS_COST : 0);
    this.#way =
      value.kind === 'realtime'
        ? new RealtimeWay(metric, value, texts, target)
        : new NumberWay(metric, value, texts, target);
  }

  /** Why it is not recorded; `undefined` when all is well, which includes a `when` that is false. */
  emit(emission: Emission): Diagnostic | undefined {
    const { work } = emission;
    try {
      charge(this.#metric, work, this.#cost);
      this.#way.go(emission);
      return undefined;
    } catch (error) {
      const failure = failureIn(error);
      work.spendPlain(FAILURE_COST);
      return failure;
    }
  }
}
