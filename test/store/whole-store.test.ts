// Goal: whatever one thread does to a store, in whatever order, each reader is shown exactly what was recorded. Method:
// commands drawn by fast-check, done to a real store and to a model of lists; what differs is a mistake in one of them.
import { inspect } from 'node:util';
import type { Attributes } from '@opentelemetry/api';
import { AggregationType, createAllowListAttributesProcessor } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { createStore, type MetricStore } from '../../lib/index.js';
import { MEBIBYTE, PAGE_BYTES } from '../../lib/limits.js';
import { computeLayout } from '../../lib/memory/layout.js';
import { coreOf, type StoreCore } from '../../lib/store/store-core.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import { reportStreams } from '../../lib/store/store-report.js';
import type { Cut, InstrumentKind, Temporality } from '../../lib/store/definition/stream.js';
import {
  ExpectedStore,
  OVERFLOW,
  type ExpectedPoint,
  type ExpectedReader,
  type ExpectedStream,
  type Kind,
} from './expected-store.js';
import * as plan from './store-commands.js';
import { pointsIn } from '../support/points.js';

const LIMIT = 3;
const VIEWS = [
  {
    instrumentName: 'viewed',
    name: 'renamed',
    aggregationCardinalityLimit: 2,
    attributesProcessors: [createAllowListAttributesProcessor(['l'])],
  },
  { instrumentName: 'viewed', name: 'second', description: 'as it comes' },
  { instrumentName: 'dropped', aggregation: { type: AggregationType.DROP } as const },
];
const STREAMS: readonly ExpectedStream[] = [
  { name: 'counter', kind: 'COUNTER', boundaries: [], limit: LIMIT },
  { name: 'up.down', kind: 'UP_DOWN_COUNTER', boundaries: [], limit: LIMIT },
  { name: 'histogram', kind: 'HISTOGRAM', boundaries: [0, 2.5, 10], limit: LIMIT },
  { name: 'gauge', kind: 'GAUGE', boundaries: [], limit: LIMIT },
  { name: 'renamed', kind: 'COUNTER', boundaries: [], limit: 2 },
  { name: 'second', kind: 'COUNTER', boundaries: [], limit: LIMIT },
];
/** The streams of each instrument, in the order of `INSTRUMENTS`. */
const STREAMS_OF = [[0], [1], [2], [3], [4, 5], []];
const KINDS: readonly Kind[] = ['COUNTER', 'UP_DOWN_COUNTER', 'HISTOGRAM', 'GAUGE', 'COUNTER', 'COUNTER'];
const TEMPORALITIES: readonly ((kind: InstrumentKind) => Temporality)[] = [
  () => 'cumulative',
  () => 'delta',
  () => 'delta',
  kind => (kind === 'COUNTER' || kind === 'HISTOGRAM' ? 'delta' : 'cumulative'),
];

/** Holds the definitions and a few labels. */
const FEW_LABEL_BYTES = 1700;
const STRIPES = 2;

/** A budget that holds one series of a histogram beside its overflow series. */
function bytesForFewHistograms(maxSeries: number, maxLabelBytes: number, isShared: boolean): number {
  const stripes = isShared ? STRIPES : 1;
  const request = { maxBytes: MEBIBYTE, stripes, maxStreams: 8, maxBoundaries: 3, maxSeries, maxLabelBytes };
  return computeLayout(request).textEnd + (9 + 2 * stripes) * 256;
}

type Recording = Record<'add' | 'record' | 'recordElapsed', (value: unknown, attributes?: unknown) => void>;
type Instrument = Recording & { bind: (attributes: unknown) => Recording };

interface Account {
  real: StoreReader;
  expected: ExpectedReader;
  /** By stream: how much had been recorded before this reader was opened, and what arrived since. */
  before: number[];
  arrived: number[];
}

class Run {
  readonly #store: MetricStore;
  readonly #core: StoreCore;
  readonly #expected: ExpectedStore;
  readonly #isScarce: boolean;
  readonly #instruments: Instrument[];
  readonly #handles = new Map<string, Recording>();
  readonly #accounts: Account[];
  /** Sets that were looked for, with their stream. */
  readonly #seen = new Set<string>();
  /** By stream: the sum of everything that was taken, now and at the last cut. Of histograms the number of records. */
  readonly #recorded = STREAMS.map(() => 0);
  #drained = STREAMS.map(() => 0);
  #now = 1_000_000;

