// Goal: a sum beyond the largest number stops there, is counted and said, and is a number again when it comes back; it is
// never NaN.
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';
import { captureWarnings } from '../faults/warnings.js';

const { MAX_VALUE } = Number;

async function valuesOf(reader: DoubleBufferedMetricReader): Promise<unknown[]> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value as unknown)),
  );
}

describe('a sum beyond the largest number', () => {
  afterEach(() => diag.disable());

  for (const shared of [true, false])
    for (const isCutApart of [true, false])
      it(`should stay a number (${shared ? '' : 'not '}shared, ${isCutApart ? 'a cut after each' : 'in one cut'})`, async () => {
        const said = captureWarnings();
        const store = createStore({ maxBytes: 2 ** 22, shared });
        const reader = new DoubleBufferedMetricReader({ store });
        const delta = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
        const upDown = store.getMeter('m').createUpDownCounter('upDown').bind({});
        const add = async (value: number): Promise<void> => {
          upDown.add(value);
          if (isCutApart) await valuesOf(reader);
        };
        for (const value of [1e308, 1e308, 1e308]) await add(value);
        expect(await valuesOf(reader)).to.deep.equal([MAX_VALUE]);
        expect(await valuesOf(delta)).to.deep.equal([MAX_VALUE]);
        expect(store.statistics().saturatedSums).to.be.greaterThan(0);
        expect(
          said.filter(text => text.includes('upDown') && text.includes('largest number')),
        ).to.have.length(1);
        for (const value of [-1e308, -1e308, -1e308, -1e308]) await add(value);
        if (!isCutApart) await valuesOf(reader);
        const [total] = await valuesOf(reader);
        expect(total).to.be.within(-MAX_VALUE, 0);
        upDown.add(5);
        expect((await valuesOf(delta)).map(Number.isFinite)).to.deep.equal([true]);
        expect((await valuesOf(reader)).map(Number.isFinite)).to.deep.equal([true]);
        await store.shutdown();
      });

  it('should be counted for nothing else', async () => {
    const store = createStore({ maxBytes: 2 ** 22 });
    store
      .getMeter('m')
      .createCounter('c')
      .add(MAX_VALUE / 2);
    store.getMeter('m').createGauge('g').record(MAX_VALUE);
    await valuesOf(new DoubleBufferedMetricReader({ store }));
    expect(store.statistics().saturatedSums).to.equal(0);
    await store.shutdown();
  });
});
