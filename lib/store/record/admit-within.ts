// A series that may exist only while something else has a place of its own: a value of a label, in a hidden stream whose
// limit is how many values there may be. Any thread. Why no value is exported that has no place: lib/memory/swap.ts,
// point 15.
import type { SeriesPlaces } from './series-places.js';

/** Each time somebody gave the place back while the series was being admitted. */
const TRIES_MAX = 16;

/**
 * The place of a series, once `text` has one among the `holders`. Undefined: there is no room for it, or again and again not
 * in time. A handle whose series has gone must ask anew: the place of before may be another's.
 *
 * @param admit finds the series or admits it
 */
export function admitWithin<Found>(
  holders: SeriesPlaces,
  text: string,
  admit: () => Found,
): Found | undefined {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const holder = holders.admit(text);
    if (holder.slot === holders.overflow().slot) return undefined;
    const place = admit();
    // After the series is there. Who looks for it from now on finds it; who looked before had marked the holder, which this
    // takes back, or freed it, which this finds.
    if (holders.has(holder)) return place;
  }
  return undefined;
}
