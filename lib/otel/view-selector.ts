/*
 * What a View's selector can match, decided without an instrument at hand.
 */
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { matchesPattern } from '../store/view-matching.js';

/** The fields of a View that select instruments. */
export const CRITERIA = [
  'instrumentName',
  'instrumentType',
  'instrumentUnit',
  'meterName',
  'meterVersion',
  'meterSchemaUrl',
] as const;

/** Whether the View may match several instruments of one meter. */
export function hasWildcard({ instrumentName }: ViewOptions): boolean {
  return instrumentName === undefined || instrumentName === null || /[*?]/.test(instrumentName);
}

/** Whether the View matches every instrument. */
export function matchesEverything(view: ViewOptions): boolean {
  const given = CRITERIA.filter(criterion => view[criterion] !== undefined);
  const isAnyName = /^\?*\*[*?]*$/.test(view.instrumentName ?? '*');
  return isAnyName && given.every(criterion => criterion === 'instrumentName');
}

/** The same text for the same selector. */
export function selectorText(view: ViewOptions): string {
  const criteria = Object.fromEntries(CRITERIA.map(criterion => [criterion, view[criterion]]));
  return JSON.stringify({ ...criteria, instrumentName: view.instrumentName?.toLowerCase() });
}

/**
 * Whether some instrument might get the same stream from both Views, which a MeterProvider would count twice. On the safe
 * side: two names with wildcards may always match the same instrument.
 */
export function mayShareStream(a: ViewOptions, b: ViewOptions): boolean {
  const differs = CRITERIA.some(
    criterion =>
      criterion !== 'instrumentName' &&
      a[criterion] !== undefined &&
      b[criterion] !== undefined &&
      a[criterion] !== b[criterion],
  );
  if (differs) return false;
  if (hasWildcard(a)) return hasWildcard(b) || mayShareStream(b, a);
  const name = lower(a.instrumentName);
  return (
    matchesPattern(lower(b.instrumentName ?? '*'), name) && lower(a.name ?? name) === lower(b.name ?? name)
  );
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase();
}
