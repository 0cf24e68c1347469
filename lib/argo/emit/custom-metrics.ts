// Step 3 of an emission: all metrics of a `metrics` block, once for an ID, within what their object may cost. What is wrong
// with them goes out here.
import { randomUUID } from 'node:crypto';
import { diag } from '../../guard/guarded-diag.js';
import type { StoreReference } from '../../store/store-handle.js';
import { coreOf } from '../../store/store-core.js';
import {
  checkRecord,
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
import type { Emission } from './emission.js';
import { brokenEmission, checkEmission, type EmitOptions } from './emission-request.js';
import { EmissionCache } from './emission-cache.js';
import type { Logged } from './emission-log.js';
import type { EmissionTarget } from './emission-target.js';
import { EmissionTokens } from './emission-tokens.js';
import { MetricEmitter } from './metric-emitter.js';
import { MetricInstruments } from './metric-instruments.js';
import { MetricPlaces } from './metric-places.js';
import type { MetricScope, WorkflowMetricScope } from '../variables/metric-scope.js';
import type { MetricsConfig } from '../spec/metrics-spec.js';
import { resolveMetricsConfig } from './metrics-config.js';
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
  if (metricsConfig !== undefined && metricsConfig !== null) checkRecord('metricsConfig', metricsConfig);
  if (argoCompatibility !== 'corrected' && argoCompatibility !== 'exact')
    refuseOption('argoCompatibility', "'corrected' or 'exact'", argoCompatibility);
  checkOption('onDiagnostic', onDiagnostic, 'function');
}

/** @internal The emitters of a `metrics` object, by what may be asked for. */
export interface MetricsBlock {
  readonly diagnostics: readonly Diagnostic[];
  readonly all: readonly MetricEmitter[];
  readonly realtime: readonly MetricEmitter[];
  readonly others: readonly MetricEmitter[];
}

/** Keeps what was found, unless enough is told of the object. It may quote megabytes. */
function keep(found: Diagnostic, told: Diagnostic[], work: ObjectWork): void {
  if (work.tells()) told.push(boundedDiagnostic(found));
}

function untoldOf({ untold }: ObjectWork): readonly Diagnostic[] {
  if (untold === 0) return [];
  const message = `${untold} more diagnostics of one object are left out; the first ${DIAGNOSTICS_MAX} were told`;
  return [{ code: 'LIMIT_EXCEEDED', severity: 'warning', path: '', message }];
}

const NO_EMITTERS: readonly MetricEmitter[] = [];

function wantedOf(
  block: MetricsBlock,
  realtimeOnly: boolean,
  omitsRealtime: boolean,
): readonly MetricEmitter[] {
  if (realtimeOnly) return omitsRealtime ? NO_EMITTERS : block.realtime;
  return omitsRealtime ? block.others : block.all;
}

/** @returns what is wrong with those that are not recorded */
function emitAll(emitters: readonly MetricEmitter[], emission: Emission): readonly Diagnostic[] {
  const { work } = emission;
  const diagnostics: Diagnostic[] = [];
  for (const emitter of emitters) {
    work.budget.startMetric();
    const failure = emitter.emit(emission);
    if (!failure) continue;
    keep(failure, diagnostics, work);
    if (failure.code === 'LIMIT_EXCEEDED') work.stop(emitter);
  }
  return diagnostics;
}

