// Goal: who finds its stripe taken goes to the next one, and after the last one to the first: never to a place that no
// collection looks at.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import * as words from '../../lib/memory/words.js';
import { createCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import { pointsIn } from '../support/points.js';

const STRIPES = 3;

describe('a recorder that finds its stripe taken', () => {
  for (const [name, record] of Object.entries({
    'a sum': core => meterOf(core, 'm').createCounter('c').add(1),
    'a histogram': core => meterOf(core, 'm').createHistogram('h').record(1),
  } satisfies Record<string, (core: ReturnType<typeof createCore>) => void>))
    it(`should record into another one, whichever it is: ${name}`, async () => {
      const core = createCore({ maxBytes: 2 ** 22, stripes: STRIPES });
      const enterOrLeave = (stripe: number): void =>
        void Atomics.add(core.region.i64, (words.STRIPES + stripe * words.STRIPE_SIZE) / 8, 1n);
      record(core);
      for (let round = 0; round < 2; round++)
        for (let stripe = 0; stripe < STRIPES; stripe++) {
          enterOrLeave(stripe);
          record(core);
          enterOrLeave(stripe);
        }
      const { streams } = await core.openReader(() => 'cumulative').collect();
      const [value] = streams.flatMap(({ points }) => pointsIn(points).map(point => point.value));
      expect(typeof value === 'object' ? value.count : value).to.equal(1 + 2 * STRIPES);
      core.shutdown();
    });
});

describe('a recorder whose store has ended', () => {
  type Meter = ReturnType<typeof meterOf>;
  /** By what it records: what is called before the end, and after it, with attributes that are known. */
  const RECORDS: Readonly<Record<string, (meter: Meter) => { before?: () => void; after: () => void }>> = {
    'a sum': meter => {
      const bound = meter.createCounter('c').bind({ k: 'a' });
      return { before: () => bound.add(1), after: () => bound.add(1) };
    },
    'a first value': meter => {
      const bound = meter.createCounter('c').bind({ k: 'a' });
      return { after: () => bound.add(1) };
    },
    'a histogram': meter => {
      const bound = meter.createHistogram('h').bind({ k: 'a' });
      return { before: () => bound.record(1), after: () => bound.record(1) };
    },
    'a histogram that begins to exist': meter => {
      const histogram = meter.createHistogram('h');
      histogram.bind({ k: 'a' });
      return { after: () => histogram.init({ k: 'a' }) };
    },
    'a gauge': meter => {
      const bound = meter.createGauge('g').bind({ k: 'a' });
      return { before: () => bound.record(1), after: () => bound.record(2) };
    },
  };
  for (const shared of [true, false])
    for (const [name, make] of Object.entries(RECORDS))
      it(`should record nothing more, and count it: ${name}, ${shared ? 'shared' : 'of one thread'}`, async () => {
        const core = createCore({ maxBytes: 2 ** 22, shared });
        const { before, after } = make(meterOf(core, 'm'));
        before?.();
        const reader = core.openReader(() => 'cumulative');
        const shown = async (): Promise<unknown> =>
          (await reader.collect()).streams.flatMap(({ points }) =>
            pointsIn(points).map(({ value }) => value),
          );
        const last = await shown();
        core.shutdown();
        after();
        expect(reportStatistics(core).refused).to.include({ ended: 1, contended: 0 });
        expect(await shown()).to.deep.equal(last);
        expect(last).to.have.length(before === undefined ? 0 : 1);
      });
});
