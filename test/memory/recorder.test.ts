// Goal: who finds its stripe taken goes to the next one, and after the last one to the first: never to a place that no
// collection looks at.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import * as words from '../../lib/memory/words.js';
import { createCore } from '../../lib/store/store-core.js';

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
      const [value] = streams.flatMap(({ points }) => points.map(point => point.value));
      expect(typeof value === 'object' ? value.count : value).to.equal(1 + 2 * STRIPES);
      core.shutdown();
    });
});
