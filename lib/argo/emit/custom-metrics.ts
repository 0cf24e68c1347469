import { randomUUID } from 'node:crypto';
import { defineCustomInstrument, isDropped } from '../../instruments/custom-instrument.js';
import type { CustomInstrument, CustomInstrumentDefinition } from '../../instruments/custom-instrument.js';
import { diag } from '../../guard/guarded-diag.js';
import type { StoreReference } from '../../store/store-handle.js';
import { coreOf } from '../../store/store-core.js';
import {
  checkObject,
  checkOption,
  readOptions,
  refuseOption,
  type KeysOf,
} from '../../guard/option-checks.js';
import { textOf } from '../../guard/thrown.js';
import { boundedDiagnostic } from '../diagnostic/bounded-text.js';
import { compileMetrics } from '../spec/compile.js';
import { DeclaredMetrics } from '../spec/declared-metrics.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { brokenEmission, checkEmission, type EmitOptions } from './emission-request.js';
import { EmissionCache } from './emission-cache.js';
import type { DefinitionResult, EmissionTarget } from './emission-target.js';
import { EmissionTokens } from './emission-tokens.js';
import { MetricEmitter } from './metric-emitter.js';
import type { MetricScope, ObjectScope } from '../variables/metric-scope.js';
import type { MetricsConfig } from '../spec/metrics-spec.js';
import { resolveMetricsConfig } from './metrics-config.js';
import type { ResolvedMetricsConfig } from './metrics-config.js';
import { DIAGNOSTICS_MAX, ObjectWork } from '../budget/object-work.js';
import { RealtimeSeries } from './realtime-series.js';
import { Rendering } from '../template/template.js';

export interface CustomMetricsOptions {
  /** A store of `createStore` or `attachStore`. */
  readonly store: StoreReference;
  /**
   * Put before every name; `''` for OpenTelemetry style names.
   * @defaultValue `'argo_workflows_'`
   */
  readonly prefix?: string;
  /** Argo's `metricsConfig`. What of it has no effect here is reported through `onDiagnostic`. */
  readonly metricsConfig?: MetricsConfig;
  /**
   * `corrected` does the right thing where Argo itself has a known defect; `exact` copies the defects that somebody may
   * depend on. docs/deviations.md lists both.
   * @defaultValue `'corrected'`
   */
  readonly argoCompatibility?: 'corrected' | 'exact';
  /** Gets every diagnostic, also those that a call returns. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
}

const CUSTOM_METRICS_KEYS: KeysOf<CustomMetricsOptions> = {
  store: true,
  prefix: true,
  metricsConfig: true,
  argoCompatibility: true,
  onDiagnostic: true,
};
const COMPILE_KEYS: KeysOf<{ path?: string }> = { path: true };
const COMPLETE_KEYS: KeysOf<{ at?: number }> = { at: true };

/** Metrics of one manifest, ready to be emitted. Belongs to the thread of its {@link CustomMetrics}. */
export interface CompiledMetrics {
  readonly diagnostics: readonly Diagnostic[];
  /** Records every metric whose `when` holds. Never throws on user data; what could not be recorded is returned. */
  emit(scope: MetricScope, options: EmitOptions): readonly Diagnostic[];
}

/** @throws MetricStoreError INVALID_OPTION */
function checkOptions(options: CustomMetricsOptions): void {
  const { prefix = '', metricsConfig, argoCompatibility = 'corrected', onDiagnostic } = options;
  if (typeof prefix !== 'string' || !/^(?:[a-zA-Z_][a-zA-Z0-9_]*)?$/.test(prefix))
    refuseOption('prefix', 'a text of letters, digits and _ that begins with no digit', prefix);
  // What stands in it is user data, for which there are diagnostics.
  if (metricsConfig !== undefined && metricsConfig !== null) checkObject('metricsConfig', metricsConfig);
  if (argoCompatibility !== 'corrected' && argoCompatibility !== 'exact')
    refuseOption('argoCompatibility', "'corrected' or 'exact'", argoCompatibility);
  checkOption('onDiagnostic', onDiagnostic, 'function');
}

/** The emitters of a `metrics` object, by what may be asked for. */
interface Emitters {
  readonly all: readonly MetricEmitter[];
  readonly realtime: readonly MetricEmitter[];
  readonly others: readonly MetricEmitter[];
}

function untoldOf({ untold }: ObjectWork): readonly Diagnostic[] {
  if (untold === 0) return [];
  const message = `${untold} more diagnostics of one object are left out; the first ${DIAGNOSTICS_MAX} were told`;
  return [{ code: 'LIMIT_EXCEEDED', severity: 'warning', path: '', message }];
}

const NO_EMITTERS: readonly MetricEmitter[] = [];

function wantedOf(
  emitters: Emitters,
  realtimeOnly: boolean,
  omitsRealtime: boolean,
): readonly MetricEmitter[] {
  if (realtimeOnly) return omitsRealtime ? NO_EMITTERS : emitters.realtime;
  return omitsRealtime ? emitters.others : emitters.all;
}

/** Given by who emits several times for one object. */
function workOf(scope: MetricScope): ObjectWork | undefined {
  const { work } = scope as Partial<ObjectScope>;
  return work instanceof ObjectWork ? work : undefined;
}

const PREFIX_DEFAULT = 'argo_workflows_';

/**
 * Records what Argo Workflows' `metrics` sections declare into a store.
 *
 * Belongs to one thread; several threads may each have one on the same store, and then all emissions of one owner go to
 * the same thread. Names, helps, types and buckets live in the store: the first definition of a name counts everywhere.
 * Limit and `drop` of the first View of the store that matches the exposed name apply to a metric. Of a realtime gauge each
 * CustomMetrics has a copy, and each copy takes a place of that limit.
 *
 * @example
 * const customMetrics = new CustomMetrics({ store: createStore() });
 * const metrics = customMetrics.compile({
 *   prometheus: [{ name: 'runs_total', help: 'Runs', labels: [{ key: 'status', value: '{{status}}' }], counter: { value: '1' } }],
 * });
 * metrics.emit({ variables: { status: 'Succeeded' } }, { owner: 'run-1' });
 */
export class CustomMetrics {
  /** The store's clock. */
  readonly clock: { now(): number };
  /** Whose behaviour counts where Argo has a known defect. */
  readonly argoCompatibility: 'corrected' | 'exact';
  readonly #core: ReturnType<typeof coreOf>;
  readonly #prefix: string;
  readonly #modifiers: ResolvedMetricsConfig['modifiers'];
  readonly #onDiagnostic: ((diagnostic: Diagnostic) => void) | undefined;
  readonly #tokens = new EmissionTokens();
  readonly #realtime: RealtimeSeries;
  readonly #declared = new DeclaredMetrics();
  readonly #instruments = new Map<string, CustomInstrument>();
  readonly #emissions = new EmissionCache();
  readonly #target: EmissionTarget;
  readonly #ttlMillis: number;
  #skipped = 0;
  #work: ObjectWork | undefined;

