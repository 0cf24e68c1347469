/*
 * Metrics that are exposed under exactly the name they were declared with: what Argo's custom metrics are recorded into.
 * Definitions live in the store; the first one of a name wins in all threads.
 */
import { GAUGE_ABSENT, GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_SET } from '../memory/words.js';
import type { StoreCore } from '../store/store-core.js';
import type { InstrumentKind } from '../store/stream.js';
import type { StreamWriter } from '../store/stream-writer.js';

/** The scope of all custom metrics. */
export const CUSTOM_SCOPE = 'otel-argo-metrics';

export interface CustomInstrumentDefinition {
  readonly name: string;
  readonly help: string;
  readonly unit?: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly boundaries?: readonly number[];
}

/** One series. Belongs to the thread that asked for it. Never throws; the caller has checked the values. */
export interface CustomSeries {
  /** Adds to a counter or a gauge. */
  add(value: number): void;
  /** Sets a gauge. */
  set(value: number): void;
  /** Records into a histogram. */
  record(value: number): void;
  /** Realtime gauge: from now on the value is the seconds since this time, computed when somebody collects. */
  recordElapsed(startUnixMillis: number): void;
  /** The gauge leaves the exposition until it is written again. */
  clear(): void;
}

export interface CustomInstrument {
  /** The one that won, which may differ in its boundaries from what was asked for. */
  readonly definition: CustomInstrumentDefinition;
  series(labels: Readonly<Record<string, string>>): CustomSeries;
}

export type CustomInstrumentResult =
  | { readonly instrument: CustomInstrument }
  | { readonly conflict: { readonly help: string; readonly type: string } }
  | { readonly full: true };

const KINDS: Record<CustomInstrumentDefinition['type'], InstrumentKind> = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  histogram: 'HISTOGRAM',
};

/** Argo's unit of every custom metric. */
const CUSTOM_UNIT = '{item}';

/** Defines a metric, or finds it. `full`: the store has no room for another stream. */
export function defineCustomInstrument(
  core: StoreCore,
  definition: CustomInstrumentDefinition,
): CustomInstrumentResult {
  const writer = core.writer({
    scope: { name: CUSTOM_SCOPE },
    name: definition.name,
    description: definition.help,
    unit: definition.unit ?? CUSTOM_UNIT,
    valueType: 1,
    kind: KINDS[definition.type],
    boundaries: definition.type === 'histogram' ? (definition.boundaries ?? []) : [],
    limit: core.options.cardinalityLimit,
    verbatim: true,
  });
  if (writer === undefined) return { full: true };
  const { kind, description } = writer.stream.definition;
  if (kind !== KINDS[definition.type] || description !== definition.help)
    return { conflict: { help: description, type: TYPES.get(kind) ?? kind } };
  return { instrument: new WrittenInstrument(core, writer) };
}

const TYPES = new Map<InstrumentKind, CustomInstrumentDefinition['type']>([
  ['COUNTER', 'counter'],
  ['GAUGE', 'gauge'],
  ['HISTOGRAM', 'histogram'],
]);

class WrittenInstrument implements CustomInstrument {
  readonly definition: CustomInstrumentDefinition;
  readonly #core: StoreCore;
  readonly #writer: StreamWriter;
  readonly #series = new Map<number, CustomSeries>();

  constructor(core: StoreCore, writer: StreamWriter) {
    const { name, description, unit, kind, boundaries } = writer.stream.definition;
    this.definition = { name, help: description, unit, type: TYPES.get(kind) ?? 'gauge', boundaries };
    this.#core = core;
    this.#writer = writer;
  }

  series(labels: Readonly<Record<string, string>>): CustomSeries {
    const found = this.#writer.slotOf(labels, undefined);
    // Strings can always be read; should a slot be missing all the same, the overflow series takes the record.
    const slot = found < 0 ? this.#writer.stream.index : found;
    const known = this.#series.get(slot);
    if (known !== undefined) return known;
    const series = new SlotSeries(this.#core, this.#writer, slot);
    this.#series.set(slot, series);
    return series;
  }
}

class SlotSeries implements CustomSeries {
  readonly #core: StoreCore;
  readonly #writer: StreamWriter;
  readonly #slot: number;

  constructor(core: StoreCore, writer: StreamWriter, slot: number) {
    this.#core = core;
    this.#writer = writer;
    this.#slot = slot;
  }

  add(value: number): void {
    if (this.#writer.stream.definition.kind === 'GAUGE')
      this.#core.recorder.write(this.#slot, GAUGE_ADDED, value);
    else this.#core.recorder.add(this.#slot, value);
  }

  set(value: number): void {
    this.#core.recorder.write(this.#slot, GAUGE_SET, value);
  }

  record(value: number): void {
    const { boundaries, definition } = this.#writer.stream;
    this.#core.recorder.record(this.#slot, value, boundaries, definition.boundaries.length);
  }

  recordElapsed(startUnixMillis: number): void {
    this.#core.recorder.write(this.#slot, GAUGE_ELAPSED, startUnixMillis);
  }

  clear(): void {
    this.#core.recorder.write(this.#slot, GAUGE_ABSENT, 0);
  }
}
