// Goal: exact conservation, no torn histogram and no inversion of a causal pair across threads, with writers that are
// terminated in the middle of what they do. Method: writers count in shared memory what they begin and finish; histograms
// observe only 1, so that count = sum = bucket at any instant; two collectors in different threads check every cut.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';
import { checkCut } from './workers/check-cut.mjs';

/** Cuts that each of the two collectors must have seen while the writers were busy. */
const CUTS_MIN = 50;

/** `npm run test:stress` terminates more. */
const TERMINATIONS = Number(process.env['STRESS_TERMINATIONS'] ?? 40);

const notesOf = (): BigInt64Array => new BigInt64Array(new SharedArrayBuffer(4096));

/** What so many threads have noted, of a kind, from an index on. */
const noted = (notes: BigInt64Array, threads: number, from: number, kind: number): number =>
  Array.from({ length: threads }, (_, id) => Number(Atomics.load(notes, from + id * 4 + kind))).reduce(
    (sum, count) => sum + count,
    0,
  );

const workerUrl = (name: string): URL => new URL(`./workers/${name}.mjs`, import.meta.url);

async function start(name: string, workerData: object): Promise<Worker> {
  const worker = new Worker(workerUrl(name), { workerData });
  await once(worker, 'message');
  return worker;
}

interface Numbers {
  readonly violations: string[];
  readonly last: Map<string, number>;
}

async function collectOnce(store: MetricStore, numbers: Numbers): Promise<Numbers> {
  const { resourceMetrics, errors } = await store.metricProducer().collect();
  expect(errors).to.deep.equal([]);
  return { ...numbers, last: checkCut(resourceMetrics, numbers.last, numbers.violations) };
}

const sumOf = (numbers: Map<string, number>, ...names: string[]): number =>
  [...numbers]
    .filter(([key]) => names.includes(key.split('/')[0] ?? ''))
    .reduce((sum, [, value]) => sum + value, 0);

describe('writers of a shared store', () => {
  it('should conserve ten million records of eight threads while two threads collect', async function () {
    this.timeout(240_000);
    const notes = notesOf();
    const store = createStore();
    const writers = await Promise.all(
      Array.from({ length: 8 }, (_, id) =>
        start('writer', { handle: store.handle, notes, id, pair: id >> 1 }),
      ),
    );
    const reader = await start('reader', { handle: store.handle, notes });
    let numbers: Numbers = { violations: [], last: new Map() };
    let cuts = 0;
    const done = (kind: number): number => noted(notes, 8, 256, kind);
    const finished = (): number => done(0) + done(1) + done(2);
    for (; finished() < 10_000_000 || cuts < CUTS_MIN || Atomics.load(notes, 1) < CUTS_MIN; cuts++)
      numbers = await collectOnce(store, numbers);
    Atomics.store(notes, 0, 1n);
    const [message] = await Promise.all([
      once(reader, 'message') as Promise<unknown[]>,
      ...writers.map(writer => once(writer, 'exit')),
    ]);
    numbers = await collectOnce(store, numbers);
    expect(numbers.violations).to.deep.equal([]);
    expect((message[0] as { violations: string[] }).violations).to.deep.equal([]);
    expect(finished()).to.be.at.least(10_000_000);
    expect(sumOf(numbers.last, 'a', 'b')).to.equal(done(0));
    expect(sumOf(numbers.last, 'h')).to.equal(done(1));
    expect(sumOf(numbers.last, 'shared')).to.equal(done(2));
    expect(store.statistics().stalledCuts).to.equal(0);
    await store.shutdown();
  });

  it(`should lose nothing that returned when ${TERMINATIONS} busy writers are terminated`, async function () {
    this.timeout(60_000 + TERMINATIONS * 1000);
    const notes = notesOf();
    const store = createStore();
    let numbers: Numbers = { violations: [], last: new Map() };
    const spawn = (id: number): Promise<Worker> =>
      start('writer', { handle: store.handle, notes, id, pair: id >> 1 });
    const team = await Promise.all(Array.from({ length: 4 }, (_, id) => spawn(id)));
    let kills = 0;
    while (kills < TERMINATIONS) {
      await Promise.all(team.map(writer => writer.terminate()));
      kills += team.length;
      numbers = await collectOnce(store, numbers);
      if (kills < TERMINATIONS)
        team.splice(0, team.length, ...(await Promise.all(team.map((_, id) => spawn(id)))));
    }
    numbers = await collectOnce(store, numbers);
    expect(numbers.violations).to.deep.equal([]);
    let inDoubt = 0;
    for (const [kind, names] of [
      [0, ['a', 'b']],
      [1, ['h']],
      [2, ['shared']],
    ] as const) {
      const [begun, done] = [noted(notes, 4, 128, kind), noted(notes, 4, 256, kind)];
      const collected = sumOf(numbers.last, ...names);
      expect(collected, `records that returned, of kind ${kind}`).to.be.at.least(done);
      expect(collected, `records that began, of kind ${kind}`).to.be.at.most(begun);
      inDoubt += begun - done;
    }
    expect(inDoubt).to.be.at.most(kills);
    await store.shutdown();
  });
});
