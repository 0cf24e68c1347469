// Goal: whoever gets a slot that somebody else had, in whatever order threads record, remove, hide places and collect, every
// reader of every thread shows what was recorded, as that series' and as nobody else's. Method: commands drawn by fast-check
// to two threads' views of one memory, and lists of what was recorded.
import { expect } from 'chai';
import fc from 'fast-check';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import type { StoreReader } from '../../../lib/store/collect/store-reader.js';
import { HiddenPlaces } from '../../../lib/store/collect/hidden-places.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import { SeriesPlaces } from '../../../lib/store/record/series-places.js';
import { attachCore, createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';

const INSTRUMENTS = ['counter', 'waits', 'runs'] as const;
const SETS = ['a', 'b', 'c'] as const;
const HIDDEN_LIMIT = 3;

type Name = (typeof INSTRUMENTS)[number];
type Numbers = Record<string, readonly number[]>;

/** Several sets of an instrument, or collections, at once: a slot is free only after some of both. */
type Command =
  | {
      readonly does: 'record' | 'remove';
      readonly thread: number;
      readonly names: readonly Name[];
      readonly sets: readonly string[];
    }
  | { readonly does: 'hide'; readonly thread: number; readonly sets: readonly string[] }
  | { readonly does: 'give back'; readonly thread: number }
  | {
      readonly does: 'collect';
      readonly thread: number;
      readonly reader: 'cumulative' | 'delta' | 'nobody';
      readonly times: number;
    };

const thread = fc.nat({ max: 1 });
const names = fc.subarray([...INSTRUMENTS], { minLength: 1 });
const sets = fc.subarray([...SETS], { minLength: 1 });
const COMMANDS = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ does: fc.constant('record' as const), thread, names, sets }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('remove' as const), thread, names, sets }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('hide' as const), thread, sets }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('give back' as const), thread }) },
    {
      weight: 6,
      arbitrary: fc.record({
        ...{ does: fc.constant('collect' as const), thread, times: fc.integer({ min: 1, max: 4 }) },
        reader: fc.constantFrom('cumulative' as const, 'delta' as const, 'nobody' as const),
      }),
    },
  ),
  { minLength: 6, maxLength: 30, size: 'max' },
);

/** Two threads' views of one memory, without threads, and what they must show. */
class Threads {
  readonly #cores: readonly StoreCore[];
  readonly #hasDeltas: readonly boolean[];
  readonly #readers: readonly Readonly<Record<'cumulative' | 'delta', StoreReader>>[];
  /** By thread. */
  readonly #hidden: readonly SeriesPlaces[];
  readonly #hiddenStream: number;
  /** What was recorded into lives that go on. */
  readonly #totals = new Map<string, number[]>();
  /** By thread, what was recorded since its delta reader collected. */
  readonly #owed: readonly Map<string, number[]>[];
  #value = 0;

