// How the budget is divided: every (stripe, slot) pair has its cells from the beginning, at an address that is computed
// and never looked up. Memory that nobody touched costs no RSS, so a cell that is never used costs address space only,
// and an admitted series can never be without a cell. All-zero memory is a valid empty store; only the constants of the
// header are ever written beforehand.
//
// Pure computation: any thread may call it.
import { MetricStoreError } from '../errors.js';
import { MEBIBYTE, PAGE_BYTES, STORE_BYTES_MAX, STRIPES_MAX } from '../limits.js';
import * as words from './words.js';

/** What the budget is divided for. */
export interface LayoutRequest {
  readonly maxBytes: number;
  readonly stripes: number;
  readonly maxStreams: number;
  readonly maxBoundaries: number;
  /** Absent: what a quarter of the budget holds. */
  readonly maxSeries?: number;
  /** Absent: a quarter of the budget. */
  readonly maxLabelBytes?: number;
}

/** First counts and sizes, then the addresses of the areas. Areas with an index stand one behind the other. */
export interface Layout {
  readonly stripes: number;
  readonly maxStreams: number;
  readonly maxSeries: number;
  readonly maxLabelBytes: number;
  /** Series and overflow series together. */
  readonly slotCount: number;
  readonly hashHeadCount: number;
  /** What one copy of all histogram cells may take. */
  readonly histogramBytes: number;
  readonly pages: number;

  readonly streamTable: number;
  readonly hashHeads: number;
  readonly slotTable: number;
  readonly slotWords: number;
  readonly histogramFree: number;
  readonly textFree: number;
  readonly gauges: number;
  readonly totals: number;
  readonly gaugeKinds: number;
  readonly firstSeen: number;
  readonly scalarBanks: number;
  readonly logs: number;
  readonly planeScalars: number;
  readonly planeLogs: number;
  readonly text: number;
  readonly textEnd: number;
  readonly histogramTotals: number;
  readonly histogramBanks: number;
  readonly planeHistograms: number;
  /** Of a u32 for each stream: the address of its sketch. */
  readonly sketchHeads: number;
  /** Up to the end; there may be no room for any. */
  readonly sketches: number;
  readonly end: number;
}

const HALVES = 2 * words.PLANE_COUNT;
/** Banks and halves hold 8 bytes for a scalar and 4 for a note that it was touched. */
const SCALAR_AND_NOTE = 12;

/** Address space that one slot takes, histogram cells and text not counted. */
function bytesPerSlot(stripes: number): number {
  return words.SLOT_SIZE + words.GAUGE_SIZE + 8 + 4 + 4 + 8 + (2 * stripes + HALVES) * SCALAR_AND_NOTE;
}

/** How many copies of a histogram's cells there are: totals, two banks a stripe, two halves a delta reader. */
function histogramCopies(stripes: number): number {
  return 1 + 2 * stripes + HALVES;
}

/**
 * Buckets, in words, of the widest cell that free lists are kept for, whatever boundaries are allowed: an exponential
 * histogram's 160, and four words that say where they stand.
 */
const EXPONENTIAL_WIDTH_MAX = 164;

/** Part of the budget that is for sketches of what was refused, and how much that is at most. */
const SKETCH_PART = 64;
const SKETCH_BYTES_MAX = 16 * MEBIBYTE;

const align = (address: number, to = 128): number => Math.ceil(address / to) * to;

