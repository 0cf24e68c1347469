// Goal: zero is a number like any other. A sum that was recorded and is zero is shown as zero, in every temporality and as
// often as it is; one that was not recorded is not shown. (In memory, +0 means that nothing was recorded.)
import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { meterOf, type BufferedMeter } from '../../lib/instruments/buffered-meter.js';
import { STRIPE_COUNTS, STRIPE_COUNT_SHIFT, STRIPES } from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import { pointsIn } from '../support/points.js';

/** Far more than a store so small has room for notes about. */
const TIMES = 200_000;
const SMALL = { maxBytes: 2 ** 21, maxSeries: 20, maxStreams: 8, stripes: 1 };

type Add = (value: number) => void;
type Make = (meter: BufferedMeter, attributes: Attributes) => Add;

const UNBOUND: Readonly<Record<string, Make>> = {
  counter: (meter, attributes) => {
    const counter = meter.createCounter('counter');
    return value => counter.add(value, attributes);
  },
  'up-down counter': (meter, attributes) => {
    const counter = meter.createUpDownCounter('upDown');
    return value => counter.add(value, attributes);
  },
  'histogram without boundaries': (meter, attributes) => {
    const histogram = meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [] } });
    return value => histogram.record(value, attributes);
  },
  gauge: (meter, attributes) => {
    const gauge = meter.createGauge('gauge');
    return value => gauge.record(value, attributes);
  },
};
const BOUND: Readonly<Record<string, Make>> = {
  'bound counter': (meter, attributes) => {
    const counter = meter.createCounter('counter').bind(attributes);
    return value => counter.add(value);
  },
  'bound up-down counter': (meter, attributes) => {
    const counter = meter.createUpDownCounter('upDown').bind(attributes);
    return value => counter.add(value);
  },
  'bound histogram': (meter, attributes) => {
    const histogram = meter.createHistogram('histogram').bind(attributes);
    return value => histogram.record(value);
  },
  'bound gauge': (meter, attributes) => {
    const gauge = meter.createGauge('gauge').bind(attributes);
    return value => gauge.record(value);
  },
};

/** By the label k: a number, or a histogram's count and sum. */
async function shown(reader: StoreReader): Promise<Record<string, unknown>> {
  const { streams, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  return Object.fromEntries(
    streams.flatMap(({ points }) =>
      pointsIn(points).map(({ attributes, value }) => [
        String(attributes['k']),
        typeof value === 'number' ? value : [value.count, value.sum],
      ]),
    ),
  );
}

/** Notes of touched series in the banks of the only stripe: of one series, one. */
function notes({ region }: StoreCore): number[] {
  return [0, 1].map(bank => region.i32[(STRIPES + STRIPE_COUNTS + (bank << STRIPE_COUNT_SHIFT)) / 4] ?? 0);
}

describe('mutants: a sum that is zero', () => {
  for (const shared of [true, false])
    for (const [name, make] of Object.entries({ ...UNBOUND, ...BOUND }))
      it(`should be zero whatever shows it: ${name}${shared ? '' : ', in a store of one thread'}`, async () => {
        const core = createCore({ ...SMALL, shared });
        const meter = meterOf(core, 'm');
        const isHistogram = name.includes('histogram');
        const zeros = (times: number): unknown => (isHistogram ? [times, 0] : 0);
        const [cumulative, delta] = [core.openReader(() => 'cumulative'), core.openReader(() => 'delta')];
        const other = meter.createUpDownCounter('other');
        const add = make(meter, { k: 'zero' });
        other.add(5, { k: 'other' });
        for (let time = 0; time < TIMES; time++) add(0);
        expect(notes(core)[0], 'two series were touched').to.equal(2);
        expect(await shown(cumulative)).to.deep.equal({ zero: zeros(TIMES), other: 5 });
        expect(await shown(delta)).to.deep.equal({ zero: zeros(TIMES), other: 5 });
        expect(await shown(delta), 'it did not arrive').to.deep.equal({ zero: zeros(TIMES), other: 5 });
        delta.acknowledge();
        expect(await shown(delta), 'nothing since').to.deep.equal({});
        delta.acknowledge();
        add(0);
        expect(await shown(delta)).to.deep.equal({ zero: zeros(1) });
        add(0);
        expect(await shown(delta), 'and what did not arrive').to.deep.equal({ zero: zeros(2) });
        expect(await shown(cumulative)).to.deep.equal({ zero: zeros(TIMES + 2), other: 5 });
        core.shutdown();
      });

  it('should be zero, and not -0, also when it comes to that: in a bank, in a total, in a delta', async () => {
    const core = createCore(SMALL);
    const [cumulative, delta] = [core.openReader(() => 'cumulative'), core.openReader(() => 'delta')];
    const counter = meterOf(core, 'm').createUpDownCounter('c').bind({ k: 'c' });
    counter.add(5);
    counter.add(-5);
    expect(await shown(cumulative)).to.deep.equal({ c: 0 });
    counter.add(7);
    expect(await shown(cumulative)).to.deep.equal({ c: 7 });
    counter.add(-7);
    for (const reader of [cumulative, delta]) {
      const { c } = await shown(reader);
      expect(Object.is(c, 0), String(c)).to.equal(true);
    }
    core.shutdown();
  });
});
