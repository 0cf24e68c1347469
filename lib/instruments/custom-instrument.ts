// Metrics that are exposed under exactly the name they were declared with: what Argo's custom metrics are recorded into.
// Definitions live in the store; the first one of a name wins in all threads.
import { markOf } from '../memory/reclaim.js';
import type { Region } from '../memory/region.js';
import { readSlot, slotWord } from '../memory/tables.js';
import { loadText } from '../memory/text.js';
import { GAUGE_ABSENT, GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_HELD, GAUGE_SET } from '../memory/words.js';
import { DEFAULT_BOUNDARIES } from '../store/definition/boundaries.js';
import { HOLDER } from '../store/series/known-series.js';
import type { SeriesHandle } from '../store/record/series-handle.js';
import { restoreSeries, type SavedSeries } from '../store/restore.js';
import type { StoreCore } from '../store/store-core.js';
import type { InstrumentKind, StreamDefinition } from '../store/definition/stream.js';
import type { StreamWriter } from '../store/record/stream-writer.js';
import { obeyedOf, type View } from '../store/definition/view.js';
import { viewsOfVerbatim } from '../store/definition/view-matching.js';

/** The scope of all custom metrics. */
export const CUSTOM_SCOPE = 'otel-argo-metrics';

export interface CustomInstrumentDefinition {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly boundaries?: readonly number[];
  /** After how long without a record a series leaves the exposition; 0: never. @defaultValue the store's */
  readonly ttlMillis?: number;
}

/** How long a write shows, unless another one comes. */
export interface SeriesLife {
  /** Whether the series has been idle for its time to live since, or even gave its place back. */
  readonly isOver: boolean;
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
  /** Realtime gauge that has ended: the value stays until `set` or `clear`, however long nobody writes it. */
  hold(value: number): void;
  /** The gauge leaves the exposition until it is written again. */
  clear(): void;
  /** What the last write began or went on with. */
  readonly life: SeriesLife;
  /**
   * What a write goes to now, for who holds it from now on. Without a place of its own that is the overflow series: otherwise
   * a later write would go elsewhere as soon as there is room, and what stands in the overflow series would stay.
   */
  readonly pinned: CustomSeries;
  /** Names what a write goes to now: equal for labels that a View makes equal, and for all that have no place of their own. */
  readonly key: string;
}

export interface CustomInstrument {
  /** The one that won, which may differ in its boundaries from what was asked for. */
  readonly definition: CustomInstrumentDefinition;
  /**
   * @param holder of a gauge that others may report at the same time: each holder has a copy of its own, and a collection
   * shows one of them
   */
  series(labels: Readonly<Record<string, string>>, holder?: string): CustomSeries;
  /** The one that has what has no place of its own. */
  overflow(): CustomSeries;
}

export type CustomInstrumentResult =
  | { readonly instrument: CustomInstrument }
  | { readonly conflict: { readonly help: string; readonly type: string } }
  | { readonly full: true }
  /** More boundaries than the store's maxBoundaries. */
  | { readonly boundariesMax: number };

const KINDS: Record<CustomInstrumentDefinition['type'], InstrumentKind> = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  histogram: 'HISTOGRAM',
};

/** Argo's unit of every custom metric. */
const CUSTOM_UNIT = '{item}';

/** What a View may select a custom metric by: the name is the exposed one. */
function identityOf({ name, type }: Pick<CustomInstrumentDefinition, 'name' | 'type'>): CustomIdentity {
  return { scope: { name: CUSTOM_SCOPE }, name, unit: CUSTOM_UNIT, kind: KINDS[type] };
}

type CustomIdentity = Pick<StreamDefinition, 'scope' | 'name' | 'unit' | 'kind'>;

/** Whether the first View of the store that matches drops the metric. */
export function isDropped(
  core: StoreCore,
  metric: Pick<CustomInstrumentDefinition, 'name' | 'type'>,
): boolean {
  if (core.views.length === 0) return false;
  return viewOf(core, identityOf(metric))?.drop === true;
}

/**
 * The first View that matches: its limit, policies, TTL and `drop` apply. A metric has its name, labels and buckets from its
 * declaration, and is one stream; a View that says more than can be applied is told so once.
 */
