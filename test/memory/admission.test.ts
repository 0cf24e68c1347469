// Goal: what fits exactly is admitted, and who finds another thread inside a section comes again instead of giving up.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { ADMISSION_PATIENCE_MILLIS } from '../../lib/limits.js';
import { AdmissionTries } from '../../lib/memory/admission-tries.js';
import { returnText, storeDoubles, storeText, textBytes, type StoredText } from '../../lib/memory/text.js';
import * as words from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { StreamDefinition } from '../../lib/store/definition/stream.js';
import { pointsIn } from '../support/points.js';

const HISTOGRAM: StreamDefinition = {
  scope: { name: 'm' },
  name: 'h',
  description: '',
  unit: '',
  valueType: 1,
  kind: 'HISTOGRAM',
  boundaries: [1, 2, 3],
  limit: 10,
  verbatim: false,
};
/** Of up to eight buckets. */
const AREA_BYTES = words.HISTOGRAM_HEAD_SIZE + 64;

describe('admission', () => {
  let core: StoreCore;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, maxStreams: 8, stripes: 1 });
  });
  afterEach(() => core.shutdown());

  /** As if histograms had taken all the room but so many bytes. */
  const leaveHistogramBytes = (bytes: number): void => {
    core.region.u32[words.HISTOGRAM_BYTES_USED / 4] = core.region.layout.histogramBytes - bytes;
  };

  it('takes the last bytes that are there for the histogram of a new instrument', () => {
    leaveHistogramBytes(AREA_BYTES - 8);
    expect(core.registry.register(HISTOGRAM, 1)).to.equal(undefined);
    leaveHistogramBytes(AREA_BYTES);
    expect(core.registry.register(HISTOGRAM, 1)).to.deep.include({ index: 0 });
    expect(core.registry.register({ ...HISTOGRAM, name: 'none is left' }, 1)).to.equal(undefined);
  });

  it('takes the last bytes that are there for the histogram of a new series', () => {
    const histogram = meterOf(core, 'm').createHistogram('h', {
      advice: { explicitBucketBoundaries: [1, 2, 3] },
    });
    leaveHistogramBytes(AREA_BYTES - 8);
    histogram.record(1, { k: 'refused' });
    expect(reportStatistics(core).series).to.equal(0);
    leaveHistogramBytes(AREA_BYTES);
    histogram.record(1, { k: 'admitted' });
    histogram.record(1, { k: 'none is left' });
    expect(reportStatistics(core).series).to.equal(1);
  });

  it('takes as many streams as there is room for, and not one more', () => {
    const names = Array.from({ length: 9 }, (_, index) => `h${index}`);
    const indexes = names.map(name => core.registry.register({ ...HISTOGRAM, name }, 1)?.index);
    expect(indexes).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, undefined]);
    const { kernel, layout } = core.region;
    const ninth = kernel.admitStream(8, 9, 9, 9, 9, layout.text, 8, 10, 0, 0, 0, 0, 0, 0, 0);
    expect(ninth, 'should somebody ask who did not look').to.equal(words.SLOTS_EXHAUSTED);
  });

  it('gives no text back while another thread is inside', () => {
    const { region } = core;
    const stored = storeText(region, 'given back') as StoredText;
    const free = region.u32[words.TEXT_FREE_BYTES / 4];
    Atomics.add(region.i64, words.ADMISSION / 8, 1n);
    expect(region.kernel.returnText(stored.address, 0, 64)).to.equal(0);
    expect(region.u32[words.TEXT_FREE_BYTES / 4]).to.equal(free);
    Atomics.add(region.i64, words.ADMISSION / 8, 1n);
    expect(region.kernel.returnText(stored.address, 0, 64)).to.equal(1);
  });

  it('takes the last bytes that are there for a text', () => {
    const { region } = core;
    const text = 'x'.repeat(64);
    const begin = region.u32[words.TEXT_USED_END / 4] ?? 0;
    expect(storeText(region, text)).to.be.an('object');
    const bytes = (region.u32[words.TEXT_USED_END / 4] ?? 0) - begin;
    const limit = region.u32[words.LAYOUT_TEXT_END / 4] ?? 0;
    region.u32[words.TEXT_USED_END / 4] = limit - bytes;
    expect(storeText(region, text)).to.be.an('object');
    expect(storeText(region, text)).to.equal('labelBytesExhausted');
  });

  /** Another thread is in a section the first three times that the kernel's function is called. Counts the calls. */
  const meetInside = (name: 'admit' | 'admitStream'): { calls: number } => {
    const { kernel, i32 } = core.region;
    const meetings = { calls: 0 };
    const call = kernel[name] as (...args: number[]) => unknown;
    const met = (...args: number[]): unknown => {
      const isMet = meetings.calls++ < 3;
      const at = words.ADMISSION / 4;
      if (isMet) i32[at] = (i32[at] ?? 0) + 1;
      const answer = call(...args);
      if (isMet) i32[at] = (i32[at] ?? 0) - 1;
      return answer;
    };
    Object.assign(core.region, { kernel: { ...kernel, [name]: met } });
    return meetings;
  };

  it('an instrument that meets another thread in a section is registered all the same', () => {
    const meetings = meetInside('admitStream');
    expect(core.registry.register(HISTOGRAM, 1)).to.deep.include({ index: 0 });
    expect(meetings.calls).to.equal(4);
    expect(reportStatistics(core).refused.streams).to.equal(0);
  });

  it('a label set that meets another thread in a section is admitted all the same', () => {
    const counter = meterOf(core, 'm').createCounter('c');
    const meetings = meetInside('admit');
    counter.add(1, { k: 'v' });
    expect(meetings.calls).to.equal(4);
    expect(reportStatistics(core).series).to.equal(1);
    expect(reportStatistics(core).refused).to.include({ contended: 0, overflowedSeries: 0 });
  });

  describe('while another thread stays in a section of the tables', () => {
    const hold = (): void => void Atomics.add(core.region.i64, words.ADMISSION / 8, 1n);
    /** As many as would take minutes if each of them waited. */
    const MANY = 200;

    it('sends new label sets to the overflow series, counts that, and admits again afterwards', async () => {
      const counter = meterOf(core, 'm').createCounter('c');
      const histogram = meterOf(core, 'm').createHistogram('h');
      // At its second record a set is remembered: from then on this thread finds it without the tables.
      for (let record = 0; record < 2; record++) counter.add(1, { k: 'known' });
      hold();
      counter.add(1, { k: 'known' });
      for (let index = 0; index < MANY; index++) {
        counter.add(1, { k: index });
        histogram.record(1, { k: index });
      }
      const bound = counter.bind({ k: 'bound' });
      bound.add(1);
      expect(reportStatistics(core).refused).to.include({ contended: 2 * MANY + 1, labelBytesExhausted: 0 });
      expect(reportStatistics(core).series).to.equal(1);
      hold();
      counter.add(1, { k: 'later' });
      expect(reportStatistics(core).series, 'there is room again').to.equal(2);
      const { streams } = await core.openReader(() => 'cumulative').collect();
      const [sums, counts] = streams.map(({ points }) =>
        pointsIn(points).map(({ attributes, value }) => [
          attributes['k'] ?? 'overflow',
          typeof value === 'number' ? value : value.count,
        ]),
      );
      expect(sums).to.deep.equal([
        ['overflow', MANY + 1],
        ['known', 3],
        ['later', 1],
      ]);
      expect(counts).to.deep.equal([['overflow', MANY]]);
    });

    it('sends a label set to its own series again afterwards, however often it came meanwhile', async () => {
      const counter = meterOf(core, 'm').createCounter('c');
      hold();
      for (let record = 0; record < 5; record++) counter.add(1, { k: 'often' });
      expect(reportStatistics(core).refused.contended).to.equal(5);
      hold();
      for (let record = 0; record < 3; record++) counter.add(1, { k: 'often' });
      const { streams } = await core.openReader(() => 'cumulative').collect();
      expect(
        streams.flatMap(({ points }) =>
          pointsIn(points).map(({ attributes, value }) => [attributes['k'], value]),
        ),
      ).to.deep.equal([
        [undefined, 5],
        ['often', 3],
      ]);
    });

    it('registers no new instrument, finds those that are known, and keeps nothing of what it refused', () => {
      const known = core.registry.register(HISTOGRAM, 1);
      const { labelBytes } = reportStatistics(core);
      hold();
      for (let index = 0; index < MANY; index++)
        expect(core.registry.register({ ...HISTOGRAM, name: `new ${index}` }, 1)).to.equal(undefined);
      expect(core.registry.register(HISTOGRAM, 1), 'the tables need not change for it').to.equal(known);
      expect(reportStatistics(core).refused.streams).to.equal(MANY);
      meterOf(core, 'm').createCounter('new').add(1);
      hold();
      expect(reportStatistics(core).labelBytes).to.equal(labelBytes);
      expect(core.registry.register({ ...HISTOGRAM, name: 'later' }, 1)).to.deep.include({ index: 1 });
    });

    it('stores no text, and gives none back', () => {
      const { region } = core;
      const stored = Array.from({ length: MANY }, (_, index) => storeText(region, `a text ${index}`));
      const bytes = textBytes(region);
      hold();
      expect(storeText(region, 'text')).to.equal('contended');
      expect(storeDoubles(region, [1])).to.equal('contended');
      for (const text of stored) returnText(region, text as StoredText);
      hold();
      expect(textBytes(region), 'their places are lost').to.equal(bytes);
      returnText(region, stored[0] as StoredText);
      expect(textBytes(region)).to.be.below(bytes);
    });

    it('waits anew for another section than the one that it gave up', () => {
      const { region } = core;
      hold();
      expect(storeText(region, 'text')).to.equal('contended');
      hold();
      const { kernel } = region;
      let tries = 0;
      const reserveText: typeof kernel.reserveText = (...args) => {
        if (++tries === 10) hold();
        return kernel.reserveText(...args);
      };
      Object.assign(region, { kernel: { ...kernel, reserveText } });
      hold();
      expect(storeText(region, 'text')).to.be.an('object');
      expect(tries).to.equal(10);
    });

    it('tries once, and not twice, what it waited for in vain before', () => {
      const tries = (): number => {
        let count = 0;
        for (const admission = new AdmissionTries(core.region); admission.next();) count++;
        return count;
      };
      hold();
      expect(tries(), 'the first time').to.be.greaterThan(2 ** 16);
      expect([tries(), tries()]).to.deep.equal([1, 1]);
    });

    it('looks at the clock once in 65,536 tries, and goes on until the second is over', () => {
      const real = performance.now.bind(performance);
      let now = 7;
      performance.now = () => (now += ADMISSION_PATIENCE_MILLIS / 2);
      let tries = 0;
      try {
        for (const admission = new AdmissionTries(core.region); admission.next();) tries++;
      } finally {
        performance.now = real;
      }
      // Looks at the begin of the second, in its middle and at its end.
      expect(tries).to.equal(3 * 2 ** 16 - 1);
    });

    it('does not mistake tables that nobody holds for a section, however often others were faster', () => {
      const { region } = core;
      const { kernel } = region;
      let lost = Infinity;
      const reserveText: typeof kernel.reserveText = (...args) =>
        lost-- > 0 ? words.TEXT_RETRY : kernel.reserveText(...args);
      Object.assign(region, { kernel: { ...kernel, reserveText } });
      expect(storeText(region, 'text')).to.equal('contended');
      lost = 5;
      expect(storeText(region, 'text')).to.be.an('object');
    });

    it('collects, and gives back later what expires meanwhile', async () => {
      core.shutdown();
      let now = 1_000_000;
      core = createCore({
        shared: false,
        maxBytes: 2 ** 22,
        seriesTtlMillis: 1000,
        clock: { now: () => now },
      });
      const counter = meterOf(core, 'm').createCounter('c');
      for (let index = 0; index < MANY; index++) counter.add(1, { k: index });
      const reader = core.openReader(() => 'cumulative');
      const pointsOf = async (): Promise<number> => {
        now += 1000;
        const { errors, streams } = await reader.collect();
        expect(errors).to.deep.equal([]);
        return streams.reduce((sum, { points }) => sum + points.length, 0);
      };
      expect(await pointsOf()).to.equal(MANY);
      hold();
      for (let cuts = 0; cuts < 3; cuts++) await pointsOf();
      expect(reportStatistics(core)).to.include({ series: MANY, reclaimedSeries: 0 });
      hold();
      await pointsOf();
      expect(reportStatistics(core)).to.include({ series: 0, reclaimedSeries: MANY });
    });
  });
});