  constructor({ lacks, ...options }: plan.Scarcity) {
    const maxLabelBytes = lacks === 'label bytes' ? FEW_LABEL_BYTES : PAGE_BYTES;
    this.#store = createStore({
      ...options,
      cardinalityLimit: LIMIT,
      stripes: STRIPES,
      maxStreams: 8,
      maxBoundaries: 3,
      maxLabelValueLength: plan.LABEL_VALUE_LENGTH,
      maxLabelBytes,
      maxBytes:
        lacks === 'histograms'
          ? bytesForFewHistograms(options.maxSeries, maxLabelBytes, options.shared)
          : MEBIBYTE,
      views: VIEWS,
      clock: { now: () => this.#now },
    });
    this.#core = coreOf(this.#store);
    this.#isScarce = lacks !== 'nothing';
    this.#instruments = plan.INSTRUMENTS.map((_, index) => this.#create(index));
    expect(reportStreams(this.#core).map(({ name }) => name)).to.deep.equal(STREAMS.map(({ name }) => name));
    const limits = { ttlMillis: options.seriesTtlMillis, maxSeries: options.maxSeries };
    this.#expected = new ExpectedStore(STREAMS, limits, this.#now);
    this.#accounts = TEMPORALITIES.map(temporality => this.#open(temporality));
  }

  async do(command: plan.Command): Promise<void> {
    switch (command.do) {
      case 'record':
        this.#record(command);
        break;
      case 'bind':
        this.#bind(command);
        break;
      case 'create':
        this.#instruments[command.instrument] = this.#create(command.instrument);
        break;
      case 'wait':
        this.#now += command.millis;
        break;
      case 'collect':
        await this.#collect(this.#account(command.reader), command.arrives);
        break;
      case 'reopen':
        this.#account(command.reader).real.close();
        this.#expected.close(this.#account(command.reader).expected);
        this.#accounts[command.reader] = this.#open(TEMPORALITIES[command.reader]!);
    }
    const { series, reclaimedSeries, labelBytes, maxLabelBytes } = this.#store.statistics();
    expect({ series, reclaimedSeries }).to.deep.equal({
      series: this.#expected.series,
      reclaimedSeries: this.#expected.reclaimed,
    });
    expect(labelBytes).to.be.at.most(maxLabelBytes);
  }

  /** Every delta reader has got what was recorded since it was opened. */
  async end(): Promise<void> {
    for (const account of this.#accounts) {
      await this.#collect(account, true);
      STREAMS.forEach(({ name, kind }, index) => {
        if (kind !== 'GAUGE' && account.expected.temporality(kind) === 'delta')
          expect(account.arrived[index], `${name} in all deltas`).to.deep.equal(
            this.#recorded[index]! - account.before[index]!,
          );
      });
    }
    await this.#store.shutdown();
  }

  #create(index: number): Instrument {
    const meter = this.#store.getMeter('m');
    const name = plan.INSTRUMENTS[index] ?? '';
    const made =
      name === 'up.down'
        ? meter.createUpDownCounter(name)
        : name === 'histogram'
          ? meter.createHistogram(name, { advice: { explicitBucketBoundaries: [0, 2.5, 10] } })
          : name === 'gauge'
            ? meter.createGauge(name)
            : meter.createCounter(name);
    return made as unknown as Instrument;
  }

  #open(temporality: (kind: InstrumentKind) => Temporality): Account {
    return {
      real: this.#core.openReader(temporality),
      expected: this.#expected.open(temporality),
      before: [...this.#drained],
      arrived: STREAMS.map(() => 0),
    };
  }

