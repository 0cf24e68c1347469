// Which streams an instrument has: the View part of OpenTelemetry's specification, as a pure function of data. Any thread;
// the same Views give the same streams in each.
import { DEFAULT_BOUNDARIES } from './boundaries.js';
import { diag } from '../../guard/guarded-diag.js';
import type { InstrumentKind, StreamDefinition } from './stream.js';
import { obeyedOf, type View, type ViewSelector } from './view.js';

/** What a meter was asked for. */
export interface InstrumentDescription extends Pick<
  StreamDefinition,
  'scope' | 'name' | 'description' | 'unit' | 'kind' | 'valueType'
> {
  readonly advisedBoundaries?: readonly number[];
  readonly verbatim?: boolean;
}

/** A View that may also say how to aggregate. A kind keeps its own way: this only decides what is said about it. */
export interface AggregatingView extends View {
  readonly aggregation?: 'sum' | 'last value';
}

export interface ResolvedStream {
  readonly definition: StreamDefinition;
  readonly process?: View['process'];
  readonly labels?: View['labels'];
  /** Position of the View; -1 when none matched. */
  readonly viewIndex: number;
}

/**
 * One stream per matching View, the default one when none matches, and none when all that match drop. Two Views whose
 * streams could not be told apart make one, the first: written twice, each record would count double.
 */
export function resolveStreams(
  instrument: InstrumentDescription,
  views: readonly AggregatingView[],
  defaults: { readonly cardinalityLimit: number },
): ResolvedStream[] {
  const matching = [...views.entries()].filter(([, view]) => applies(view, instrument));
  if (matching.length === 0)
    return [{ definition: define(instrument, undefined, defaults.cardinalityLimit), viewIndex: -1 }];
  const streams = new Map<string, ResolvedStream>();
  for (const [viewIndex, view] of matching) {
    if (view.drop === true) continue;
    const tries = view.dryRun === true ? { tries: viewIndex } : {};
    const obeyed = obeyedOf(view);
    const definition = { ...define(instrument, obeyed, defaults.cardinalityLimit), ...tries };
    // Kind, unit and scope are the instrument's, so the name alone tells the streams of one instrument apart.
    const identity = definition.name.toLowerCase();
    const first = streams.get(identity);
    if (first !== undefined)
      diag.warn(
        `Views ${first.viewIndex} and ${viewIndex} both make the stream "${definition.name}" of the instrument ` +
          `"${instrument.name}": only the first one is used, give the other one a name of its own`,
      );
    else
      streams.set(identity, {
        definition,
        viewIndex,
        ...(view.process !== undefined && { process: view.process }),
        ...(obeyed.labels !== undefined && { labels: obeyed.labels }),
      });
  }
  return [...streams.values()];
}

/** Views that are about a metric with a name, labels and buckets of its own, in their order. */
export function viewsOfVerbatim(
  metric: Pick<InstrumentDescription, 'scope' | 'name' | 'unit' | 'kind'>,
  views: readonly AggregatingView[],
): VerbatimView[] {
  return [...views.entries()]
    .filter(([, { selector }]) => matches(selector, metric))
    .map(([index, view]) => ({
      index,
      view,
      withoutEffect: WITHOUT_EFFECT.filter(key => view[key] !== undefined),
    }));
}

/** The name that the instrument of a stream has, by the View that makes the stream; undefined when none does. */
export function instrumentOfView(
  stream: Pick<InstrumentDescription, 'scope' | 'name' | 'unit' | 'kind'>,
  views: readonly View[],
): string | undefined {
  for (const { selector, name, drop } of views) {
    const isRenamed = name?.toLowerCase() === stream.name.toLowerCase();
    const instrument = isRenamed ? (selector.instrumentName ?? stream.name) : stream.name;
    const isMade = drop !== true && (isRenamed || name === undefined);
    if (isMade && matches(selector, { ...stream, name: instrument })) return instrument;
  }
  return undefined;
}

