// Goal: however many values threads bring, no reading has more of them than have places, each place comes back to somebody,
// and no record is lost. Method: three threads, many values, few places, series that expire at once, and a thread that
// collects in both temporalities and gives back what nobody needs.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { HiddenPlaces } from '../../lib/store/collect/hidden-places.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import type { StreamDefinition } from '../../lib/store/definition/stream.js';
import { coreOf } from '../../lib/store/store-core.js';
import { pointsIn } from '../support/points.js';

const THREADS = 3;
const VALUES = 40;
const PLACES = 5;
/** `npm run test:stress` gives back more often. */
const ROUNDS = Number(process.env['STRESS_HIDDEN'] ?? 300);

const VISIBLE: StreamDefinition = {
  ...{ scope: { name: 's' }, name: 'valued', description: '', unit: '', kind: 'COUNTER', valueType: 1 },
  ...{ boundaries: [], limit: 1000, verbatim: false, ttlMillis: 1 },
};
const HIDDEN: StreamDefinition = { ...VISIBLE, name: 'values', limit: PLACES, hidden: true };

describe('hidden places beside writers', () => {
  const writers: Worker[] = [];
  // A test that failed must not leave threads that keep the process alive.
  afterEach(() => Promise.all(writers.splice(0).map(writer => writer.terminate())));

  it(`should have no value too many, and lose nothing, while places are given back ${ROUNDS} times`, async function () {
    this.timeout(60_000 + ROUNDS * 200);
    const store = createStore({ maxSeries: 200 });
    const core = coreOf(store);
    const visible = core.registry.register(VISIBLE, 0)!;
    const places = new HiddenPlaces(core.region, core.registry.register(HIDDEN, 0)!);
    const [deltas, totals] = (['delta', 'cumulative'] as const).map(temporality =>
      core.openReader(() => temporality),
    ) as [StoreReader, StoreReader];
    const seen = new Set<string>();
    let arrived = 0;
    const read = async (reader: StoreReader): Promise<number> => {
      const { streams, errors } = await reader.collect();
      expect(errors).to.deep.equal([]);
      expect(streams.every(({ definition }) => definition.name === 'valued')).to.equal(true);
      const points = streams.flatMap(stream => pointsIn(stream.points));
      const values = points.map(({ attributes }) => String(attributes['value'] ?? 'overflow'));
      expect(new Set(values).size, 'a set stands there twice').to.equal(values.length);
      for (const value of values) seen.add(value);
      expect(values.filter(value => value !== 'overflow').length, values.join()).to.be.at.most(PLACES);
      return points.reduce((sum, { value }) => sum + (value as number), 0);
    };
    await read(deltas);
    deltas.acknowledge();
    const stop = new Int32Array(new SharedArrayBuffer(4));
    for (let thread = 0; thread < THREADS; thread++) {
      const writer = new Worker(new URL('./workers/valued-writer.mjs', import.meta.url), {
        workerData: {
          handle: store.handle,
          definitions: [VISIBLE, HIDDEN],
          values: VALUES,
          stop,
          seed: thread + 1,
        },
      });
      writers.push(writer);
      await once(writer, 'message');
    }
    const results = Promise.all(writers.map(writer => once(writer, 'message')));
    /** A series that is in use, and of a removed one what readers of deltas still have. */
    const findNeeded = (): Promise<ReadonlySet<string>> => {
      const needed = new Set<string>();
      for (const slot of core.catalog.slots()) {
        const series = core.catalog.evenRemoved(slot);
        if (series?.stream.index === visible.index) needed.add(series.text);
      }
      return Promise.resolve(needed);
    };
    for (let round = 0; round < ROUNDS; round++) {
      await places.giveBack(
        step => core.cuts.request(step),
        findNeeded,
        () => Date.now(),
      );
      arrived += await read(deltas);
      deltas.acknowledge();
      await read(totals);
    }
    Atomics.store(stop, 0, 1);
    const recorded = (await results).reduce((sum, [count]) => sum + Number(count), 0);
    arrived += await read(deltas);
    expect(arrived, 'records that arrived').to.equal(recorded);
    expect(seen.size, 'values that had a place one after the other').to.be.greaterThan(PLACES + 1);
    await store.shutdown();
  });
});
