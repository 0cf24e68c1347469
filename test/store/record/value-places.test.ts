// Goal: however many values threads bring, and whichever of them is stopped, no collection has a value more than there are
// places, each set stands there once, all threads let in the same values, and no record is lost. Method: four threads that
// bring many values of one label, one of which is terminated, while both temporalities are collected.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { cardinalityLimitedView, createStore } from '../../../lib/index.js';
import type { StoreReader } from '../../../lib/store/collect/store-reader.js';
import type { HistogramValue } from '../../../lib/store/definition/stream.js';
import { coreOf, createCore } from '../../../lib/store/store-core.js';
import { SeriesPlaces } from '../../../lib/store/record/series-places.js';
import { ValuePlaces } from '../../../lib/store/record/value-places.js';
import { pointsIn } from '../../support/points.js';

const THREADS = 4;
const RECORDS = 20_000;
const VALUES = 3000;
const PLACES = 50;
const LIMIT = 120;

describe('ValuePlaces', () => {
  it('should have places for the values of an attribute, and none for what is no value', () => {
    const core = createCore({ maxBytes: 2 ** 22, shared: false });
    const definition = {
      ...({ scope: { name: 's' }, name: 'values', description: '', unit: '', kind: 'COUNTER' } as const),
      ...({ valueType: 1, boundaries: [], verbatim: false, limit: 3, hidden: true } as const),
    };
    const causes: string[] = [];
    const options = { region: core.region, now: () => 0, refuse: (cause: string) => void causes.push(cause) };
    const stream = core.registry.register(definition, 0)!;
    const places = new ValuePlaces(stream, options, 32);
    const lets = (value: unknown): boolean => places.within(value, () => 'in') === 'in';
    const long = 'x'.repeat(100);
    for (const value of [1, '1', long, 1, long]) expect(lets(value), String(value)).to.equal(true);
    for (const value of ['a', true, long.slice(1), NaN, ['a']])
      expect(lets(value), String(value)).to.equal(false);
    for (const value of [Symbol('s'), {}, 1n]) expect(lets(value)).to.equal(true);
    expect(new SeriesPlaces(stream, options).admit('{"":"a"}').slot, 'all are taken').to.equal(stream.index);
    // That values are refused is what the policy is for: only who asks as for a series is told.
    expect(causes).to.deep.equal(['overflowedSeries']);
    expect(places.isRefused('a')).to.equal(false);
    expect([1, '1', 'a', true, long].map(value => places.isRefused(value))).to.deep.equal([
      ...[false, false, true, true, false],
    ]);
    core.shutdown();
  });

  describe('with several threads', () => {
    const writers: Worker[] = [];
    // A test that failed must not leave threads that keep the process alive.
    afterEach(() => Promise.all(writers.splice(0).map(writer => writer.terminate())));

    it('should never have a value too many, and lose nothing', async function () {
      this.timeout(240_000);
      const labels = {
        pod: { maxValues: PLACES },
        method: { allow: ['GET', /^x-/gi] },
        trace: { drop: true },
      } as const;
      const views = ['jobs', 'times'].map(instrumentName =>
        cardinalityLimitedView({ instrumentName, limit: LIMIT, labels }),
      );
      const store = createStore({ views });
      const core = coreOf(store);
      const readers = (['delta', 'cumulative'] as const).map(temporality =>
        core.openReader(() => temporality),
      ) as [StoreReader, StoreReader];
      const notes = new Int32Array(new SharedArrayBuffer(8 * THREADS));
      const deltas = { jobs: 0, times: 0 };
      const totals = { jobs: 0, times: 0 };
      const pods = new Set<unknown>();
      const collect = async (): Promise<void> => {
        for (const [index, reader] of readers.entries()) {
          const cut = await reader.collect();
          const { streams, errors } = cut;
          expect(errors).to.deep.equal([]);
          for (const { definition, points } of streams) {
            const found = pointsIn(points);
            const sets = found.map(({ attributes }) => JSON.stringify(attributes));
            expect(new Set(sets).size, 'a set stands there twice').to.equal(sets.length);
            expect(sets.length).to.be.at.most(LIMIT + 1);
            const own = found.filter(({ attributes }) => attributes['otel.metric.overflow'] !== true);
            const seen = new Set(own.map(({ attributes }) => attributes['pod']));
            expect(seen.size, [...seen].join()).to.be.at.most(PLACES + 1);
            for (const pod of seen) pods.add(pod);
            for (const { attributes } of own) {
              expect(['GET', 'X-A', '_OTHER']).to.include(attributes['method']);
              expect(Object.keys(attributes)).to.have.members(['pod', 'method']);
            }
            const sum = found.reduce((all, { value }) => all + countOf(value), 0);
            const name = definition.name as 'jobs' | 'times';
            if (index === 0) deltas[name] += sum;
            else totals[name] = sum;
          }
          cut.release();
          if (index === 0) reader.acknowledge();
        }
      };
      for (let thread = 0; thread < THREADS; thread++)
        writers.push(
          new Worker(new URL('../workers/policed-writer.mjs', import.meta.url), {
            workerData: { handle: store.handle, notes, thread, records: RECORDS, values: VALUES },
          }),
        );
      const ends = writers.map(writer => once(writer, 'exit'));
      let running = THREADS;
      for (const end of ends) void end.then(() => running--);
      while (running > 0) {
        await collect();
        // In the middle of it.
        if (Atomics.load(notes, 0) > RECORDS / 3) await writers[0]?.terminate();
        await new Promise(resolve => setImmediate(resolve));
      }
      for (let more = 0; more < 3; more++) await collect();
      const counted = (which: number): number =>
        Array.from({ length: THREADS }, (_, thread) => notes[2 * thread + which] ?? 0).reduce(
          (a, b) => a + b,
        );
      for (const name of ['jobs', 'times'] as const) {
        expect(deltas[name], name).to.equal(totals[name]);
        expect(totals[name], name).to.be.within(counted(1), counted(0));
      }
      expect(counted(0) - counted(1)).to.be.at.most(1);
      // Of both streams the same places would be a mistake: each has its own.
      expect(pods.size).to.be.within(PLACES + 1, 2 * PLACES + 1);
      expect(pods.has('_OTHER')).to.equal(true);
      await store.shutdown();
    });
  });
});

function countOf(value: number | HistogramValue): number {
  return typeof value === 'number' ? value : value.count;
}