  /** @throws MetricStoreError NOT_A_STORE_HANDLE, INVALID_OPTION */
  constructor(options: CustomMetricsOptions) {
    options = readOptions('the options of CustomMetrics', options, CUSTOM_METRICS_KEYS);
    checkOptions(options);
    this.#core = coreOf(options.store);
    this.clock = this.#core.clock;
    this.#prefix = options.prefix ?? PREFIX_DEFAULT;
    this.#onDiagnostic = options.onDiagnostic;
    const config = resolveMetricsConfig(options.metricsConfig);
    this.#modifiers = config.modifiers;
    this.#publish(config.diagnostics.map(boundedDiagnostic));
    this.argoCompatibility = options.argoCompatibility ?? 'corrected';
    const isExact = this.argoCompatibility === 'exact';
    this.#realtime = new RealtimeSeries({ isExact });
    this.#ttlMillis = config.ttlMillis;
    this.#target = {
      prefix: this.#prefix,
      isExact,
      // There one workflow's deletion takes a series from all.
      ...(isExact ? {} : { holder: randomUUID() }),
      define: definition => this.#define(definition),
      isDropped: (name, type) => isDropped(this.#core, { name, type }),
      modifierOf: name => this.#modifiers.get(name),
      reportRealtime: (reporter, key, series, elapsed) => {
        this.#realtime.report(reporter, key, series, elapsed);
      },
      endRealtime: (reporter, atUnixMillis) => this.#realtime.end(reporter, atUnixMillis),
    };
  }

  /** How many emission IDs were forgotten because there were too many; such an emission could be made twice. */
  get forgottenEmissionIds(): number {
    return this.#tokens.forgotten;
  }

  /** How many emissions were not made because their metric had exceeded a limit of evaluation for the same object. */
  get skippedEmissions(): number {
    return this.#skipped;
  }

  /**
   * Compiles a `metrics` object once, for any number of emissions. Never throws on user data and never changes it.
   * @param options.path where the object stands in its manifest, put before the paths of diagnostics
   * @throws MetricStoreError INVALID_OPTION for another option
   */
  compile(metrics: unknown, options?: { path?: string }): CompiledMetrics {
    const { path }: { path?: unknown } = readOptions('the options of compile()', options ?? {}, COMPILE_KEYS);
    const work = new ObjectWork(this.clock, 0);
    const compiled = this.compileWithin(metrics, typeof path === 'string' ? path : '', work);
    return { ...compiled, diagnostics: [...compiled.diagnostics, ...this.conclude(work)] };
  }