export interface VerbatimView {
  readonly index: number;
  readonly view: AggregatingView;
  /** What of it cannot be applied. */
  readonly withoutEffect: readonly string[];
}

const WITHOUT_EFFECT = [
  'name',
  'description',
  'process',
  'boundaries',
  'recordMinMax',
  'aggregation',
] as const;

/**
 * Whether the View has a part in this instrument. "Proceed as if the View did not exist" is the specification's word for
 * a View that makes no sense, and a histogram of an asynchronous instrument is its example. Any other aggregation would
 * make sense and is only not offered: everything else that the View says holds, its filter of attributes above all.
 */
function applies(view: AggregatingView, instrument: InstrumentDescription): boolean {
  if (!matches(view.selector, instrument)) return false;
  const own = AGGREGATIONS[instrument.kind];
  const wanted = view.boundaries === undefined ? view.aggregation : 'histogram';
  if (wanted === undefined || wanted === own || view.drop === true) return true;
  const isIgnored = wanted === 'histogram' && instrument.kind.startsWith('OBSERVABLE_');
  diag.warn(
    `a View wants the ${wanted} of "${instrument.name}", which is a ${instrument.kind} and keeps its ${own}: ` +
      (isIgnored ? 'the View is ignored there' : 'the rest of the View applies'),
  );
  return !isIgnored;
}

const AGGREGATIONS: Readonly<Record<InstrumentKind, 'sum' | 'last value' | 'histogram'>> = {
  COUNTER: 'sum',
  UP_DOWN_COUNTER: 'sum',
  OBSERVABLE_COUNTER: 'sum',
  OBSERVABLE_UP_DOWN_COUNTER: 'sum',
  GAUGE: 'last value',
  OBSERVABLE_GAUGE: 'last value',
  HISTOGRAM: 'histogram',
};

function matches(
  selector: ViewSelector,
  { scope, name, unit, kind }: Pick<InstrumentDescription, 'scope' | 'name' | 'unit' | 'kind'>,
): boolean {
  const { instrumentName, instrumentType, instrumentUnit, meterName, meterVersion, meterSchemaUrl } =
    selector;
  const isEqual = (wanted: string | undefined, actual: string | undefined): boolean =>
    wanted === undefined || wanted === actual;
  return (
    isEqual(instrumentType, kind) &&
    isEqual(instrumentUnit, unit) &&
    isEqual(meterName, scope.name) &&
    isEqual(meterVersion, scope.version) &&
    isEqual(meterSchemaUrl, scope.schemaUrl) &&
    (instrumentName === undefined || matchesPattern(instrumentName.toLowerCase(), name.toLowerCase()))
  );
}

/**
 * Whether a text matches a pattern of `*` (any text) and `?` (one character); case counts. No regular expression:
 * `*a*a*a*…` would make one take exponential time.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length)
    // The star first: a text can contain one too.
    if (pattern[inPattern] === '*') {
      star = inPattern++;
      resumeAt = at;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === text[at]) {
      inPattern++;
      at++;
    } else if (star !== -1) {
      inPattern = star + 1;
      at = ++resumeAt;
    } else return false;
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

function define(
  instrument: InstrumentDescription,
  view: View | undefined,
  defaultLimit: number,
): StreamDefinition {
  const { scope, name, description, unit, kind, valueType, advisedBoundaries, verbatim = false } = instrument;
  const boundaries =
    kind === 'HISTOGRAM' ? (view?.boundaries ?? advisedBoundaries ?? DEFAULT_BOUNDARIES) : [];
  return {
    scope,
    name: view?.name ?? name,
    description: view?.description ?? description,
    unit,
    valueType,
    kind,
    boundaries,
    limit: view?.limit ?? defaultLimit,
    verbatim,
    ...(view?.ttlMillis !== undefined && { ttlMillis: view.ttlMillis }),
    ...(kind === 'HISTOGRAM' && view?.recordMinMax === false && { recordMinMax: false }),
  };
}
