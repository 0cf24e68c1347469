// Goal: what fits exactly is admitted, and who finds another thread inside a section comes again instead of giving up.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { storeText } from '../../lib/memory/text.js';
import * as words from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { StreamDefinition } from '../../lib/store/definition/stream.js';

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
const AREA_BYTES = words.HISTOGRAM_BUCKETS + 64;

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

  it('takes the last bytes that are there for a text', () => {
    const { region } = core;
    const text = 'x'.repeat(64);
    const begin = region.u32[words.TEXT_END / 4] ?? 0;
    expect(storeText(region, text)).not.to.equal(undefined);
    const bytes = (region.u32[words.TEXT_END / 4] ?? 0) - begin;
    const limit = region.u32[words.LAYOUT_TEXT_LIMIT / 4] ?? 0;
    region.u32[words.TEXT_END / 4] = limit - bytes;
    expect(storeText(region, text)).not.to.equal(undefined);
    expect(storeText(region, text)).to.equal(undefined);
  });

  it('an instrument that meets another thread in a section is registered all the same', () => {
    const { kernel, i32 } = core.region;
    let meetings = 0;
    const admitStream: typeof kernel.admitStream = (...args) => {
      const isMet = meetings++ < 3;
      const at = words.ADMISSION / 4;
      if (isMet) i32[at] = (i32[at] ?? 0) + 1;
      const answer = kernel.admitStream(...args);
      if (isMet) i32[at] = (i32[at] ?? 0) - 1;
      return answer;
    };
    Object.assign(core.region, { kernel: { ...kernel, admitStream } });
    expect(core.registry.register(HISTOGRAM, 1)).to.deep.include({ index: 0 });
    expect(meetings).to.equal(4);
    expect(reportStatistics(core).refused.streams).to.equal(0);
  });
});
