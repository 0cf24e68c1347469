// One metric, emitted again and again: renders what varies, and goes the long way of emission.ts only with texts that it
// has not seen. `when`, names, labels and the series follow from those texts alone, so nothing is decided differently.
import { boundedDiagnostic } from '../diagnostic/bounded-text.js';
import type { CompiledMetric } from '../spec/compile.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { isCountable, prepareEmission, recordEmission, REPORTED } from './emission.js';
import type { EmissionCache, EmissionOutcome } from './emission-cache.js';
import type { EmissionOwner, EmissionTarget } from './emission-target.js';
import { parseGoFloat } from '../go/go-number.js';
import type { MetricScope } from '../variables/metric-scope.js';
import type { ObjectWork } from '../budget/object-work.js';
import { elapsedIn } from './realtime-series.js';
import type { Rendering, Template } from '../template/template.js';

/** Steps of what every emission does. */
const EMISSION_COST = 4;
const TEMPLATE_COST = 2;
/** Steps of an emission with texts that were not seen before. */
const LONG_WAY_COST = 40;
/** Steps of an emission that fails: what is wrong is put into words. */
const FAILURE_COST = 150;

export class MetricEmitter {
  readonly isRealtime: boolean;
  readonly #metric: CompiledMetric;
  readonly #target: EmissionTarget;
  readonly #cache: EmissionCache;
  /** Each template with tags once, the value's excepted. */
  readonly #varying: readonly Template[];
  readonly #cost: number;
  /** Of a value without tags. */
  readonly #constant: number | undefined;

  constructor(metric: CompiledMetric, target: EmissionTarget, cache: EmissionCache) {
    this.isRealtime = metric.value.kind === 'realtime';
    this.#metric = metric;
    this.#target = target;
    this.#cache = cache;
    this.#varying = varyingTemplates(metric);
    this.#cost = EMISSION_COST + this.#varying.length * TEMPLATE_COST;
    const { value } = metric;
    this.#constant =
      value.kind === 'realtime' || value.template.hasTags
        ? undefined
        : countableNumber(value.kind, value.template.source);
  }

  /** `undefined` when all is well, which includes a `when` that is false. */
  emit(
    scope: MetricScope,
    owner: EmissionOwner,
    work: ObjectWork,
    rendering: Rendering,
  ): Diagnostic | undefined {
    if (!work.spendPlain(this.#cost)) return this.#tooMany();
    // A realtime gauge is reported each time: what counts is also who reports it.
    if (this.isRealtime) return this.#report(scope, owner, work, rendering);
    const texts = this.#render(rendering);
    const known = texts && this.#cache.get(this, texts);
    if (known && this.#repeat(known, rendering)) return undefined;
    if (!work.spendPlain(LONG_WAY_COST)) return this.#tooMany();
    const emission = prepareEmission(this.#metric, scope, this.#target, owner, rendering);
    if ('error' in emission) {
      work.spendPlain(FAILURE_COST);
      return emission.error;
    }
    if (texts) this.#cache.set(this, texts, { series: emission.series });
    if (emission.series) recordEmission(this.#metric.value, emission.series, emission.number);
    return undefined;
  }

  /** One object has more nodes and metrics than can be emitted without holding up the thread. */
  #tooMany(): Diagnostic {
    const { metric, path } = this.#metric;
    const message = `metric '${metric}' is not recorded: too many emissions for one object`;
    return boundedDiagnostic({ code: 'LIMIT_EXCEEDED', severity: 'error', metric, path, message });
  }

  /** One whose `when` holds no more, or whose labels cannot be filled in any more, ends with what it is about. */
  #report(
    scope: MetricScope,
    owner: EmissionOwner,
    work: ObjectWork,
    rendering: Rendering,
  ): Diagnostic | undefined {
    if (!work.spendPlain(LONG_WAY_COST)) return this.#tooMany();
    const { value, path } = this.#metric;
    const emission = prepareEmission(this.#metric, scope, this.#target, owner, rendering);
    if (emission !== REPORTED && value.kind === 'realtime') {
      const end = elapsedIn(scope.realtime?.[value.variable])?.end;
      if (end !== undefined) this.#target.endRealtime({ ...owner, metric: path }, end);
    }
    if (!('error' in emission)) return undefined;
    work.spendPlain(FAILURE_COST);
    return emission.error;
  }

  /** False when the value cannot be taken; the long way says why. */
  #repeat({ series }: EmissionOutcome, rendering: Rendering): boolean {
    const { value } = this.#metric;
    if (value.kind === 'realtime') return false;
    // Argo fills in the value before it looks at `when`, so that an error of it shows even where nothing is recorded.
    if (!series && !this.#target.isExact) return true;
    let number = this.#constant;
    if (value.template.hasTags) {
      const rendered = rendering.render(value.template);
      if ('error' in rendered) return false;
      number = series && countableNumber(value.kind, rendered.value);
    }
    if (!series) return true;
    if (number === undefined) return false;
    recordEmission(value, series, number);
    return true;
  }

  #render(rendering: Rendering): string[] | undefined {
    const texts: string[] = [];
    for (const template of this.#varying) {
      const rendered = rendering.render(template);
      if ('error' in rendered) return undefined;
      texts.push(rendered.value);
    }
    return texts;
  }
}

function varyingTemplates({ name, help, when, labels }: CompiledMetric): Template[] {
  const templates = [name, help, when, ...labels.flatMap(({ key, value }) => [key, value])];
  const bySource = new Map(
    templates.filter(({ hasTags }) => hasTags).map(template => [template.source, template]),
  );
  return [...bySource.values()];
}

function countableNumber(kind: CompiledMetric['value']['kind'], text: string): number | undefined {
  const parsed = parseGoFloat(text);
  return 'value' in parsed && isCountable(kind, parsed.value) ? parsed.value : undefined;
}