/** Everything but the histograms, which get the rest of the budget. */
function divide(request: LayoutRequest) {
  const { maxBytes, stripes, maxStreams, maxBoundaries } = request;
  const maxSeries =
    request.maxSeries ?? Math.max(1, Math.floor(maxBytes / 4 / bytesPerSlot(stripes)) - maxStreams);
  const maxLabelBytes = align(request.maxLabelBytes ?? Math.floor(maxBytes / 4));
  const slotCount = maxStreams + maxSeries;
  const hashHeadCount = 2 ** Math.ceil(Math.log2(Math.max(16, maxSeries)));
  let end = words.HEADER_SIZE;
  const take = (bytes: number): number => {
    const start = end;
    end = align(end + bytes);
    return start;
  };
  const areas = {
    streamTable: take(maxStreams * words.STREAM_SIZE),
    hashHeads: take(hashHeadCount * 4),
    slotTable: take(slotCount * words.SLOT_SIZE),
    slotWords: take(slotCount * 4),
    histogramFree: take((align(Math.max(maxBoundaries + 1, EXPONENTIAL_WIDTH_MAX), 8) / 8 + 1) * 4),
    textFree: take(words.TEXT_LISTS * 4),
    gauges: take(slotCount * words.GAUGE_SIZE),
    totals: take(slotCount * 8),
    gaugeKinds: take(slotCount * 4),
    firstSeen: take(slotCount * 8),
    scalarBanks: take(2 * stripes * align(slotCount * 8)),
    logs: take(2 * stripes * align(slotCount * 4)),
    planeScalars: take(HALVES * align(slotCount * 8)),
    planeLogs: take(HALVES * align(slotCount * 4)),
    text: take(maxLabelBytes),
    textEnd: end,
  };
  const widest = align(words.HISTOGRAM_HEAD_SIZE + align(maxBoundaries + 1, 8) * 8);
  return {
    areas,
    maxSeries,
    maxLabelBytes,
    slotCount,
    hashHeadCount,
    needed: end + histogramCopies(stripes) * widest,
  };
}

/**
 * Divides the budget.
 *
 * @throws MetricStoreError BUDGET_TOO_SMALL when what was asked for does not fit, with what would.
 */
export function computeLayout(request: LayoutRequest): Layout {
  const { maxBytes, stripes, maxStreams } = request;
  const { areas, needed, ...counts } = divide(request);
  if (needed > maxBytes) throw tooSmall(request);
  const copies = histogramCopies(stripes);
  const sketchBytes = sketchBytesOf(request, maxBytes - needed);
  const histogramBytes = Math.floor((maxBytes - sketchBytes - areas.textEnd) / copies / 128) * 128;
  const histogramBanks = areas.textEnd + histogramBytes;
  const planeHistograms = histogramBanks + 2 * stripes * histogramBytes;
  const sketchHeads = planeHistograms + HALVES * histogramBytes;
  const end = sketchHeads + sketchBytes;
  return {
    ...areas,
    ...counts,
    stripes,
    maxStreams,
    histogramBytes,
    histogramTotals: areas.textEnd,
    histogramBanks,
    planeHistograms,
    sketchHeads,
    sketches: Math.min(end, sketchHeads + align(maxStreams * 4)),
    end,
    pages: Math.ceil(end / PAGE_BYTES),
  };
}

/** They make no budget too small: they take of what is left, and without room for one there are none. */
function sketchBytesOf({ maxBytes, maxStreams }: LayoutRequest, left: number): number {
  const bytes = Math.floor(Math.min(maxBytes / SKETCH_PART, SKETCH_BYTES_MAX, left) / 128) * 128;
  return bytes >= align(maxStreams * 4) + words.SKETCH_SIZE ? bytes : 0;
}

function tooSmall(request: LayoutRequest): MetricStoreError {
  const { maxBytes, stripes, maxStreams } = request;
  const { maxSeries, maxLabelBytes, needed } = divide(request);
  // What was not asked for is a part of the budget, so it grows with it: the first budget that holds its own parts.
  let enough = maxBytes;
  for (let least = needed; least > enough && enough <= STORE_BYTES_MAX;)
    least = divide({ ...request, maxBytes: (enough = Math.ceil(least / MEBIBYTE) * MEBIBYTE) }).needed;
  const advice =
    enough > STORE_BYTES_MAX
      ? 'lower one of them'
      : `raise maxBytes to ${enough / MEBIBYTE} MiB or lower one of them`;
  return new MetricStoreError(
    'BUDGET_TOO_SMALL',
    `maxBytes is ${maxBytes}, but ${maxSeries} series, ${stripes} stripes, ${maxStreams} streams and ${maxLabelBytes} label bytes ` +
      `need at least ${needed} (at most ${STORE_BYTES_MAX}): ${advice}`,
  );
}

