import { expect } from 'chai';
import { GaugeInstrument, type BoundGauge } from '../../lib/instruments/gauge-instrument.js';
import { rulesOf } from '../../lib/instruments/measurement.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { StreamWriter } from '../../lib/store/record/stream-writer.js';
import { pointsIn } from '../support/points.js';

describe('GaugeInstrument', () => {
  const now = 100_000;
  let core: StoreCore;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  const writerOf = (name: string): StreamWriter => {
    const names = { name, description: '', unit: '', scope: { name: 'm' } };
    return core.writer({
      ...names,
      kind: 'GAUGE',
      valueType: 1,
      boundaries: [],
      limit: 10,
      verbatim: false,
    })!;
  };
  const values = async (): Promise<unknown> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ points }) => pointsIn(points).map(({ value }) => value));
  };

  for (const isBound of [false, true])
    for (const streams of [1, 2]) {
      const gaugeOf = (isInteger: boolean): BoundGauge => {
        const writers = Array.from({ length: streams }, (_, index) => writerOf(`g${index}`));
        const gauge = new GaugeInstrument(rulesOf(core, 'g', 'GAUGE', isInteger), writers);
        return isBound ? gauge.bind() : gauge;
      };
      const inEach = (value: number): number[] => Array<number>(streams).fill(value);

      describe(`${isBound ? 'bound' : 'unbound'}, with ${streams === 1 ? 'one stream' : 'two streams'}`, () => {
        it('should be set, added to and run, and every number is a value', async () => {
          const gauge = gaugeOf(false);
          gauge.add(1.5);
          expect(await values(), 'from zero').to.deep.equal(inEach(1.5));
          gauge.record(4);
          gauge.add(-0.5);
          expect(await values()).to.deep.equal(inEach(3.5));
          gauge.recordElapsed(now - 2500);
          expect(await values(), 'seconds').to.deep.equal(inEach(2.5));
          for (const value of [Infinity, -Infinity, NaN]) {
            gauge.record(value);
            expect(await values()).to.deep.equal(inEach(value));
          }
        });

        it('should cut fractions off where it has integers, but not off the time since when it runs', async () => {
          const gauge = gaugeOf(true);
          gauge.record(4.9);
          gauge.add(1.9);
          expect(await values()).to.deep.equal(inEach(5));
          for (const value of [Infinity, NaN, 1e300]) gauge.record(value);
          expect(await values(), 'refused').to.deep.equal(inEach(5));
          expect(reportStatistics(core).refused).to.include({
            notFinite: 1,
            notANumber: 1,
            unsafeInteger: 1,
          });
          gauge.recordElapsed(now - 2500.5);
          expect(await values()).to.deep.equal(inEach(2.5005));
        });

        it('should count what is no number once, and keep its value', async () => {
          for (const isInteger of [false, true]) {
            const gauge = gaugeOf(isInteger);
            gauge.record(7);
            gauge.record('8' as never);
            gauge.add(undefined as never);
            gauge.recordElapsed(1n as never);
          }
          expect(await values()).to.deep.equal(inEach(7));
          expect(reportStatistics(core).refused.notANumber).to.equal(6);
        });
      });
    }
});