  #account(reader: number): Account {
    return this.#accounts[reader]!;
  }

  #bind({ instrument, set }: { readonly instrument: number; readonly set: number }): void {
    const texts = this.#textsOf(instrument, set);
    // A handle that is known already does not look for its series before it records.
    if (!texts.some(({ stream, text }) => this.#seen.has(`${stream} ${text}`)))
      this.#place(texts, () => void this.#handle(instrument, set));
  }

  #record({ instrument, set, bound, measurement }: plan.Command & { do: 'record' }): void {
    const { operation, value } = measurement;
    const kind = KINDS[instrument]!;
    const name = kind === 'GAUGE' ? operation : kind === 'HISTOGRAM' ? 'record' : 'add';
    const isTaken = takes(kind, value);
    const texts = this.#textsOf(instrument, set);
    // What is refused finds no series; but to bind would.
    const isBound = bound && (isTaken || this.#handles.has(`${instrument} ${set}`));
    const places = this.#place(isTaken ? texts : [], () => {
      if (isBound) this.#handle(instrument, set)[name](value);
      else this.#instruments[instrument]![name](value, plan.SETS[set]!.make());
    });
    if (!isTaken) return;
    for (const { series, stream } of places) {
      this.#expected.record(series, value as number, operation);
      this.#recorded[stream]! += kind === 'HISTOGRAM' ? 1 : (value as number);
    }
  }

  #handle(instrument: number, set: number): Recording {
    const key = `${instrument} ${set}`;
    const handle = this.#handles.get(key) ?? this.#instruments[instrument]!.bind(plan.SETS[set]!.make());
    this.#handles.set(key, handle);
    return handle;
  }

  #textsOf(instrument: number, set: number): { stream: number; text: string }[] {
    const { shown } = plan.SETS[set]!;
    return STREAMS_OF[instrument]!.flatMap(stream => {
      // What a View leaves out is not even read.
      const kept = STREAMS[stream]!.name === 'renamed' ? pick(shown ?? {}, 'l') : shown;
      return kept === undefined ? [] : [{ stream, text: textOf(kept) }];
    });
  }

  /** Does something to the store, and says to which series it must have gone. */
  #place(
    texts: readonly { readonly stream: number; readonly text: string }[],
    act: () => void,
  ): { readonly stream: number; readonly series: ReturnType<ExpectedStore['place']> }[] {
    const before = reportStreams(this.#core);
    act();
    const after = reportStreams(this.#core);
    // A set that is refused once more is not counted once more.
    const isRefused = (stream: number): boolean => after[stream]!.overflowed > before[stream]!.overflowed;
    const isAdmitted = (stream: number): boolean => after[stream]!.series > before[stream]!.series;
    // Two streams of one record may want one place: a handle that is remembered looks for its series after a new one.
    const inOrder = [...texts].sort((a, b) => Number(isAdmitted(b.stream)) - Number(isAdmitted(a.stream)));
    return inOrder.map(({ stream, text }) => {
      this.#seen.add(`${stream} ${text}`);
      if (!this.#isScarce && isRefused(stream))
        expect(this.#expected.isFull(stream), `${text} was refused`).to.equal(true);
      return {
        stream,
        series: this.#expected.place(stream, text, !this.#isScarce || isAdmitted(stream), this.#now),
      };
    });
  }

  async #collect({ real, expected, arrived }: Account, arrives: boolean): Promise<void> {
    const cut = await real.collect();
    expect(cut.errors).to.deep.equal([]);
    const points = pointsOf(cut);
    const shown = describePoints(points);
    const right = describePoints(this.#expected.collect(expected, this.#now));
    expect(shown, `shown:\n${shown}\nright:\n${right}\n`).to.equal(right);
    this.#drained = [...this.#recorded];
    if (!arrives) return;
    real.acknowledge();
    expected.arrived = true;
    for (const { stream, value } of points)
      arrived[STREAMS.findIndex(({ name }) => name === stream)]! +=
        typeof value === 'number' ? value : value.count;
  }
}

function takes(kind: Kind, value: unknown): boolean {
  if (typeof value !== 'number') return false;
  if (kind === 'GAUGE') return true;
  if (kind === 'HISTOGRAM') return value >= 0;
  return Number.isFinite(value) && (value >= 0 || kind === 'UP_DOWN_COUNTER');
}

function pick(attributes: Attributes, key: string): Attributes {
  return key in attributes ? { [key]: attributes[key] } : {};
}

function textOf(attributes: Attributes): string {
  return inspect(
    Object.keys(attributes)
      .sort()
      .map(key => [key, attributes[key]]),
  );
}

function pointsOf({ streams }: Cut): ExpectedPoint[] {
  return streams.flatMap(({ definition: { name, limit }, points }) => {
    const shown = pointsIn(points).map(({ attributes, startUnixMillis: start, value }) => {
      const set = attributes['otel.metric.overflow'] === true ? OVERFLOW : textOf(attributes);
      return { stream: name, set, start, value };
    });
    const sets = new Set(shown.map(({ set }) => set));
    expect(sets.size, `points of ${name} that cannot be told apart`).to.equal(shown.length);
    sets.delete(OVERFLOW);
    expect(sets.size, `series of ${name}`).to.be.at.most(limit);
    return shown;
  });
}

function describePoints(points: readonly ExpectedPoint[]): string {
  // Zero has no sign here.
  const plain = (value: ExpectedPoint['value']): unknown =>
    typeof value === 'number' ? value + 0 : { ...value, sum: value.sum + 0 };
  return points
    .map(({ stream, set, start, value }) => `${stream} ${set} since ${start}: ${inspect(plain(value))}`)
    .sort()
    .join('\n');
}

describe('a whole store', () => {
  it('should show each reader exactly what was recorded, whatever happens in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(plan.scarcity, plan.commands, async (scarcity, commands) => {
        const run = new Run(scarcity);
        for (const command of commands) await run.do(command);
        await run.end();
      }),
      { numRuns: Number(process.env['STORE_RUNS'] ?? 200) },
    );
  });
});
