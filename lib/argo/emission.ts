// One metric, one emission: fill in the tags, decide `when`, read the value, and only then touch a series.
import type {
  CustomInstrument,
  CustomInstrumentDefinition,
  CustomSeries,
} from '../instruments/custom-instrument.js';
import type { CompiledMetric } from './compile.js';
import { invalidLabelMessage, isMetricName } from './compile-labels.js';
import { constructFailure } from './compile-value.js';
import type { Diagnostic, DiagnosticCode, TextDiagnostic } from './diagnostic.js';
import { parseGoFloat } from './go-number.js';
import type { MetricScope } from './metric-scope.js';
import { render } from './template.js';
import type { Template } from './template.js';
import type { Elapsed } from './realtime-series.js';
import { decideWhen } from './when.js';

/** Where emissions go: the store, or anything that behaves like it. */
export interface EmissionTarget {
  readonly prefix: string;
  /** Keeps what Argo does wrong here: zero-valued series of values that cannot be read, counters that go down. */
  readonly isExact?: boolean;
  define(definition: CustomInstrumentDefinition): DefinitionResult;
  /** `undefined`: as declared. */
  modifierOf(name: string): EmissionModifier | undefined;
  reportRealtime(metricPath: string, seriesKey: string, series: CustomSeries, elapsed: Elapsed): void;
}

export type DefinitionResult =
  | { readonly instrument: CustomInstrument }
  | { readonly conflict: { readonly help: string; readonly type: string } }
  | { readonly full: true };

/** What the configuration changes about one metric. */
export interface EmissionModifier {
  readonly disabled: boolean;
  readonly disabledLabels: ReadonlySet<string>;
  readonly boundaries?: readonly number[];
}

type Labels = Readonly<Record<string, string>>;

/** Internal way out of an emission; never leaves {@link emitMetric}. */
class EmissionFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** `undefined` when all is well, which includes a `when` that is false. */
export function emitMetric(
  metric: CompiledMetric,
  scope: MetricScope,
  target: EmissionTarget,
): Diagnostic | undefined {
  try {
    new MetricEmission(metric, scope, target).run();
    return undefined;
  } catch (error) {
    if (error instanceof EmissionFailure) return error.diagnostic;
    throw error;
  }
}

class MetricEmission {
  readonly #metric: CompiledMetric;
  readonly #scope: MetricScope;
  readonly #target: EmissionTarget;

  constructor(metric: CompiledMetric, scope: MetricScope, target: EmissionTarget) {
    this.#metric = metric;
    this.#scope = scope;
    this.#target = target;
  }

  run(): void {
    const { path, value } = this.#metric;
    const name = this.#render(this.#metric.name, `${path}.name`);
    const labels = this.#labels();
    const help = this.#render(this.#metric.help, `${path}.help`);
    const when = this.#render(this.#metric.when, `${path}.when`);
    // Argo fills in the value before it looks at `when`, so a value that cannot be resolved is an error either way there.
    const isExact = this.#target.isExact === true;
    if (!isExact && !this.#isWanted(when)) return;
    const text = value.kind === 'realtime' ? '' : this.#render(value.template, value.path);
    if (isExact && !this.#isWanted(when)) return;
    if (!isMetricName(name)) {
      const reason = "metric name is invalid: names may only contain alphanumeric characters or '_'";
      this.#fail('NAME_INVALID', `${path}.name`, constructFailure(name, reason));
    }
    const modifier = this.#target.modifierOf(name);
    if (modifier?.disabled) return;
    const kept = modifier ? without(labels, modifier.disabledLabels) : labels;
    if (value.kind === 'realtime') this.#recordRealtime(name, help, kept);
    else this.#record(name, help, kept, this.#number(name, help, kept, text), modifier?.boundaries);
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
    const decision = decideWhen(when);
    if ('value' in decision) return decision.value;
    const reason = decision.error.message;
    const message = `unable to compute 'when' clause for metric '${this.#metric.metric}': ${reason}`;
    return this.#failWith({ ...decision.error, message }, `${this.#metric.path}.when`);
  }

  #number(name: string, help: string, labels: Labels, text: string): number {
    const { path, value } = this.#metric;
    const parsed = parseGoFloat(text);
    if ('error' in parsed) {
      // There the series is made before the value is read. A histogram shows only what was recorded.
      if (this.#target.isExact && (value.kind === 'counter' || value.kind === 'gauge')) {
        this.#instrument({ name, help, type: value.kind }).series(labels).add(0);
      }
      return this.#fail('VALUE_INVALID', value.path, constructFailure(name, parsed.error));
    }
    const number = parsed.value;
    if (this.#target.isExact && value.kind !== 'histogram') return number;
    if (value.kind === 'counter' && !(number >= 0 && Number.isFinite(number))) {
      const message = `counter '${name}' cannot be increased by ${number}`;
      this.#fail('COUNTER_VALUE_INVALID', `${path}.counter.value`, message);
    }
    if (value.kind === 'histogram' && Number.isNaN(number)) {
      this.#fail('HISTOGRAM_VALUE_INVALID', value.path, `histogram '${name}' cannot count NaN`);
    }
    return number;
  }

  #record(
    name: string,
    help: string,
    labels: Labels,
    number: number,
    boundaries: readonly number[] | undefined,
  ): void {
    const { value } = this.#metric;
    switch (value.kind) {
      case 'counter':
        this.#instrument({ name, help, type: 'counter' }).series(labels).add(number);
        break;
      case 'histogram':
        this.#instrument({ name, help, type: 'histogram', boundaries: boundaries ?? value.boundaries })
          .series(labels)
          .record(number);
        break;
      case 'gauge': {
        const series = this.#instrument({ name, help, type: 'gauge' }).series(labels);
        if (value.operation === 'Set') series.set(number);
        else series.add(value.operation === 'Add' ? number : -number);
        break;
      }
      case 'realtime':
        break;
    }
  }

  #recordRealtime(name: string, help: string, labels: Labels): void {
    const { value, path } = this.#metric;
    if (value.kind !== 'realtime') return;
    const { realtime = {} } = this.#scope;
    const found = Object.hasOwn(realtime, value.variable) ? realtime[value.variable] : undefined;
    if (found === undefined) {
      const message = `'${value.variable}' is not available as a real time metric`;
      this.#fail('REALTIME_VARIABLE_UNKNOWN', value.path, message);
    }
    const elapsed = typeof found === 'number' ? { start: found } : found;
    const instrument = this.#instrument({ name, help, type: 'gauge' });
    const key = JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    this.#target.reportRealtime(path, key, instrument.series(labels), elapsed);
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
    const rendered = render(template, this.#scope.variables);
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
    throw new EmissionFailure({ ...diagnostic, metric: this.#metric.metric, path });
  }
}

function without(labels: Labels, keys: ReadonlySet<string>): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.has(key)));
}