  /** @internal As `compile`, with what is left of the budgets of an object. */
  compileWithin(metrics: unknown, path: string, work: ObjectWork): CompiledMetrics {
    const compilation = compileMetrics(metrics, path, work.compileBudget);
    const found = [...compilation.diagnostics, ...this.#declared.compare(compilation.metrics)];
    const diagnostics = found.filter(() => work.tells()).map(boundedDiagnostic);
    this.#publish(diagnostics);
    const all = compilation.metrics.map(metric => new MetricEmitter(metric, this.#target, this.#emissions));
    const realtime = all.filter(({ isRealtime }) => isRealtime);
    const emitters = { all, realtime, others: all.filter(({ isRealtime }) => !isRealtime) };
    return {
      diagnostics,
      emit: (scope, emitOptions) => this.#emitSafely(emitters, scope, emitOptions),
    };
  }

  /** @internal What is to be said when nothing of an object is left to do. */
  conclude(work: ObjectWork): readonly Diagnostic[] {
    const diagnostics = untoldOf(work);
    this.#publish(diagnostics);
    return diagnostics;
  }

  /**
   * The realtime series of this owner stop growing at that time, in Unix milliseconds; default now.
   *
   * @throws MetricStoreError INVALID_OPTION when that is no time
   */
  complete(owner: string, options: { at?: number } = {}): void {
    const { at } = readOptions('the options of complete()', options, COMPLETE_KEYS);
    if (at !== undefined && !Number.isFinite(at)) refuseOption('at', 'a time in Unix milliseconds', at);
    this.#realtime.complete(owner, at ?? this.clock.now());
  }

  /** The realtime series of this owner go away unless another owner still holds them. Its emission IDs are forgotten. */
  delete(owner: string): void {
    this.#realtime.delete(owner);
    this.#tokens.forget(owner);
  }

  /** @internal What its caller found wrong: bounded, given to the listener like everything else, and returned. */
  report(diagnostic: Diagnostic): Diagnostic {
    const bounded = boundedDiagnostic(diagnostic);
    this.#publish([bounded]);
    return bounded;
  }

  #emitSafely(emitters: Emitters, scope: MetricScope, options: EmitOptions): readonly Diagnostic[] {
    let diagnostics: readonly Diagnostic[];
    try {
      diagnostics = this.#emit(emitters, scope, options);
    } catch (error) {
      diagnostics = [brokenEmission(textOf(error))];
    }
    this.#publish(diagnostics);
    return diagnostics;
  }

  #emit(emitters: Emitters, scope: MetricScope, options: EmitOptions): readonly Diagnostic[] {
    const invalid = checkEmission(scope, options);
    if (invalid !== undefined) return [invalid];
    const { owner, subject = '', emissionId, realtimeOnly = false, omitsRealtime = false } = options;
    if (emissionId !== undefined && !this.#tokens.claim(owner, emissionId)) return [];
    const diagnostics: Diagnostic[] = [];
    const ofObject = workOf(scope);
    const work = ofObject ?? this.#ownWork();
    const wanted = wantedOf(emitters, realtimeOnly, omitsRealtime);
    const remaining = work.remaining(wanted);
    this.#skipped += wanted.length - remaining.length;
    if (remaining.length === 0) return diagnostics;
    const rendering = new Rendering(scope.variables, work.budget);
    for (const emitter of remaining) {
      work.budget.startMetric();
      const diagnostic = emitter.emit(scope, { owner, subject }, work, rendering);
      if (!diagnostic) continue;
      if (work.tells()) diagnostics.push(diagnostic);
      if (diagnostic.code === 'LIMIT_EXCEEDED') work.stop(emitter);
    }
    return ofObject ? diagnostics : [...diagnostics, ...untoldOf(work)];
  }

  /** Of an emission for which nobody counts: one object for all of them, because an emission must cost little. */
  #ownWork(): ObjectWork {
    this.#work ??= new ObjectWork(this.clock, 0);
    this.#work.restart();
    return this.#work;
  }

  /** Asking the store is a search by name and scope; what it said about a definition that won stays true. */
  #define(definition: CustomInstrumentDefinition): DefinitionResult {
    const { name, help, type } = definition;
    const known = this.#instruments.get(name);
    if (known?.definition.help === help && known.definition.type === type) return { instrument: known };
    const result = defineCustomInstrument(this.#core, { ...this.#ttlOf(type), ...definition });
    if ('instrument' in result) this.#instruments.set(name, result.instrument);
    return result;
  }

  /** Without `metricsTTL` it is the store's. */
  #ttlOf(type: CustomInstrumentDefinition['type']): { readonly ttlMillis?: number } {
    if (this.argoCompatibility === 'exact' && type === 'histogram') return { ttlMillis: 0 };
    return this.#ttlMillis > 0 ? { ttlMillis: this.#ttlMillis } : {};
  }

  #publish(diagnostics: readonly Diagnostic[]): void {
    if (!this.#onDiagnostic) return;
    for (const diagnostic of diagnostics)
      try {
        this.#onDiagnostic(diagnostic);
      } catch (error) {
        // The listener is the application's; its failure must not stop the recording.
        diag.error('otel-argo-metrics: onDiagnostic threw', error);
      }
  }
}
