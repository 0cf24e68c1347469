/** What a `CustomSeries.key` says. */
export interface SeriesPlaceOfKey {
  /** Of the stream. */
  readonly index: number;
  /** The attributes, canonical. Undefined: the overflow series. */
  readonly text: string | undefined;
}

export function placeOfKey(key: string): SeriesPlaceOfKey {
  const blank = key.indexOf(' ');
  if (blank === -1) return { index: Number(key), text: undefined };
  return { index: Number(key.slice(0, blank)), text: key.slice(blank + 1) };
}