/** Argo's own, before the names of all custom metrics. */
export const PREFIX_DEFAULT = 'argo_workflows_';

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
  readonly #onDiagnostic: ((diagnostic: Diagnostic) => void) | undefined;
  readonly #tokens = new EmissionTokens();
  readonly #declared = new DeclaredMetrics();
  readonly #target: EmissionTarget;
  #skipped = 0;
  #work: ObjectWork | undefined;

  /** @throws MetricStoreError NOT_A_STORE_HANDLE, INVALID_OPTION */
  constructor(options: CustomMetricsOptions) {
    options = readOptions('the options of CustomMetrics', options, CUSTOM_METRICS_KEYS);
    checkOptions(options);
    const core = coreOf(options.store);
    this.clock = core.clock;
    this.#onDiagnostic = options.onDiagnostic;
    const { modifiers, ttlMillis, diagnostics } = resolveMetricsConfig(options.metricsConfig);
    this.#publish(diagnostics.map(boundedDiagnostic));
    this.argoCompatibility = options.argoCompatibility ?? 'corrected';
    const isExact = this.argoCompatibility === 'exact';
    const logged: Logged = {};
    this.#target = {
      isExact,
      // There one workflow's deletion takes a series from all.
      holder: isExact ? undefined : randomUUID(),
      places: new MetricPlaces(core, options.prefix ?? PREFIX_DEFAULT, modifiers),
      instruments: new MetricInstruments(core, ttlMillis, isExact),
      realtime: new RealtimeSeries({ isExact, logged }),
      cache: new EmissionCache(),
      logged,
      counts: { emissions: 0 },
    };
  }

  /** @internal Where emissions go, for who keeps them for another process. */
  get target(): EmissionTarget {
    return this.#target;
  }

  /**
   * @internal Another `metricsConfig`, for what is emitted from now on. Metrics that are there keep their buckets and times to
   * live, and series that are there stay. What is wrong with it goes to the listener.
   */
  configure(metricsConfig: MetricsConfig): void {
    const { modifiers, ttlMillis, diagnostics } = resolveMetricsConfig(metricsConfig);
    this.#publish(diagnostics.map(boundedDiagnostic));
    const { places, instruments, cache } = this.#target;
    places.configure(modifiers);
    instruments.configure(ttlMillis);
    cache.clear();
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
    const block = this.compileWithin(metrics, typeof path === 'string' ? path : '', work);
    return {
      diagnostics: [...block.diagnostics, ...this.conclude(work)],
      emit: (scope, emitOptions) => this.#emitAlone(block, scope, emitOptions),
    };
  }

  /** @internal As `compile`, with what is left of the budgets of an object. */
  compileWithin(metrics: unknown, path: string, work: ObjectWork): MetricsBlock {
    const compilation = compileMetrics(metrics, path, work.compileBudget);
    const diagnostics: Diagnostic[] = [];
    for (const found of compilation.diagnostics) keep(found, diagnostics, work);
    for (const found of this.#declared.compare(compilation.metrics)) keep(found, diagnostics, work);
    this.#publish(diagnostics);
    const all = compilation.metrics.map(metric => new MetricEmitter(metric, this.#target));
    const realtime = all.filter(({ isRealtime }) => isRealtime);
    return { diagnostics, all, realtime, others: all.filter(({ isRealtime }) => !isRealtime) };
  }

  /** @internal As `emit` of what is compiled, with what is left of the budgets of an object. */
  emitWithin(
    block: MetricsBlock,
    scope: MetricScope | WorkflowMetricScope,
    options: EmitOptions,
    work: ObjectWork,
  ): readonly Diagnostic[] {
    const diagnostics = this.#emit(block, scope, options, work);
    this.#publish(diagnostics);
    return diagnostics;
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
    this.#target.realtime.complete(owner, at ?? this.clock.now());
  }

  /** @internal Those of one subject of this owner stop growing at that time, whatever became of their metrics. */
  endSubject(owner: string, subject: string, atUnixMillis: number): void {
    this.#target.realtime.endSubject({ owner, subject }, atUnixMillis);
  }

  /** @internal The same for those subjects of this owner of which that is true. */
  endSubjects(owner: string, isOver: (subject: string) => boolean, atUnixMillis: number): void {
    this.#target.realtime.endSubjects(owner, isOver, atUnixMillis);
  }

  /** The realtime series of this owner go away unless another owner still holds them. Its emission IDs are forgotten. */
  delete(owner: string): void {
    this.#target.realtime.delete(owner);
    this.#tokens.forget(owner);
  }

  /** @internal What its caller found wrong: bounded, given to the listener like everything else, and returned. */
  report(diagnostic: Diagnostic): Diagnostic {
    const bounded = boundedDiagnostic(diagnostic);
    this.#publish([bounded]);
    return bounded;
  }

  /** For an emission of which nobody counts what it costs: one object for all of them, because it must cost little. */
  #emitAlone(block: MetricsBlock, scope: MetricScope, options: EmitOptions): readonly Diagnostic[] {
    this.#work ??= new ObjectWork(this.clock, 0);
    this.#work.restart();
    const diagnostics = [...this.#emit(block, scope, options, this.#work), ...untoldOf(this.#work)];
    this.#publish(diagnostics);
    return diagnostics;
  }

  #emit(
    block: MetricsBlock,
    scope: MetricScope | WorkflowMetricScope,
    options: EmitOptions,
    work: ObjectWork,
  ): readonly Diagnostic[] {
    try {
      const invalid = checkEmission(scope, options);
      if (invalid !== undefined) return [invalid];
      const { owner, subject = '', emissionId, realtimeOnly = false, omitsRealtime = false } = options;
      if (emissionId !== undefined && !this.#tokens.claim(owner, emissionId)) return [];
      const wanted = wantedOf(block, realtimeOnly, omitsRealtime);
      const remaining = work.remaining(wanted);
      this.#skipped += wanted.length - remaining.length;
      if (remaining.length === 0) return [];
      const { variables, realtime } = scope;
      const rendering = new Rendering(variables, work.budget);
      return emitAll(remaining, { owner, subject, realtime, work, rendering });
    } catch (error) {
      return [brokenEmission(textOf(error))];
    }
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
