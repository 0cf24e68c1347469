// Goal: nothing is lost, torn or wedged when everything happens at once: threads attach, record, leave or are terminated;
// collectors are terminated inside a cut; series expire, are removed, are made to exist, and come back; the store is too small for all series and all
// labels; exports fail; memory is short. Method: a plan drawn from a seed; at each reading, what a reader was shown so far
// must lie between what had returned before and what had begun after.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { streamAdmitted } from '../../lib/memory/tables.js';
import { SeriesPlaces } from '../../lib/store/record/series-places.js';
import { coreOf } from '../../lib/store/store-core.js';
import { HiddenPlaces } from '../../lib/store/collect/hidden-places.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import type { Cut, Temporality } from '../../lib/store/definition/stream.js';
import { HIDDEN, INSTRUMENTS, planOf, SETS, WRITERS, type Step } from './plan.js';
import { pointsIn } from '../support/points.js';

/** `npm run test:stress` takes more steps. */
const STEPS = Number(process.env['STRESS_STEPS'] ?? 60);
const SEED = Number(process.env['STRESS_SEED'] ?? Date.now() % 2 ** 31);

/** Instruments whose series do not expire here: a cumulative reader must see all of their records. */
const LASTING = ['up_down', 'gauge'];

/** The points of a cut as [instrument, life of a series, records]. Every record has the value 1. */
function pointsOf({ streams, errors }: Cut): [string, string, number][] {
  expect(errors).to.deep.equal([]);
  for (const { definition, points } of streams) {
    const sets = new Set(pointsIn(points).map(({ attributes }) => JSON.stringify(attributes)));
    expect(sets.size, `sets of ${definition.name} that stand there twice`).to.equal(points.length);
  }
  expect(streams.map(({ definition }) => definition.name)).not.to.include(HIDDEN.name);
  return streams.flatMap(({ definition: { name }, points }) =>
    pointsIn(points).map(({ attributes, startUnixMillis, value }): [string, string, number] => {
      const key = `${name} ${JSON.stringify(attributes)} ${name === 'gauge' ? '' : startUnixMillis}`;
      if (typeof value === 'number') return [name, key, value];
      expect([value.sum, value.counts[1]], `torn: ${key}`).to.deep.equal([value.count, value.count]);
      return [name, key, value.count];
    }),
  );
}

/** One reader, and what it has been shown. */
class Account {
  readonly #reader: StoreReader;
  readonly #temporality: Temporality;
  /** What arrived, by instrument. */
  readonly #arrived = new Map<string, number>();
  /** The last value of each life, of what is shown as a total. */
  readonly #lives = new Map<string, Map<string, number>>(INSTRUMENTS.map(name => [name, new Map()]));

  constructor(reader: StoreReader, temporality: Temporality) {
    this.#reader = reader;
    this.#temporality = temporality;
  }

