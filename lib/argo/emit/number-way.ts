// Step 4 of an emission, for a counter, a histogram and a gauge: through steps 5 to 10.
import type { CustomSeries } from '../../instruments/custom-instrument.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { CompiledNumber } from '../spec/compile-value.js';
import type { Rendering } from '../template/template.js';
import type { Emission } from './emission.js';
import { charge, NEW_TEXTS_COST } from './emission-cost.js';
import type { EmissionTarget } from './emission-target.js';
import { MetricNumber } from './metric-number.js';
import type { MetricTexts } from './metric-texts.js';
import { isWanted } from './metric-when.js';
import { applyNumber, recordNumber } from './record.js';

/** `when`, name, labels and the series follow from the texts alone: with texts that were seen before, only steps 5, 8 and 10. */
export class NumberWay {
  readonly #metric: CompiledMetric;
  readonly #value: CompiledNumber;
  readonly #texts: MetricTexts;
  readonly #number: MetricNumber;
  readonly #target: EmissionTarget;

  constructor(metric: CompiledMetric, value: CompiledNumber, texts: MetricTexts, target: EmissionTarget) {
    this.#metric = metric;
    this.#value = value;
    this.#texts = texts;
    this.#number = new MetricNumber(metric, value);
    this.#target = target;
  }

  /** Fails where a step does. */
  go(emission: Emission): void {
    const { rendering, work } = emission;
    const { cache } = this.#target;
    const texts = this.#texts.fill(rendering);
    const known = cache.get(this, texts);
    if (known) return this.#goAgain(known.series, texts, rendering);
    charge(this.#metric, work, NEW_TEXTS_COST);
    cache.set(this, texts, { series: this.#goFirst(texts, emission) });
  }

  #goAgain(series: CustomSeries | undefined, texts: readonly string[], rendering: Rendering): void {
    const { isExact } = this.#target;
    if (!series && !isExact) return;
    const read = this.#number.read(rendering);
    if (!series) return;
    const { log } = this.#target.logged;
    if ('error' in read && this.#isMadeFirst()) applyNumber('add', series, 0, log);
    recordNumber(this.#value, series, this.#number.check(read, this.#texts.nameIn(texts), isExact), log);
    this.#target.counts.emissions++;
  }

  /** The series that they come to; `undefined` where nothing is recorded. */
  #goFirst(texts: readonly string[], { rendering, work }: Emission): CustomSeries | undefined {
    const { isExact, places, instruments } = this.#target;
    const filled = this.#texts.read(texts);
    // Argo fills in the value before it looks at `when`, so a value that cannot be filled in is an error either way there.
    if (!isExact && !isWanted(this.#metric, filled.when, rendering.budget)) return undefined;
    const read = this.#number.read(rendering);
    if (isExact && !isWanted(this.#metric, filled.when, rendering.budget)) return undefined;
    const place = places.find(this.#metric, filled);
    if (!place) return undefined;
    const { log } = this.#target.logged;
    if ('error' in read && this.#isMadeFirst())
      applyNumber('add', instruments.series(this.#metric, place, work), 0, log);
    const number = this.#number.check(read, place.name, isExact);
    const series = instruments.series(this.#metric, place, work);
    recordNumber(this.#value, series, number, log);
    this.#target.counts.emissions++;
    return series;
  }

  /** There the series is made before the value is read. A histogram shows only what was recorded. */
  #isMadeFirst(): boolean {
    return this.#target.isExact && this.#value.kind !== 'histogram';
  }
}