function viewOf(core: StoreCore, identity: CustomIdentity): View | undefined {
  const [first, ...others] = viewsOfVerbatim(identity, core.views);
  if (first !== undefined && first.view.drop !== true) {
    const { index, withoutEffect } = first;
    if (withoutEffect.length > 0)
      sayOnce(core, index, identity.name, `${VERBATIM}, not its ${withoutEffect.map(wordOf).join(', ')}`);
    for (const other of others)
      sayOnce(core, other.index, identity.name, `View ${index} does too, ${FIRST_ONLY}`);
  }
  return first?.view;
}

const VERBATIM =
  'only limit, label policies, seriesTtlMillis and drop of a View apply where name, labels and buckets are as declared';
const FIRST_ONLY = 'and only the first one applies to a custom metric';

function sayOnce(core: StoreCore, index: number, name: string, what: string): void {
  core.say(
    'warn',
    `custom metrics and View ${index}`,
    `View ${index} matches the custom metric ${name}, but ${what}`,
  );
}

/** As the View has it. */
function wordOf(key: string): string {
  return key === 'process' ? 'attributesProcessors' : key;
}

/** What becomes of a definition under the Views of the store. */
function streamOf(
  core: StoreCore,
  definition: CustomInstrumentDefinition,
): { readonly stream: StreamDefinition; readonly labels: View['labels'] } {
  const { boundaries = [] } = definition;
  const identity = identityOf(definition);
  const given = viewOf(core, identity);
  const view = given && obeyedOf(given);
  const tries = given?.dryRun === true ? { tries: core.views.indexOf(given) } : {};
  const ttlMillis = definition.ttlMillis ?? view?.ttlMillis;
  const stream: StreamDefinition = {
    ...identity,
    description: definition.help,
    valueType: 1,
    boundaries: definition.type === 'histogram' ? boundaries : [],
    limit: view?.limit ?? core.options.cardinalityLimit,
    verbatim: true,
    ...tries,
    ...(ttlMillis === undefined ? {} : { ttlMillis }),
  };
  return { stream, labels: view?.labels };
}

/**
 * Gives the series of a metric back what they had in a process that ended: see `restoreSeries`.
 *
 * @throws MetricStoreError RESTORE_TOO_LATE, INVALID_OPTION
 */
export function restoreCustomSeries(
  core: StoreCore,
  definition: CustomInstrumentDefinition,
  series: Iterable<SavedSeries>,
): number {
  const { stream, labels } = streamOf(core, definition);
  return restoreSeries(core, stream, series, labels);
}

/** The definition that a stream of a custom metric was made of. */
export function customDefinitionOf({
  name,
  description,
  kind,
  boundaries,
  ttlMillis,
}: StreamDefinition): CustomInstrumentDefinition {
  const type = TYPES.get(kind) ?? 'gauge';
  return {
    ...{ name, help: description, type },
    ...(type === 'histogram' ? { boundaries } : {}),
    ...(ttlMillis === undefined ? {} : { ttlMillis }),
  };
}