  /** Collects, and returns how many records of each instrument this reader has seen by now. */
  async collect(arrives: boolean): Promise<Map<string, number>> {
    const seen = new Map(this.#arrived);
    for (const [name, key, value] of pointsOf(await this.#reader.collect()))
      if (this.#isTotal(name)) {
        const lives = this.#lives.get(name);
        expect(value, `${key} went back`).to.be.at.least(lives?.get(key) ?? 0);
        lives?.set(key, value);
      } else seen.set(name, (seen.get(name) ?? 0) + value);
    for (const name of INSTRUMENTS)
      if (this.#isTotal(name))
        seen.set(
          name,
          [...(this.#lives.get(name)?.values() ?? [])].reduce((sum, value) => sum + value, 0),
        );
    if (!arrives) return seen;
    this.#reader.acknowledge();
    for (const [name, records] of seen) this.#arrived.set(name, records);
    return seen;
  }

  /** Whether this reader must have been shown every record. */
  isComplete(name: string): boolean {
    return this.#temporality === 'delta' || LASTING.includes(name);
  }

  #isTotal(name: string): boolean {
    return this.#temporality === 'cumulative' || name === 'gauge';
  }
}

describe('everything at once', () => {
  const threads = new Set<Worker>();
  // A test that failed must not leave threads that keep the process alive.
  after(() => Promise.all([...threads].map(thread => thread.terminate())));

  it(`should lose nothing, tear nothing and wedge nothing in ${STEPS} steps of STRESS_SEED=${SEED}`, async function () {
    this.timeout(60_000 + STEPS * 1000);
    const store = createStore({
      cardinalityLimit: 300,
      maxSeries: 520,
      maxLabelBytes: 60_000,
      seriesTtlMillis: 2,
      handleCacheSize: 64,
      stripes: 3,
      stallDeadlineMillis: 20_000,
    });
    const core = coreOf(store);
    const meter = store.getMeter('everything');
    const hidden = core.registry.register(HIDDEN, 0)!;
    const places = new HiddenPlaces(core.region, hidden);
    const causes: string[] = [];
    const hiddenPlaces = new SeriesPlaces(hidden, {
      region: core.region,
      now: Date.now,
      refuse: cause => causes.push(cause),
    });
    const removable = [
      meter.createCounter('counter'),
      meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [0, 1, 2] } }),
    ] as const;
    const notes = new BigInt64Array(new SharedArrayBuffer(2048));
    const noted = (from: number, instrument: number): number =>
      Array.from({ length: WRITERS }, (_, id) =>
        Number(Atomics.load(notes, from + id * INSTRUMENTS.length + instrument)),
      ).reduce((sum, count) => sum + count, 0);
    const all = (from: number): number[] => INSTRUMENTS.map((_, index) => noted(from, index));
    const [begun, done] = [() => all(64), () => all(128)];
    const temporalities: Temporality[] = ['delta', 'delta', 'cumulative'];
    const accounts = temporalities.map(
      temporality =>
        new Account(
          core.openReader(() => temporality),
          temporality,
        ),
    );

    const start = async (name: string, workerData: object): Promise<Worker> => {
      const thread = new Worker(new URL(`./workers/${name}.mjs`, import.meta.url), {
        workerData: { handle: store.handle, notes, hidden: HIDDEN, ...workerData },
      });
      threads.add(thread);
      thread.once('exit', () => threads.delete(thread));
      await once(thread, 'message');
      return thread;
    };
    const writers: (Worker | undefined)[] = [];
    let collector: Worker | undefined;
    let [lives, terminations] = [0, 0];

    const collect = async (account: Account, arrives: boolean): Promise<void> => {
      const before = done();
      const seen = await account.collect(arrives);
      const after = begun();
      INSTRUMENTS.forEach((name, index) => {
        const records = seen.get(name) ?? 0;
        expect(records, `records of ${name} that began`).to.be.at.most(after[index] ?? 0);
        if (account.isComplete(name))
          expect(records, `records of ${name} that returned`).to.be.at.least(before[index] ?? 0);
      });
    };
    const giveBack = (needed: number): Promise<void> =>
      places.giveBack(
        step => core.cuts.request(step),
        asked => Promise.resolve(new Set(asked.filter(set => Number(set) < needed))),
        () => Date.now(),
      );
    const take = async (step: Step): Promise<void> => {
      switch (step.do) {
        case 'replace writer': {
          const { id, records, rounds } = step;
          const known = writers[id];
          if (known !== undefined && threads.has(known)) {
            terminations++;
            await known.terminate();
          }
          writers[id] = await start('player', { id, life: lives++, sets: SETS, records, rounds });
          return;
        }
        case 'replace collector':
          await collector?.terminate();
          collector = await start('collector', {});
          return;
        case 'collect':
          return collect(accounts[step.reader] as Account, step.arrives);
        case 'remove':
        case 'init':
          removable[step.instrument]?.[step.do]({ set: step.set });
          return;
        case 'clear':
          removable[step.instrument]?.clear();
          return;
        case 'give back':
          return giveBack(step.needed);
        case 'waste':
          Array.from({ length: step.megabytes }, () => new Float64Array(131_072).fill(1));
          return;
        case 'sleep':
          return sleep(step.millis);
      }
    };
    const refusals = (): number =>
      Object.values(store.statistics().refused).reduce((sum, count) => sum + count, 0);
    for (const step of planOf(SEED, STEPS)) await take(step);

    // A plan of few steps may fill nothing and let nothing expire, so both are waited for.
    await collector?.terminate();
    while (refusals() === 0) await sleep(1);
    Atomics.store(notes, 0, 1n);
    await Promise.all([...threads].map(thread => once(thread, 'exit')));
    do for (const account of accounts) await collect(account, true);
    while (store.statistics().reclaimedSeries === 0);
    const inDoubt = begun().reduce((sum, count, index) => sum + count - (done()[index] ?? 0), 0);
    expect(inDoubt).to.be.at.most(terminations);
    // The plan may end by giving back all places, so one more is asked for. There is room, or they are all taken, or the
    // store is full of series that do not expire.
    hiddenPlaces.admit('the last');
    const isFull = causes.includes('slotsExhausted') || causes.includes('labelBytesExhausted');
    expect(streamAdmitted(core.region, hidden.index), String(causes)).to.be.within(
      isFull ? 0 : 1,
      HIDDEN.limit,
    );
    await giveBack(0);
    expect(streamAdmitted(core.region, hidden.index), 'places that never come back').to.equal(0);
    const statistics = store.statistics();
    expect(statistics).to.include({ stuckStripes: 0, stalledCuts: 0, streams: INSTRUMENTS.length });
    await store.shutdown();
  });
});
