// Time zones: UTC, fixed offsets, and those of the IANA database as far as the running Node knows them.

import { BoundedMap } from '../../../guard/bounded-map.js';
import { spend } from '../../budget/evaluation-limits.js';

/** What a zone says about a moment. */
export interface ZoneOffset {
  /** The abbreviation; empty where the zone has none. */
  readonly name: string;
  readonly offsetSeconds: number;
}

export interface GoZone {
  /** As Go's `Location.String`. */
  readonly name: string;
  offsetAt(unixSeconds: number): ZoneOffset;
}

export const UTC: GoZone = fixedZone('UTC', 0);

export function fixedZone(name: string, offsetSeconds: number): GoZone {
  const offset = { name, offsetSeconds };
  return { name, offsetAt: () => offset };
}

/** English of these countries abbreviates the zones of its part of the world as the IANA database does. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ'];
/** Go reads zones from files, so case matters there and a path must not leave the folder. */
const ZONE_NAME = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){0,2}$/;

/**
 * As Go's `time.LoadLocation`, in a container without a zone of its own: `Local` is UTC. `undefined` for names that nobody
 * knows. Abbreviations come from Node, which knows most; where it has none the offset stands in, as in the database.
 */
export function loadZone(name: string): GoZone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  if (!ZONE_NAME.test(name)) return undefined;
  spend(LOAD_COST);
  const known = zones.get(name);
  if (known) return known;
  try {
    const zone = ianaZone(name);
    zones.set(name, zone);
    return zone;
  } catch {
    // The only way to ask whether a zone exists.
    return undefined;
  }
}

/** Zones that are kept: each takes some hundred kilobytes and a millisecond to make. */
const ZONES_MAX = 16;
const zones = new BoundedMap<string, GoZone>(ZONES_MAX);
/** Steps of a zone, and of a moment in it. */
const LOAD_COST = 3000;
const OFFSET_COST = 400;

function ianaZone(name: string): GoZone {
  const options = {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  } as const;
  const clock = new Intl.DateTimeFormat('en-US', options);
  const formats = new Map<string, Intl.DateTimeFormat>();
  return {
    name,
    offsetAt(unixSeconds) {
      spend(OFFSET_COST);
      const offsetSeconds = wallClockSeconds(clock, unixSeconds) - unixSeconds;
      return { name: abbreviation(name, unixSeconds, formats) ?? offsetName(offsetSeconds), offsetSeconds };
    },
  };
}

function wallClockSeconds(clock: Intl.DateTimeFormat, unixSeconds: number): number {
  const parts = new Map(clock.formatToParts(unixSeconds * 1000).map(({ type, value }) => [type, value]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era')?.startsWith('B') ? 1 - read('year') : read('year');
  const date = new Date(0);
  date.setUTCFullYear(year, read('month') - 1, read('day'));
  date.setUTCHours(read('hour'), read('minute'), read('second'));
  return date.getTime() / 1000;
}

function abbreviation(
  timeZone: string,
  unixSeconds: number,
  formats: Map<string, Intl.DateTimeFormat>,
): string | undefined {
  for (const locale of LOCALES) {
    const format =
      formats.get(locale) ?? new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
    formats.set(locale, format);
    const name = format.formatToParts(unixSeconds * 1000).find(({ type }) => type === 'timeZoneName')?.value;
    if (name !== undefined && /^[A-Z]{2,5}$/.test(name)) return name;
  }
  return undefined;
}

/** What the database writes where nobody has a name: `+03`, `-0330`. */
function offsetName(offsetSeconds: number): string {
  const minutes = Math.abs(Math.trunc(offsetSeconds / 60));
  const digits = String(Math.trunc(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0');
  return (offsetSeconds < 0 ? '-' : '+') + digits + rest;
}