/** Defines a metric, or finds it. `full`: the store has no room for another stream. */
export function defineCustomInstrument(
  core: StoreCore,
  definition: CustomInstrumentDefinition,
): CustomInstrumentResult {
  const { maxBoundaries } = core.options.layout;
  const { boundaries = [] } = definition;
  // The default ones always fit.
  if (boundaries.length > maxBoundaries && boundaries.join() !== DEFAULT_BOUNDARIES.join())
    return { boundariesMax: maxBoundaries };
  const { stream, labels } = streamOf(core, definition);
  const writer = core.writer(stream, undefined, labels);
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
  readonly #series = new WeakMap<SeriesHandle, CustomSeries>();
  #overflow: CustomSeries | undefined;

  constructor(core: StoreCore, writer: StreamWriter) {
    const { name, description, kind, boundaries } = writer.stream.definition;
    this.definition = { name, help: description, type: TYPES.get(kind) ?? 'gauge', boundaries };
    this.#core = core;
    this.#writer = writer;
  }

  series(labels: Readonly<Record<string, string>>, holder?: string): CustomSeries {
    // Strings can always be read; should they not, the overflow series takes the record.
    const attributes = holder === undefined ? labels : { [HOLDER]: holder, ...labels };
    const handle = this.#writer.handleOf(attributes, undefined, true) ?? this.#writer.overflow();
    return this.#seriesOf(handle);
  }

  overflow(): CustomSeries {
    return (this.#overflow ??= new WrittenSeries(this.#core, this.#writer, this.#writer.overflow()));
  }

  #seriesOf(handle: SeriesHandle): CustomSeries {
    const known = this.#series.get(handle);
    if (known !== undefined) return known;
    const series = new WrittenSeries(this.#core, this.#writer, handle, () => this.overflow());
    this.#series.set(handle, series);
    return series;
  }
}

class WrittenSeries implements CustomSeries {
  readonly #core: StoreCore;
  readonly #writer: StreamWriter;
  readonly #handle: SeriesHandle;
  readonly #overflow: (() => CustomSeries) | undefined;

  /** @param overflow undefined: this is the overflow series itself, and stays so */
  constructor(core: StoreCore, writer: StreamWriter, handle: SeriesHandle, overflow?: () => CustomSeries) {
    this.#core = core;
    this.#writer = writer;
    this.#handle = handle;
    this.#overflow = overflow;
  }

  add(value: number): void {
    if (this.#writer.stream.definition.kind === 'GAUGE')
      this.#core.recorder.write(this.#handle, GAUGE_ADDED, value);
    else this.#core.recorder.add(this.#handle, value);
  }

  set(value: number): void {
    this.#core.recorder.write(this.#handle, GAUGE_SET, value);
  }

  record(value: number): void {
    const { boundariesAddress, definition } = this.#writer.stream;
    this.#core.recorder.record(this.#handle, value, boundariesAddress, definition.boundaries.length);
  }

  recordElapsed(startUnixMillis: number): void {
    this.#core.recorder.write(this.#handle, GAUGE_ELAPSED, startUnixMillis);
  }

  hold(value: number): void {
    this.#core.recorder.write(this.#handle, GAUGE_HELD, value);
  }

  clear(): void {
    // One that is gone already is not admitted for it, and no other one gives way.
    if (this.#overflow === undefined || this.#writer.has(this.#handle))
      this.#core.recorder.write(this.#handle, GAUGE_ABSENT, 0);
  }

  get key(): string {
    this.#settle();
    const { region } = this.#core;
    const { index } = this.#writer.stream;
    if (this.#isOverflow) return `${index}`;
    const { textAddress, textLength } = readSlot(region, this.#handle.slot);
    return `${index} ${loadText(region, textAddress, textLength)}`;
  }

  get pinned(): CustomSeries {
    this.#settle();
    return this.#overflow !== undefined && this.#isOverflow ? this.#overflow() : this;
  }

  get life(): SeriesLife {
    const { slot, live } = this.#handle;
    return new WrittenLife(this.#core.region, slot, this.#isOverflow ? undefined : live);
  }

  get #isOverflow(): boolean {
    return this.#handle.slot === this.#writer.stream.index;
  }

  /** Finds, or is given, what the next write would go to. */
  #settle(): void {
    if (!this.#writer.has(this.#handle)) this.#handle.renew();
  }
}

class WrittenLife implements SeriesLife {
  readonly #region: Region;
  readonly #slot: number;
  readonly #live: number | undefined;
  /** Of the life before, until a collection finds the write. */
  readonly #mark: number;

  /** @param live undefined: of the overflow series, whose word says when others look for a place once more */
  constructor(region: Region, slot: number, live: number | undefined) {
    this.#region = region;
    this.#slot = slot;
    this.#live = live;
    this.#mark = markOf(region, slot);
  }

  get isOver(): boolean {
    if (this.#live !== undefined && slotWord(this.#region, this.#slot) !== this.#live) return true;
    // All that an overflow series has is the mark.
    const mark = markOf(this.#region, this.#slot);
    return mark !== 0 && mark !== this.#mark;
  }
}
