// Step 8 of an emission: its value, read as a number that its kind of metric can take.
import { failAt } from './emission-failure.js';
import { parseGoFloat } from '../go/number/go-number.js';
import type { GoFloat } from '../go/number/go-number.js';
import { render } from './metric-texts.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import { constructFailure } from '../spec/compile-value.js';
import type { CompiledNumber } from '../spec/compile-value.js';
import type { Rendering } from '../template/template.js';

export class MetricNumber {
  readonly #metric: CompiledMetric;
  readonly #value: CompiledNumber;
  /** Of a value without tags. */
  readonly #constant: GoFloat | undefined;

  constructor(metric: CompiledMetric, value: CompiledNumber) {
    this.#metric = metric;
    this.#value = value;
    this.#constant = value.template.hasTags ? undefined : parseGoFloat(value.template.source);
  }

  /** Fails where a tag cannot be filled in. Whether what comes of it is a number says {@link check}. */
  read(rendering: Rendering): GoFloat {
    const { template, path } = this.#value;
    return this.#constant ?? parseGoFloat(render(this.#metric, template, path, rendering));
  }

  /**
   * Fails for what is no number, and for one that cannot be counted.
   * @param isExact counters go down, as in Argo
   */
  check(read: GoFloat, name: string, isExact: boolean): number {
    const { kind, path } = this.#value;
    if ('error' in read)
      return failAt(this.#metric, path, 'VALUE_INVALID', constructFailure(name, read.error));
    const { value } = read;
    if (isCountable(kind, value) || (isExact && kind !== 'histogram')) return value;
    if (kind === 'histogram') {
      const message = `histogram '${name}' cannot count NaN`;
      return failAt(this.#metric, path, 'HISTOGRAM_VALUE_INVALID', message);
    }
    const message = `counter '${name}' cannot be increased by ${value}`;
    return failAt(this.#metric, path, 'COUNTER_VALUE_INVALID', message);
  }
}

/** True for numbers that a metric of this kind can count. */
function isCountable(kind: CompiledNumber['kind'], number: number): boolean {
  if (kind === 'counter') return number >= 0 && number < Infinity;
  return kind !== 'histogram' || !Number.isNaN(number);
}
