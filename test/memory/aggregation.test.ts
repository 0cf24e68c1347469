// Goal: kind and width of an aggregation are apart, in TypeScript and in the kernel alike.
import { expect } from 'chai';
import { BOUNDARIES_MAX } from '../../lib/limits.js';
import { explicitHistogram, GAUGE, kindOf, SUM } from '../../lib/memory/aggregation.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { readSlot } from '../../lib/memory/tables.js';
import * as words from '../../lib/memory/words.js';

describe('the word of an aggregation', () => {
  const WIDTHS = [1, 2, 7, 8, 9, 16, 17, 256, BOUNDARIES_MAX + 1];
  const KINDS = [
    words.AGGREGATION_SUM,
    words.AGGREGATION_GAUGE,
    words.AGGREGATION_EXPLICIT_HISTOGRAM,
    words.AGGREGATION_KIND_MASK,
  ];

  it('should say its kind, whatever the width is', () => {
    expect([SUM, GAUGE].map(kindOf)).to.deep.equal([words.AGGREGATION_SUM, words.AGGREGATION_GAUGE]);
    for (const width of WIDTHS) {
      expect(kindOf(explicitHistogram(width))).to.equal(words.AGGREGATION_EXPLICIT_HISTOGRAM);
      for (const kind of KINDS)
        expect(kindOf((width << words.AGGREGATION_WIDTH_SHIFT) | kind), `${kind}, ${width}`).to.equal(kind);
    }
    expect(new Set(WIDTHS.map(explicitHistogram)).size).to.equal(WIDTHS.length);
  });

  function regionWith(aggregation: number): { region: Region; slot: number } {
    const region = createRegion({
      maxBytes: 2 ** 24,
      stripes: 1,
      maxStreams: 1,
      maxBoundaries: BOUNDARIES_MAX,
      maxSeries: 2,
    });
    expect(region.kernel.admitStream(0, 1, 2, 3, 4, 0, 0, 2, aggregation, 0, 0, 0, 0, 0)).to.equal(0);
    const slot = Number(region.kernel.admit(5, 6, 7, 8, 0, 0, 0, 0) & 0xffffffffn);
    expect(readSlot(region, slot).aggregation).to.equal(aggregation);
    return { region, slot };
  }

  it('should give a histogram cells of its width in whole groups, and any other kind none', () => {
    for (const width of WIDTHS) {
      const { region, slot } = regionWith(explicitHistogram(width));
      const cell = words.HISTOGRAM_HEAD_SIZE + Math.ceil(width / 8) * 64;
      expect(readSlot(region, slot).histogramOffset, `${width} buckets`).to.equal(cell);
      expect(region.u32[words.HISTOGRAM_BYTES_USED / 4]).to.equal(2 * cell);
      for (const kind of KINDS.filter(other => other !== words.AGGREGATION_EXPLICIT_HISTOGRAM)) {
        const other = regionWith((width << words.AGGREGATION_WIDTH_SHIFT) | kind);
        expect(other.region.u32[words.HISTOGRAM_BYTES_USED / 4], `kind ${kind}`).to.equal(0);
      }
    }
  });
});
