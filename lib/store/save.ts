// What `restoreSeries` gives back in another process, read from this one: everything that the last cut shows, under the right
// to collect. In one turn, so that who saves stands between two records.
import { Snapshot } from '../memory/snapshot.js';
import { isInUse, readSlot, streamsUsed } from '../memory/tables.js';
import { loadText } from '../memory/text.js';
import {
  GAUGE_ABSENT,
  GAUGE_ADDED,
  GAUGE_ELAPSED,
  GAUGE_HELD,
  GAUGE_SET,
  SWAPPED_AT,
} from '../memory/words.js';
import { cellWidthOf, NO_NUMBERS, valueAt } from './definition/columns.js';
import type { HistogramValue, StreamDefinition } from './definition/stream.js';
import type { SavedSeries } from './restore.js';
import { parseAttributes } from './series/attributes.js';
import type { StoreCore } from './store-core.js';

export interface SavedStream {
  readonly definition: StreamDefinition;
  readonly series: SavedSeries[];
}

/** The last cut: its number, from 1 on, and its time in Unix milliseconds. */
export function lastCut({ region, swap }: StoreCore): {
  readonly epoch: bigint;
  readonly atUnixMillis: number;
} {
  return { epoch: swap.epoch(), atUnixMillis: region.f64[SWAPPED_AT / 8] ?? 0 };
}

/**
 * Under the right, between two cuts. What is left out of collections is over, and so is not among them.
 *
 * @param wants of which streams
 * @param keeps the cut that nobody was shown: what only this one would leave out is among them
 */
export function saveSeries(
  { region, registry }: StoreCore,
  wants: (definition: StreamDefinition) => boolean,
  keeps?: bigint,
): SavedStream[] {
  const snapshot = new Snapshot();
  const copying = snapshot.copy(region, { firstSeen: false, usedAt: true });
  while (copying.next().done !== true);
  const kept = keeps === undefined ? 0 : markOf(keeps);
  const streams = registry.all().map(({ definition }) => ({ definition, series: [] as SavedSeries[] }));
  const { maxStreams } = region.layout;
  const used = streamsUsed(region);
  for (let slot = 0; slot < snapshot.end; slot++) {
    const isOverflow = slot < maxStreams;
    if (isOverflow ? slot >= used : !isInUse(snapshot.words[slot] ?? 0)) continue;
    if (snapshot.isLeftOut(slot) && snapshot.marks[slot] !== kept) continue;
    const record = readSlot(region, slot);
    const stream = streams[isOverflow ? slot : record.stream];
    if (stream === undefined || stream.definition.hidden === true || !wants(stream.definition)) continue;
    const value = valueOf(snapshot, slot, stream.definition, record.histogramOffset);
    if (value === undefined) continue;
    const text = isOverflow ? undefined : loadText(region, record.textAddress, record.textLength);
    const gauge = GAUGES.get(snapshot.gaugeKinds[slot] ?? GAUGE_ABSENT);
    stream.series.push({
      attributes: text === undefined ? undefined : parseAttributes(text),
      value,
      ...(stream.definition.kind === 'GAUGE' && gauge !== undefined ? { gauge } : {}),
      startUnixMillis: snapshot.starts[slot] ?? 0,
      usedUnixMillis: snapshot.usedAt(slot),
    });
  }
  return streams.filter(({ series }) => series.length > 0);
}

const GAUGES = new Map<number, NonNullable<SavedSeries['gauge']>>([
  [GAUGE_SET, 'set'],
  [GAUGE_ELAPSED, 'elapsed'],
  [GAUGE_ADDED, 'added'],
  [GAUGE_HELD, 'held'],
]);

/** Undefined: nothing was recorded, or it was withdrawn. */
function valueOf(
  { totals, gaugeKinds, cells }: Snapshot,
  slot: number,
  definition: StreamDefinition,
  histogram: number,
): number | HistogramValue | undefined {
  const width = cellWidthOf(definition);
  const total = totals[slot] ?? 0;
  if (definition.kind === 'GAUGE') return gaugeKinds[slot] === GAUGE_ABSENT ? undefined : total;
  if (width === 0) return Object.is(total, 0) ? undefined : total + 0;
  const cell = cells.subarray(histogram >>> 3, (histogram >>> 3) + width);
  if (Object.is(cell[0], 0)) return undefined;
  const { count, ...rest } = valueAt({ length: 1, numbers: NO_NUMBERS, cells: cell }, 0) as HistogramValue;
  return { count: count + 0, ...rest };
}

/** As it stands beside a slot, read as a double. */
function markOf(epoch: bigint): number {
  return new Float64Array(BigInt64Array.of(epoch).buffer)[0] ?? 0;
}
