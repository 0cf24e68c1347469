/*
 * Which streams an instrument has: one for each View that matches it, or a default one. Pure.
 *
 * "In the independent mode, each matching View makes its own stream" (specification/metrics/sdk.md, View).
 */
import { diag } from '@opentelemetry/api';
import type { InstrumentKind, Scope, StreamDefinition } from './stream.js';
import type { View, ViewSelector } from './view.js';

/** OpenTelemetry's default boundaries of a histogram. */
export const DEFAULT_BOUNDARIES: readonly number[] = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

export interface InstrumentDescription {
  readonly scope: Scope;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: InstrumentKind;
  readonly valueType: 0 | 1;
  readonly advisedBoundaries?: readonly number[];
}

export interface ResolvedStream {
  readonly definition: StreamDefinition;
  readonly process?: View['process'];
  /** -1: no View matched. */
  readonly viewIndex: number;
}

/** Empty when every matching View drops the instrument. */
export function resolveStreams(
  instrument: InstrumentDescription,
  views: readonly View[],
  defaults: { readonly cardinalityLimit: number },
): ResolvedStream[] {
  const matching = views
    .map((view, viewIndex) => ({ view, viewIndex }))
    .filter(({ view }) => matches(view.selector, instrument) && isMeaningful(view, instrument));
  if (matching.length === 0) return [{ definition: define(instrument, undefined, defaults.cardinalityLimit), viewIndex: -1 }];
  const streams = new Map<string, ResolvedStream>();
  for (const { view, viewIndex } of matching) {
    if (view.drop === true) continue;
    const definition = define(instrument, view, defaults.cardinalityLimit);
    const identity = JSON.stringify([definition.name.toLowerCase(), definition.boundaries]);
    if (streams.has(identity))
      // Two storages under one identity would count every record twice.
      diag.warn(`otel-argo-metrics: Views make the stream ${definition.name} of ${instrument.name} twice; the first one counts, give the other a name`);
    else streams.set(identity, { definition, viewIndex, ...(view.process === undefined ? {} : { process: view.process }) });
  }
  return [...streams.values()];
}

function define(instrument: InstrumentDescription, view: View | undefined, limit: number): StreamDefinition {
  const { scope, name, description, unit, kind, valueType, advisedBoundaries } = instrument;
  return {
    scope,
    name: view?.name ?? name,
    description: view?.description ?? description,
    unit,
    valueType,
    kind,
    boundaries: kind === 'HISTOGRAM' ? (view?.boundaries ?? advisedBoundaries ?? DEFAULT_BOUNDARIES) : [],
    limit: view?.limit ?? limit,
    verbatim: false,
  };
}

/** "A View with a semantic error: warn and proceed as if the View did not exist." */
function isMeaningful(view: View, { name, kind }: InstrumentDescription): boolean {
  if (view.boundaries === undefined || kind === 'HISTOGRAM') return true;
  diag.warn(`otel-argo-metrics: a View gives boundaries to ${name}, which is a ${kind} and no histogram; the View is ignored for it`);
  return false;
}

/** All criteria that a selector has must match; one without any matches everything. */
export function matches(selector: ViewSelector, { scope, name, unit, kind }: InstrumentDescription): boolean {
  return (
    (selector.instrumentName === undefined || wildcard(selector.instrumentName, name)) &&
    (selector.instrumentType === undefined || selector.instrumentType === kind) &&
    (selector.instrumentUnit === undefined || selector.instrumentUnit === unit) &&
    (selector.meterName === undefined || selector.meterName === scope.name) &&
    (selector.meterVersion === undefined || selector.meterVersion === scope.version) &&
    (selector.meterSchemaUrl === undefined || selector.meterSchemaUrl === scope.schemaUrl)
  );
}

function wildcard(pattern: string, text: string): boolean {
  const source = [...pattern].map(char => (char === '*' ? '.*' : char === '?' ? '.' : char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&'))).join('');
  return new RegExp(`^${source}$`, 'is').test(text);
}