/** Each word of the header that follows from the layout and never changes: its address, and what stands in it. */
function constantsOf(layout: Layout): [address: number, value: number][] {
  const constants: [number, number][] = [
    [words.LAYOUT_SLOT_COUNT, layout.slotCount],
    [words.LAYOUT_STREAM_COUNT, layout.maxStreams],
    [words.LAYOUT_HISTOGRAM_BYTES, layout.histogramBytes],
    [words.LAYOUT_STRIPE_COUNT, layout.stripes],
    [words.LAYOUT_STREAM_TABLE, layout.streamTable],
    [words.LAYOUT_HASH_HEADS, layout.hashHeads],
    [words.LAYOUT_HASH_MASK, layout.hashHeadCount - 1],
    [words.LAYOUT_SLOT_TABLE, layout.slotTable],
    [words.LAYOUT_SLOT_WORDS, layout.slotWords],
    [words.LAYOUT_HISTOGRAM_FREE, layout.histogramFree],
    [words.LAYOUT_TEXT_FREE, layout.textFree],
    [words.LAYOUT_GAUGES, layout.gauges],
    [words.LAYOUT_TOTALS, layout.totals],
    [words.LAYOUT_GAUGE_KINDS, layout.gaugeKinds],
    [words.LAYOUT_FIRST_SEEN, layout.firstSeen],
    [words.LAYOUT_TEXT, layout.text],
    [words.LAYOUT_TEXT_END, layout.textEnd],
    [words.LAYOUT_HISTOGRAM_TOTALS, layout.histogramTotals],
  ];
  for (let bank = 0; bank < 2 * layout.stripes; bank++) {
    const line = words.STRIPES + (bank >> 1) * words.STRIPE_SIZE + (bank & 1) * 4;
    constants.push(
      [line + words.STRIPE_SCALARS, layout.scalarBanks + bank * align(layout.slotCount * 8)],
      [line + words.STRIPE_LOGS, layout.logs + bank * align(layout.slotCount * 4)],
      [line + words.STRIPE_HISTOGRAMS, layout.histogramBanks + bank * layout.histogramBytes],
    );
  }
  for (let half = 0; half < HALVES; half++) {
    const line = words.PLANES + (half >> 1) * words.PLANE_SIZE + (half & 1) * 4;
    constants.push(
      [line + words.PLANE_SCALARS, layout.planeScalars + half * align(layout.slotCount * 8)],
      [line + words.PLANE_LOGS, layout.planeLogs + half * align(layout.slotCount * 4)],
      [line + words.PLANE_HISTOGRAMS, layout.planeHistograms + half * layout.histogramBytes],
    );
  }
  return constants;
}

/**
 * Writes what never changes of the header. Only the creator calls this, before anybody else has the memory.
 *
 * @param secret SECRET_BYTES that nobody can guess
 */
export function writeHeader(buffer: SharedArrayBuffer, layout: Layout, secret: Uint8Array): void {
  if (words.STRIPES + STRIPES_MAX * words.STRIPE_SIZE > words.HEADER_SIZE)
    throw new MetricStoreError('IMPOSSIBLE', 'the stripes do not fit into the header: please report this');
  const u32 = new Uint32Array(buffer, 0, words.HEADER_SIZE / 4);
  for (const [address, value] of constantsOf(layout)) u32[address / 4] = value;
  u32[words.TEXT_USED_END / 4] = layout.text;
  new Uint8Array(buffer, words.SECRET, words.SECRET_BYTES).set(secret);
  // Published last: who attaches looks at these two first.
  u32[words.FORMAT / 4] = FORMAT_VERSION;
  u32[words.MAGIC / 4] = MAGIC_VALUE;
}

/**
 * What makes a header another one than `writeHeader` would write; undefined if nothing does.
 *
 * @param buffer as long as the layout says
 */
export function findForeignWord(buffer: SharedArrayBuffer, layout: Layout): string | undefined {
  const u32 = new Uint32Array(buffer, 0, words.HEADER_SIZE / 4);
  const magic = u32[words.MAGIC / 4] ?? 0;
  const format = u32[words.FORMAT / 4] ?? 0;
  if (magic !== MAGIC_VALUE || format !== FORMAT_VERSION)
    return `magic ${magic} and format ${format}, expected are ${MAGIC_VALUE} and ${FORMAT_VERSION}`;
  const foreign = constantsOf(layout).find(([address, value]) => u32[address / 4] !== value);
  return foreign && `${u32[foreign[0] / 4]} at address ${foreign[0]}, expected is ${foreign[1]}`;
}

/** "OAMS" in memory order. */
export const MAGIC_VALUE = 0x534d414f;
/** Changes with every change of words.ts or of this file that another copy of the package would misread. */
export const FORMAT_VERSION = 9;
