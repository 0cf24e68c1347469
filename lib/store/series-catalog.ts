/*
 * What a collecting thread knows about series: read once from shared memory, because a slot's definition never changes.
 * One per thread and store.
 */
import type { Attributes } from '@opentelemetry/api';
import type { Region } from '../memory/region.js';
import { isLive, readSlot, slotsEnd } from '../memory/tables.js';
import { loadText } from '../memory/text.js';
import { CELL_GAUGE } from '../memory/words.js';
import { parseAttributes } from './attributes.js';
import type { RegisteredStream, StreamRegistry } from './stream-registry.js';

export interface Series {
  readonly slot: number;
  readonly stream: RegisteredStream;
  readonly attributes: Attributes;
  readonly startUnixMillis: number;
  /** Where its cells stand in every histogram area. */
  readonly histogram: number;
}

/** Of the one series that takes what has no series of its own. */
export const OVERFLOW_ATTRIBUTES: Attributes = Object.freeze({ 'otel.metric.overflow': true });

export class SeriesCatalog {
  readonly #region: Region;
  readonly #registry: StreamRegistry;
  readonly #series: (Series | undefined)[] = [];
  readonly #gauges: number[] = [];
  #gaugesEnd = 0;

  constructor(region: Region, registry: StreamRegistry) {
    this.#region = region;
    this.#registry = registry;
  }

  /** The series of a slot, or undefined while it is being admitted. */
  at(slot: number): Series | undefined {
    const known = this.#series[slot];
    if (known !== undefined || !isLive(this.#region, slot)) return known;
    const record = readSlot(this.#region, slot);
    const isOverflow = slot < this.#region.layout.maxStreams;
    const series: Series = {
      slot,
      stream: this.#registry.at(record.stream),
      attributes: isOverflow
        ? OVERFLOW_ATTRIBUTES
        : parseAttributes(loadText(this.#region, record.textAddress, record.textLength)),
      startUnixMillis: record.startUnixMillis,
      histogram: record.histogram,
    };
    this.#series[slot] = series;
    return series;
  }

  /** Slots that may hold something: the overflow series of all streams, then all series. */
  *slots(): Generator<number> {
    const streams = this.#registry.all().length;
    for (let slot = 0; slot < streams; slot++) yield slot;
    const end = slotsEnd(this.#region);
    for (let slot = this.#region.layout.maxStreams; slot < end; slot++) yield slot;
  }

  /** Slots of gauges, overflow series not counted. */
  gaugeSlots(): readonly number[] {
    const end = slotsEnd(this.#region);
    if (this.#gaugesEnd === 0) this.#gaugesEnd = this.#region.layout.maxStreams;
    // Stops at a slot that is being admitted, and goes on there next time.
    for (; this.#gaugesEnd < end && isLive(this.#region, this.#gaugesEnd); this.#gaugesEnd++)
      if (readSlot(this.#region, this.#gaugesEnd).cell === CELL_GAUGE) this.#gauges.push(this.#gaugesEnd);
    return this.#gauges;
  }
}
