/*
 * Which streams an instrument has: the View part of OpenTelemetry's specification, as a pure function of data. Any thread;
 * the same Views give the same streams in each.
 */
import { diag } from '@opentelemetry/api';
import type { StreamDefinition } from './stream.js';
import type { View, ViewSelector } from './view.js';

/** OpenTelemetry's default boundaries of a histogram. */
export const DEFAULT_BOUNDARIES: readonly number[] = Object.freeze([
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
]);

/** What a meter was asked for. */
export interface InstrumentDescription extends Pick<
  StreamDefinition,
  'scope' | 'name' | 'description' | 'unit' | 'kind' | 'valueType'
> {
  readonly advisedBoundaries?: readonly number[];
  readonly verbatim?: boolean;
}

export interface ResolvedStream {
  readonly definition: StreamDefinition;
  readonly process?: View['process'];
  /** Position of the View; -1 when none matched. */
  readonly viewIndex: number;
}

/**
 * One stream per matching View, the default one when none matches, and none when all that match drop. Two Views whose
 * streams could not be told apart make one, the first: written twice, each record would count double.
 */
export function resolveStreams(
  instrument: InstrumentDescription,
  views: readonly View[],
  defaults: { readonly cardinalityLimit: number },
): ResolvedStream[] {
  const matching = [...views.entries()].filter(([, view]) => applies(view, instrument));
  if (matching.length === 0)
    return [{ definition: define(instrument, undefined, defaults.cardinalityLimit), viewIndex: -1 }];
  const streams = new Map<string, ResolvedStream>();
  for (const [viewIndex, view] of matching) {
    if (view.drop === true) continue;
    const definition = define(instrument, view, defaults.cardinalityLimit);
    const identity = JSON.stringify([definition.name.toLowerCase(), definition.boundaries]);
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
      });
  }
  return [...streams.values()];
}

function applies(view: View, instrument: InstrumentDescription): boolean {
  if (!matches(view.selector, instrument)) return false;
  if (view.boundaries === undefined || view.drop === true || instrument.kind === 'HISTOGRAM') return true;
  diag.warn(
    `a View gives boundaries to "${instrument.name}", which is no histogram (${instrument.kind}): the View is ignored there`,
  );
  return false;
}

function matches(selector: ViewSelector, { scope, name, unit, kind }: InstrumentDescription): boolean {
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

/** No regular expression: `*a*a*a*…` would make one take exponential time. */
function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
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
  }
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
  };
}
