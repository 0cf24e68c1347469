// One metric, one emission: fill in the tags, decide `when`, read the value, and only then touch a series.
import { boundedDiagnostic } from '../diagnostic/bounded-text.js';
import type {
  CustomInstrument,
  CustomInstrumentDefinition,
  CustomSeries,
} from '../../instruments/custom-instrument.js';
import type { CompiledMetric } from '../spec/compile.js';
import { invalidLabelMessage, isMetricName } from '../spec/compile-labels.js';
import { constructFailure } from '../spec/compile-value.js';
import type { CompiledValue } from '../spec/compile-value.js';
import { Budget } from '../budget/budget.js';
import type { Diagnostic, DiagnosticCode, TextDiagnostic } from '../diagnostic/diagnostic.js';
import type { EmissionModifier, EmissionOwner, EmissionTarget } from './emission-target.js';
import { parseGoFloat } from '../go/go-number.js';
import { isRecord } from '../../guard/json-value.js';
import type { MetricScope } from '../variables/metric-scope.js';
import { elapsedIn } from './realtime-series.js';
import { Rendering } from '../template/template.js';
import type { Template } from '../template/template.js';
import { decideWhen } from '../when/when.js';

/**
 * What an emission comes to: a series and the number for it. No series: there is nothing to record, because `when` is
 * false, the metric is disabled, or it is a realtime gauge, which has been reported.
 */
export type Emission =
  { readonly error: Diagnostic } | { readonly series: CustomSeries | undefined; readonly number: number };

const LIMIT_HINT =
  'The metric is not emitted again for this object. Simpler expressions or shorter texts cost less.';

const NOTHING: Emission = { series: undefined, number: 0 };
/** A realtime gauge that was reported. */
export const REPORTED: Emission = { series: undefined, number: 0 };

type Labels = Readonly<Record<string, string>>;

/** Internal way out of an emission; never leaves {@link prepareEmission}. One for all: a stack costs more than the rest. */
const FAILED = new Error('the emission failed');

/** Everything but the record itself. */
export function prepareEmission(
  metric: CompiledMetric,
  scope: MetricScope,
  target: EmissionTarget,
  owner: EmissionOwner,
  rendering: Rendering = new Rendering(scope.variables, new Budget()),
): Emission {
  const emission = new MetricEmission(metric, scope, target, owner, rendering);
  try {
    return emission.prepare();
  } catch (error) {
    if (error === FAILED && emission.failure) return { error: emission.failure };
    throw error;
  }
}

/** The record itself. */
export function recordEmission(value: CompiledValue, series: CustomSeries, number: number): void {
  switch (value.kind) {
    case 'counter':
      series.add(number);
      break;
    case 'histogram':
      series.record(number);
      break;
    case 'gauge':
      if (value.operation === 'Set') series.set(number);
      else series.add(value.operation === 'Add' ? number : -number);
      break;
    case 'realtime':
      break;
  }
}

/** True for numbers that a metric of this kind can count. */
export function isCountable(kind: CompiledValue['kind'], number: number): boolean {
  if (kind === 'counter') return number >= 0 && number < Infinity;
  return kind !== 'histogram' || !Number.isNaN(number);
}

class MetricEmission {
  /** Why it failed. */
  failure: Diagnostic | undefined;
  readonly #metric: CompiledMetric;
  readonly #scope: MetricScope;
  readonly #target: EmissionTarget;
  readonly #owner: EmissionOwner;
  readonly #rendering: Rendering;

  constructor(
    metric: CompiledMetric,
    scope: MetricScope,
    target: EmissionTarget,
    owner: EmissionOwner,
    rendering: Rendering,
  ) {
    this.#rendering = rendering;
    this.#metric = metric;
    this.#scope = scope;
    this.#target = target;
    this.#owner = owner;
  }

