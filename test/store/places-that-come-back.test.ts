// Goal: what is counted under a value is that value's, whoever had the place, the handle or the path in a cache before. Method:
// each value counts in digits of its own, so that a series with a record of another value is seen.
import { expect } from 'chai';
import fc from 'fast-check';
import { cardinalityLimitedView, createStore, CustomMetrics, type MetricStore } from '../../lib/index.js';
import { coreOf } from '../../lib/store/store-core.js';
import { valuesOf } from '../support/collected.js';

const TTL = 1000;
const VALUES = ['a', 'b', 'c', 'd'];
const DIGITS = 1000;
const amountOf = (value: string): number => DIGITS ** VALUES.indexOf(value);

/** By label set what was recorded of each value. */
type Counted = Record<string, Record<string, number>>;

class Side {
  readonly store: MetricStore;
  readonly #bound = new Map<string, { add(value: number): void }>();
  readonly #custom;
  readonly #producer;
  #time = 1_700_000_000_000;

  constructor(maxValues: number) {
    const labels = { pod: { maxValues } };
    const views = ['jobs', 'argo_workflows_jobs'].map(instrumentName =>
      cardinalityLimitedView({ instrumentName, limit: 9, labels }),
    );
    this.store = createStore({ views, seriesTtlMillis: TTL, clock: { now: () => this.#time } });
    this.#producer = this.store.metricProducer();
    const counter = { value: '{{n}}' };
    this.#custom = new CustomMetrics({ store: this.store }).compile({
      prometheus: [{ name: 'jobs', help: 'h', labels: [{ key: 'pod', value: '{{v}}' }], counter }],
    });
  }

  record(how: 'add' | 'bound' | 'custom', pod: string): void {
    const jobs = this.store.getMeter('m').createCounter('jobs');
    const value = amountOf(pod);
    if (how === 'add') jobs.add(value, { pod });
    else if (how === 'custom') this.#custom.emit({ variables: { v: pod, n: `${value}` } }, { owner: 'w' });
    else {
      const bound = this.#bound.get(pod) ?? jobs.bind({ pod });
      this.#bound.set(pod, bound);
      bound.add(value);
    }
  }

  async counted(name = 'jobs'): Promise<Counted> {
    const collected = await this.#producer.collect();
    const digits = (sum: number): Record<string, number> =>
      Object.fromEntries(
        VALUES.map(value => [value, Math.floor(sum / amountOf(value)) % DIGITS] as const).filter(
          ([, count]) => count > 0,
        ),
      );
    return Object.fromEntries(
      Object.entries(valuesOf(collected, name)).map(([set, sum]) => [
        (JSON.parse(set) as { pod: string }).pod,
        digits(sum as number),
      ]),
    );
  }

  /** Until no series is left and no value has a place. */
  async expire(): Promise<void> {
    this.#time += 2 * TTL;
    for (let tries = 0; tries < 500; tries++) {
      await this.counted();
      await coreOf(this.store).valueKeeper.look();
      if (this.store.statistics().policyValues === 0) return;
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    throw new Error('places did not come back');
  }
}

describe('places of values that come back', () => {
  for (const how of ['add', 'bound', 'custom'] as const)
    it(`should not lead others to the series of who had none before, by ${how}`, async () => {
      const name = how === 'custom' ? 'argo_workflows_jobs' : 'jobs';
      const side = new Side(1);
      for (const pod of ['a', 'b', 'b', 'c']) side.record(how, pod);
      expect(await side.counted(name)).to.deep.equal({ a: { a: 1 }, _OTHER: { b: 2, c: 1 } });
      await side.expire();
      for (const pod of ['b', 'c', 'c', 'c', 'd']) side.record(how, pod);
      if (how === 'bound') for (const pod of ['c', 'd']) side.record('add', pod);
      const others = how === 'bound' ? { c: 4, d: 2 } : { c: 3, d: 1 };
      expect(await side.counted(name)).to.deep.equal({ b: { b: 1 }, _OTHER: others });
      await side.store.shutdown();
    });

  it('should let a bound instrument have one that was bound when there was none', async () => {
    const side = new Side(1);
    side.record('add', 'a');
    for (const pod of ['c', 'c', 'c']) side.record('add', pod);
    for (const pod of ['b', 'b']) side.record('bound', pod);
    expect(await side.counted()).to.deep.equal({ a: { a: 1 }, _OTHER: { b: 2, c: 3 } });
    await side.expire();
    side.record('bound', 'b');
    expect(await side.counted()).to.deep.equal({ b: { b: 1 } });
    await side.store.shutdown();
  });

  const step = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(fc.constantFrom('add', 'bound', 'custom'), fc.constantFrom(...VALUES)) },
    { weight: 1, arbitrary: fc.constant(['expire', ''] as const) },
  );

  it('should count each record under its own value or with the others, whatever came before', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step), async (maxValues, steps) => {
        const side = new Side(maxValues);
        let expected: Record<string, Record<string, number>> = { jobs: {}, argo_workflows_jobs: {} };
        const check = async (): Promise<void> => {
          for (const [name, sums] of Object.entries(expected)) {
            const counted = await side.counted(name);
            const found: Record<string, number> = {};
            for (const [pod, own] of Object.entries(counted)) {
              if (pod !== '_OTHER') expect(Object.keys(own)).to.deep.equal([pod]);
              for (const [value, count] of Object.entries(own)) found[value] = (found[value] ?? 0) + count;
            }
            expect(found).to.deep.equal(sums);
            expect(Object.keys(counted).filter(pod => pod !== '_OTHER').length).to.be.at.most(maxValues);
          }
        };
        for (const [how, pod] of steps)
          if (how === 'expire') {
            await check();
            await side.expire();
            expected = { jobs: {}, argo_workflows_jobs: {} };
          } else {
            side.record(how, pod);
            const sums = expected[how === 'custom' ? 'argo_workflows_jobs' : 'jobs'] ?? {};
            sums[pod] = (sums[pod] ?? 0) + 1;
          }

        await check();
        await side.store.shutdown();
      }),
      { numRuns: 40 },
    );
  });
});
