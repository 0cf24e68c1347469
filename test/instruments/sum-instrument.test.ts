import { ValueType } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { rulesOf } from '../../lib/instruments/measurement.js';
import { SumInstrument, type BoundSum } from '../../lib/instruments/sum-instrument.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { StreamWriter } from '../../lib/store/record/stream-writer.js';
import { pointsIn } from '../support/points.js';

describe('a sum of a store', () => {
  it('truncates INT, overflows at exactly the limit, and keeps no reference to attributes', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, cardinalityLimit: 2 });
    const counter = store.getMeter('m').createCounter('c', { valueType: ValueType.INT });
    const attributes = { k: 'a' };
    counter.add(1.9, attributes);
    attributes.k = 'b';
    counter.bind(attributes).add(2.9);
    counter.add(5, { k: 'c' });
    const { resourceMetrics } = await store.metricProducer().collect();
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    expect(points.map(point => [point.attributes, point.value])).to.have.deep.members([
      [{ k: 'a' }, 1],
      [{ k: 'b' }, 2],
      [{ 'otel.metric.overflow': true }, 5],
    ]);
    await store.shutdown();
  });
});

describe('SumInstrument', () => {
  let core: StoreCore;
  beforeEach(() => (core = createCore({ shared: false, maxBytes: 2 ** 22 })));
  afterEach(() => core.shutdown());

  const writerOf = (name: string): StreamWriter => {
    const names = { name, description: '', unit: '', scope: { name: 'm' } };
    const rest = { valueType: 1, boundaries: [], limit: 10, verbatim: false } as const;
    return core.writer({ ...names, ...rest, kind: 'UP_DOWN_COUNTER' })!;
  };
  const values = async (): Promise<unknown> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ points }) => pointsIn(points).map(({ value }) => value));
  };
  /** What it does not take, and as what it is counted. */
  const REFUSED = { notANumber: [NaN, '5', undefined, 1n], notFinite: [Infinity, -Infinity], negative: [-1] };

  for (const isBound of [false, true])
    for (const streams of [1, 2])
      for (const kind of ['COUNTER', 'UP_DOWN_COUNTER'] as const)
        for (const isInteger of [false, true]) {
          const isMonotonic = kind === 'COUNTER';
          const sum = (): BoundSum => {
            const writers = Array.from({ length: streams }, (_, index) => writerOf(`s${index}`));
            const instrument = new SumInstrument(rulesOf(core, 's', kind, isInteger), writers);
            return isBound ? instrument.bind() : instrument;
          };
          const what = [
            isBound ? 'bound' : 'unbound',
            isMonotonic ? 'monotonic' : 'up and down',
            isInteger ? 'of integers' : 'of doubles',
            streams === 1 ? 'with one stream' : 'with two streams',
          ].join(', ');

          it(`should add what it takes and count the rest once: ${what}`, async () => {
            const taken = sum();
            for (const value of [3, 2.5, 0]) taken.add(value);
            for (const value of Object.values(REFUSED).flat()) taken.add(value as number);
            const total = (isInteger ? 5 : 5.5) - (isMonotonic ? 0 : 1);
            expect(await values()).to.deep.equal(Array<number>(streams).fill(total));
            // A counter takes minus infinity for negative, before it looks whether it is finite.
            const negative = isMonotonic ? 2 : 0;
            const notFinite = isMonotonic ? 1 : 2;
            expect(reportStatistics(core).refused).to.include({ notANumber: 4, notFinite, negative });
          });
        }
});
