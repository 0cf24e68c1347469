// Step 4 of an emission, for a realtime gauge: through steps 5 to 10. It goes all the way each time, because what counts is
// also who reports.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { CompiledRealtime } from '../spec/compile-value.js';
import { elapsedIn, elapsedOf } from './elapsed.js';
import type { Emission } from './emission.js';
import { hasFailed } from './emission-failure.js';
import type { EmissionTarget } from './emission-target.js';
import type { MetricTexts } from './metric-texts.js';
import { isWanted } from './metric-when.js';

export class RealtimeWay {
  readonly #metric: CompiledMetric;
  readonly #value: CompiledRealtime;
  readonly #texts: MetricTexts;
  readonly #target: EmissionTarget;

  constructor(metric: CompiledMetric, value: CompiledRealtime, texts: MetricTexts, target: EmissionTarget) {
    this.#metric = metric;
    this.#value = value;
    this.#texts = texts;
    this.#target = target;
  }

  /** Fails where a step does. One whose `when` holds no more, or that fails, ends with what it is about. */
  go(emission: Emission): void {
    try {
      if (!this.#report(emission)) this.#end(emission);
    } catch (error) {
      if (hasFailed(error)) this.#end(emission);
      throw error;
    }
  }

  /** False where nothing is recorded. */
  #report({ owner, subject, realtime: durations, rendering, work }: Emission): boolean {
    const { places, instruments, realtime, holder } = this.#target;
    const filled = this.#texts.read(this.#texts.fill(rendering));
    if (!isWanted(this.#metric, filled.when, rendering.budget)) return false;
    const place = places.find(this.#metric, filled);
    if (!place) return false;
    const elapsed = elapsedOf(this.#metric, this.#value, durations);
    const series = instruments.series(this.#metric, place, work, holder);
    realtime.report({ owner, subject, metric: this.#metric.path }, series, elapsed);
    this.#target.counts.emissions++;
    return true;
  }

  #end({ owner, subject, realtime: durations }: Emission): void {
    const end = elapsedIn(durations?.[this.#value.variable])?.end;
    if (end !== undefined) this.#target.realtime.end({ owner, subject, metric: this.#metric.path }, end);
  }
}