  constructor(hasDeltas: readonly boolean[]) {
    const clock = { now: () => 1_000_000 };
    const first = createCore({ maxBytes: 2 ** 21, maxSeries: 40, maxStreams: 4, stripes: 1, clock });
    this.#cores = [first, attachCore(first.handle, { clock })];
    const definition: StreamDefinition = {
      ...{ scope: { name: 'm' }, name: 'places', description: '', unit: '', kind: 'COUNTER', valueType: 0 },
      ...{ boundaries: [], limit: HIDDEN_LIMIT, verbatim: false, ttlMillis: 1, hidden: true },
    };
    const streams = this.#cores.map(core => core.registry.register(definition, 0)!);
    this.#hiddenStream = streams[0]!.index;
    this.#hidden = this.#cores.map(
      ({ region }, index) => new SeriesPlaces(streams[index]!, { region, now: () => 0, refuse: () => {} }),
    );
    this.#readers = this.#cores.map((core, index) => ({
      cumulative: core.openReader(() => 'cumulative'),
      delta: core.openReader(() => (hasDeltas[index] ? 'delta' : 'cumulative')),
    }));
    this.#owed = hasDeltas.map(() => new Map());
    this.#hasDeltas = hasDeltas;
  }

  async obey(command: Command): Promise<void> {
    const core = this.#cores[command.thread]!;
    switch (command.does) {
      case 'record':
        for (const name of command.names) for (const k of command.sets) this.#record(core, name, k);
        break;
      case 'remove':
        for (const name of command.names)
          for (const k of command.sets)
            if (instrumentOf(core, name).remove({ k })) this.#totals.delete(`${name}/${k}`);
        break;
      case 'hide':
        for (const k of command.sets) this.#hidden[command.thread]!.admit(`{"k":"${k}"}`);
        break;
      case 'give back':
        await new HiddenPlaces(core.region, { index: this.#hiddenStream }).giveBack(
          step => core.cuts.request(step),
          () => Promise.resolve(new Set<string>()),
          () => 0,
        );
        break;
      case 'collect':
        for (let times = 0; times < command.times; times++)
          if (command.reader === 'nobody') await core.cuts.request(() => true);
          else await this.collect(command.thread, command.reader);
    }
  }

  #record(core: StoreCore, name: Name, k: string): void {
    const value = ++this.#value;
    const instrument = instrumentOf(core, name);
    if ('add' in instrument) instrument.add(value, { k });
    else instrument.record(value, { k });
    for (const values of [this.#totals, ...this.#owed]) {
      const key = `${name}/${k}`;
      values.set(key, [...(values.get(key) ?? []), value]);
    }
  }

  async collect(thread: number, kind: 'cumulative' | 'delta'): Promise<void> {
    const reader = this.#readers[thread]![kind];
    const isDelta = kind === 'delta' && this.#hasDeltas[thread] === true;
    const { streams, errors } = await reader.collect();
    expect(errors).to.deep.equal([]);
    const shown = streams.flatMap(({ definition, points }) =>
      pointsIn(points).map(({ attributes, value }): [string, readonly number[]] => [
        `${definition.name}/${String(attributes['k'])}`,
        typeof value === 'number' ? [value] : [value.count, value.sum, value.min, value.max, ...value.counts],
      ]),
    );
    const values = isDelta ? this.#owed[thread]! : this.#totals;
    const expected: Numbers = Object.fromEntries(
      [...values].map(([key, recorded]) => [key, numbersOf(key, recorded)]),
    );
    expect(shown.length, 'each once').to.equal(new Set(shown.map(([key]) => key)).size);
    expect(Object.fromEntries(shown)).to.deep.equal(expected);
    if (!isDelta) return;
    this.#owed[thread]!.clear();
    reader.acknowledge();
  }

  shutdown(): void {
    for (const core of this.#cores) core.shutdown();
  }
}

const BOUNDARY = 20;

function instrumentOf(core: StoreCore, name: Name) {
  const meter = meterOf(core, 'm');
  if (name === 'counter') return meter.createCounter(name);
  return meter.createHistogram(name, { advice: { explicitBucketBoundaries: [BOUNDARY] } });
}

function numbersOf(key: string, values: readonly number[]): readonly number[] {
  const sum = values.reduce((one, other) => one + other, 0);
  if (key.startsWith('counter')) return [sum];
  const low = values.filter(value => value <= BOUNDARY).length;
  return [values.length, sum, Math.min(...values), Math.max(...values), low, values.length - low];
}

describe('slots that change hands', () => {
  it('should show what was recorded, and as nobody else’s, in every reader of two threads', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.tuple(fc.boolean(), fc.boolean()), COMMANDS, async (hasDeltas, commands) => {
        const threads = new Threads(hasDeltas);
        try {
          for (const command of commands) await threads.obey(command);
          for (const thread of [0, 1])
            for (const kind of ['cumulative', 'delta'] as const) await threads.collect(thread, kind);
        } finally {
          threads.shutdown();
        }
      }),
      { numRuns: 200 },
    );
  });
});
