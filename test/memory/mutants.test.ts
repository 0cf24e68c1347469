// Goal: each of these mistakes, made in the store on purpose, fails here. Others of their kind are tests beside what they
// are about: test/instruments/zero-sums, test/memory/swap and kernel-rules, test/model.
import { expect } from 'chai';
import { meterOf, type BufferedMeter } from '../../lib/instruments/buffered-meter.js';
import { GAUGE_ELAPSED } from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { InstrumentKind, StreamDefinition } from '../../lib/store/definition/stream.js';
import { pointsIn } from '../support/points.js';

const TTL = 1000;
const gaugeDefinition: StreamDefinition = {
  name: 'clock',
  description: '',
  unit: '',
  kind: 'GAUGE',
  valueType: 1,
  boundaries: [],
  scope: { name: 'm' },
  limit: 10,
  verbatim: false,
} as unknown as StreamDefinition;

async function valuesOf(
  core: StoreCore,
  temporality: 'cumulative' | 'delta' = 'cumulative',
): Promise<unknown> {
  const { streams } = await core.openReader(() => temporality).collect();
  return streams.flatMap(({ definition: { name }, points }) =>
    pointsIn(points).map(({ attributes, value }) => [
      name,
      attributes['k'],
      typeof value === 'number'
        ? value
        : [value.count, value.sum, ...value.counts.filter(count => count > 0)],
    ]),
  );
}

describe('mutants', () => {
  const RECORDS: Readonly<Record<string, (meter: BufferedMeter) => () => void>> = {
    counter: meter => () => meter.createCounter('c').add(1),
    'bound counter': meter => {
      const bound = meter.createCounter('c').bind({});
      return () => bound.add(1);
    },
    'up-down counter': meter => () => meter.createUpDownCounter('u').add(-1),
    histogram: meter => () => meter.createHistogram('h').record(1),
    'bound histogram': meter => {
      const bound = meter.createHistogram('h').bind({});
      return () => bound.record(1);
    },
    gauge: meter => () => meter.createGauge('g').record(1),
    'bound gauge': meter => {
      const bound = meter.createGauge('g').bind({});
      return () => bound.record(1);
    },
  };
  for (const shared of [true, false])
    for (const [name, make] of Object.entries(RECORDS))
      it(`a ${name} that records after the end${shared ? '' : ', in a store of one thread'}`, async () => {
        const core = createCore({ maxBytes: 2 ** 21, shared });
        const reader = core.openReader(() => 'cumulative');
        const record = make(meterOf(core, 'm'));
        record();
        const before = (await reader.collect()).streams;
        expect(before).to.have.length(1);
        core.shutdown();
        for (let time = 0; time < 3; time++) record();
        expect((await reader.collect()).streams, 'what was there is shown').to.deep.equal(before);
        expect(reportStatistics(core).refused.ended).to.equal(3);
      });

  for (const shared of [true, false])
    for (const former of ['value', 'clock', 'sum of adds'] as const)
      it(`a slot that keeps the kind of its former gauge: ${former}${shared ? '' : ', in a store of one thread'}`, async () => {
        let now = 1_000_000;
        const core = createCore({
          maxBytes: 2 ** 21,
          maxSeries: 1,
          shared,
          seriesTtlMillis: TTL,
          clock: { now: () => now },
        });
        const writer = core.writer(gaugeDefinition);
        const handleOf = (k: string) => writer?.handleOf({ k }, undefined) as never;
        const operation = { value: 1, clock: GAUGE_ELAPSED, 'sum of adds': 3 }[former];
        const gauge = meterOf(core, 'm').createGauge('other');
        core.recorder.write(handleOf('former'), operation, former === 'clock' ? now - 60_000 : 60);
        expect(await valuesOf(core)).to.deep.equal([['clock', 'former', 60]]);
        // A running clock does not expire, and a sum of adds neither: they are withdrawn.
        if (former !== 'value') core.recorder.write(handleOf('former'), 0, 0);
        for (let cuts = 0; cuts < 3; cuts++) {
          now += TTL;
          await valuesOf(core);
        }
        expect(reportStatistics(core)).to.include({ series: 0, reclaimedSeries: 1 });
        const next = gauge.bind({ k: 'next' });
        expect(reportStatistics(core).series, 'it has the slot').to.equal(1);
        for (const temporality of ['cumulative', 'delta', 'cumulative', 'cumulative'] as const)
          expect(await valuesOf(core, temporality), 'nothing was written yet').to.deep.equal([]);
        expect(reportStatistics(core).series, 'it waits for its first value').to.equal(1);
        next.add(2);
        expect(await valuesOf(core), 'to nothing').to.deep.equal([['other', 'next', 2]]);
        core.shutdown();
      });

  it('a collection that does not keep the place of a delta reader', async () => {
    let now = 1_000_000;
    const core = createCore({ maxBytes: 2 ** 21, readerLeaseMillis: 1000, clock: { now: () => now } });
    const delta = (kind: InstrumentKind): 'delta' => (void kind, 'delta');
    const readers = Array.from({ length: 4 }, () => core.openReader(delta));
    for (let round = 0; round < 10; round++) {
      now += 900;
      for (const reader of readers) {
        expect((await reader.collect()).errors).to.deep.equal([]);
        if (round % 2 === 0) reader.acknowledge();
      }
      expect(() => core.openReader(delta), `round ${round}`)
        .to.throw()
        .with.property('code', 'TOO_MANY_DELTA_READERS');
    }
    core.shutdown();
  });
});