  prepare(): Emission {
    const { path, value } = this.#metric;
    const name = this.#render(this.#metric.name, `${path}.name`);
    const labels = this.#labels();
    const help = this.#render(this.#metric.help, `${path}.help`);
    const when = this.#render(this.#metric.when, `${path}.when`);
    // Argo fills in the value before it looks at `when`, so a value that cannot be resolved is an error either way there.
    const isExact = this.#target.isExact === true;
    if (!isExact && !this.#isWanted(when)) return NOTHING;
    const text = value.kind === 'realtime' ? '' : this.#render(value.template, value.path);
    if (isExact && !this.#isWanted(when)) return NOTHING;
    if (!isMetricName(name)) {
      const reason = "metric name is invalid: names may only contain alphanumeric characters or '_'";
      this.#fail('NAME_INVALID', `${path}.name`, constructFailure(name, reason));
    }
    const modifier = this.#target.modifierOf(name);
    if (modifier?.disabled) return NOTHING;
    const { prefix, isDropped } = this.#target;
    if (isDropped?.(`${prefix}${name}`, value.kind === 'realtime' ? 'gauge' : value.kind) === true)
      return NOTHING;
    const kept = modifier ? without(labels, modifier.disabledLabels) : labels;
    if (value.kind === 'realtime') return this.#reportRealtime(name, help, kept, modifier);
    const ttl = ttlOf(modifier);
    const number = this.#number({ name, help, ...ttl }, kept, text);
    const definition =
      value.kind === 'histogram'
        ? ({
            name,
            help,
            type: 'histogram',
            boundaries: modifier?.boundaries ?? value.boundaries,
            ...ttl,
          } as const)
        : { name, help, type: value.kind, ...ttl };
    return { series: this.#instrument(definition).series(kept), number };
  }

  #labels(): Labels {
    const labels: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const { key, value, path } of this.#metric.labels) {
      const name = this.#render(key, `${path}.key`);
      if (!isMetricName(name)) this.#fail('LABEL_INVALID', `${path}.key`, invalidLabelMessage(name));
      labels[name] = this.#render(value, `${path}.value`);
    }
    return labels;
  }

  #isWanted(when: string): boolean {
    const decision = decideWhen(when, this.#rendering.budget);
    if ('value' in decision) return decision.value;
    const reason = decision.error.message;
    const message = `unable to compute 'when' clause for metric '${this.#metric.metric}': ${reason}`;
    return this.#failWith({ ...decision.error, message }, `${this.#metric.path}.when`);
  }

  #number(definition: Omit<CustomInstrumentDefinition, 'type'>, labels: Labels, text: string): number {
    const { path, value } = this.#metric;
    const { name } = definition;
    const parsed = parseGoFloat(text);
    if ('error' in parsed) {
      // There the series is made before the value is read. A histogram shows only what was recorded.
      if (this.#target.isExact && (value.kind === 'counter' || value.kind === 'gauge'))
        this.#instrument({ ...definition, type: value.kind })
          .series(labels)
          .add(0);
      return this.#fail('VALUE_INVALID', value.path, constructFailure(name, parsed.error));
    }
    const number = parsed.value;
    if (this.#target.isExact && value.kind !== 'histogram') return number;
    if (isCountable(value.kind, number)) return number;
    if (value.kind === 'histogram')
      return this.#fail('HISTOGRAM_VALUE_INVALID', value.path, `histogram '${name}' cannot count NaN`);
    const message = `counter '${name}' cannot be increased by ${number}`;
    return this.#fail('COUNTER_VALUE_INVALID', `${path}.counter.value`, message);
  }

  #reportRealtime(
    name: string,
    help: string,
    labels: Labels,
    modifier: EmissionModifier | undefined,
  ): Emission {
    const { value, path } = this.#metric;
    if (value.kind !== 'realtime') return NOTHING;
    const { realtime = {} } = this.#scope;
    const found = Object.hasOwn(realtime, value.variable) ? realtime[value.variable] : undefined;
    if (found === undefined) {
      const message = `'${value.variable}' is not available as a real time metric`;
      this.#fail('REALTIME_VARIABLE_UNKNOWN', value.path, message);
    }
    const elapsed = elapsedIn(found);
    if (elapsed === undefined) {
      const bound = 'a time in Unix milliseconds, or a start and an end';
      const message = `scope.realtime['${value.variable}'] must be ${bound}, got ${shown(found)}`;
      return this.#fail('EMISSION_INVALID', value.path, message);
    }
    const instrument = this.#instrument({ name, help, type: 'gauge', ...ttlOf(modifier) });
    const key = JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const reporter = { ...this.#owner, metric: path };
    const series = instrument.series(labels, this.#target.holder);
    this.#target.reportRealtime(reporter, key, series, elapsed);
    return REPORTED;
  }

  #instrument(definition: CustomInstrumentDefinition): CustomInstrument {
    const { prefix } = this.#target;
    const { name, help, type } = definition;
    const defined = this.#target.define({ ...definition, name: `${prefix}${name}` });
    if ('instrument' in defined) return defined.instrument;
    const { path } = this.#metric;
    if ('full' in defined) {
      const message = constructFailure(name, 'the store has no room for another metric');
      return this.#fail('DEFINITIONS_FULL', `${path}.name`, message, 'Raise maxStreams of the store.');
    }
    if ('boundariesMax' in defined) {
      const message = constructFailure(name, `there may be ${defined.boundariesMax} buckets (maxBoundaries)`);
      return this.#fail(
        'BUCKETS_INVALID',
        `${path}.histogram.buckets`,
        message,
        'Raise maxBoundaries of the store.',
      );
    }
    const { conflict } = defined;
    if (conflict.type === type) {
      const reason = `help for metric ${name} is already set to ${conflict.help}, it cannot be changed`;
      const hint = `Give all metrics of this name the same help: ${JSON.stringify(help)} differs.`;
      return this.#fail('HELP_CONFLICT', `${path}.help`, constructFailure(name, reason), hint);
    }
    const reason = `found existing ${conflict.type} for custom metric ${name} of type ${type}`;
    return this.#fail('TYPE_CONFLICT', `${path}.${type}`, constructFailure(name, reason));
  }

  #render(template: Template, path: string): string {
    const rendered = this.#rendering.render(template);
    if ('value' in rendered) return rendered.value;
    const message = `unable to substitute parameters for metric '${this.#metric.metric}': ${rendered.error.message}`;
    return this.#failWith({ ...rendered.error, message }, path);
  }

  #fail(code: DiagnosticCode, path: string, message: string, hint?: string): never {
    return this.#failWith(
      { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) },
      path,
    );
  }

  #failWith(diagnostic: TextDiagnostic, path: string): never {
    const hint = diagnostic.code === 'LIMIT_EXCEEDED' ? { hint: LIMIT_HINT } : {};
    const { metric } = this.#metric;
    this.failure = boundedDiagnostic({ ...diagnostic, ...hint, metric, path });
    throw FAILED;
  }
}

function shown(given: unknown): string {
  if (typeof given === 'number') return String(given);
  if (!isRecord(given))
    return given === null ? 'null' : Array.isArray(given) ? 'a list' : `a ${typeof given}`;
  const { start, end } = given;
  return `start ${shownNumber(start)} and end ${shownNumber(end)}`;
}

function shownNumber(given: unknown): string {
  return typeof given === 'number' || given === undefined ? String(given) : typeof given;
}

function ttlOf(modifier: EmissionModifier | undefined): { readonly ttlMillis?: number } {
  return modifier?.ttlMillis === undefined ? {} : { ttlMillis: modifier.ttlMillis };
}

function without(labels: Labels, keys: ReadonlySet<string>): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.has(key)));
}
