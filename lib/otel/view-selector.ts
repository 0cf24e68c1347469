// What a View's selector can match, decided without an instrument at hand.
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { ownValues } from '../guard/option-checks.js';
import { matchesPattern } from '../store/definition/view-matching.js';

/** The fields of a View that select instruments. */
export const CRITERIA = [
  'instrumentName',
  'instrumentType',
  'instrumentUnit',
  'meterName',
  'meterVersion',
  'meterSchemaUrl',
] as const;

/** What the View selects by: its own, nothing that a prototype has. */
export function criteriaOf(view: ViewOptions): Pick<ViewOptions, (typeof CRITERIA)[number]> {
  return ownValues(view, CRITERIA);
}

/** Whether the View may match several instruments of one meter. */
export function hasWildcard(view: ViewOptions): boolean {
  const { instrumentName } = criteriaOf(view);
  return instrumentName === undefined || instrumentName === null || /[*?]/.test(instrumentName);
}

/** Whether the View matches every instrument. */
export function matchesEverything(view: ViewOptions): boolean {
  const criteria = criteriaOf(view);
  const given = CRITERIA.filter(criterion => criteria[criterion] !== undefined);
  const isAnyName = /^\?*\*[*?]*$/.test(criteria.instrumentName ?? '*');
  return isAnyName && given.every(criterion => criterion === 'instrumentName');
}

/** The same text for the same selector. */
export function selectorText(view: ViewOptions): string {
  const own = criteriaOf(view);
  const criteria = Object.fromEntries(CRITERIA.map(criterion => [criterion, own[criterion]]));
  return JSON.stringify({ ...criteria, instrumentName: own.instrumentName?.toLowerCase() });
}

/**
 * Whether some instrument might get the same stream from both Views, which a MeterProvider would count twice. On the safe
 * side: two names with wildcards may always match the same instrument.
 */
export function mayShareStream(a: ViewOptions, b: ViewOptions): boolean {
  const [ownA, ownB] = [a, b].map(view => ownValues(view, [...CRITERIA, 'name'])) as [
    ViewOptions,
    ViewOptions,
  ];
  const differs = CRITERIA.some(
    criterion =>
      criterion !== 'instrumentName' &&
      ownA[criterion] !== undefined &&
      ownB[criterion] !== undefined &&
      ownA[criterion] !== ownB[criterion],
  );
  if (differs) return false;
  if (hasWildcard(a)) return hasWildcard(b) || mayShareStream(b, a);
  const name = lower(ownA.instrumentName);
  return (
    matchesPattern(lower(ownB.instrumentName ?? '*'), name) &&
    lower(ownA.name ?? name) === lower(ownB.name ?? name)
  );
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase();
}
