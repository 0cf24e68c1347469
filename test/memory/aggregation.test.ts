// Goal: kind and width of an aggregation are apart, in TypeScript and in the kernel alike.
import { expect } from 'chai';
import { BOUNDARIES_MAX } from '../../lib/limits.js';
import { explicitHistogram, GAUGE, kindOf, SUM } from '../../lib/memory/aggregation.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { reclaimIdle } from '../../lib/memory/reclaim.js';
import { readSlot, slotOf, slotWord } from '../../lib/memory/tables.js';
import * as words from '../../lib/memory/words.js';

describe('the word of an aggregation', () => {
  const WIDTHS = [1, 2, 7, 8, 9, 16, 17, 256, BOUNDARIES_MAX + 1];
  const KINDS = [
    words.AGGREGATION_SUM,
    words.AGGREGATION_GAUGE,
    words.AGGREGATION_EXPLICIT_HISTOGRAM,
    words.AGGREGATION_EXPONENTIAL_HISTOGRAM,
  ];
  const HISTOGRAMS = KINDS.slice(2);

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
    expect(region.kernel.admitStream(0, 1, 2, 3, 4, 0, 0, 2, aggregation, 0, 0, 0, 0, 0, 0)).to.equal(0);
    const slot = slotOf(region.kernel.admit(5, 6, 7, 8, 0, 0, 0, 0));
    expect(readSlot(region, slot).aggregation).to.equal(aggregation);
    return { region, slot };
  }

  it('should give a histogram cells of its width in whole groups, and any other kind none', () => {
    for (const width of WIDTHS) {
      for (const kind of HISTOGRAMS) {
        const { region, slot } = regionWith((width << words.AGGREGATION_WIDTH_SHIFT) | kind);
        const cell = words.HISTOGRAM_HEAD_SIZE + Math.ceil(width / 8) * 64;
        expect(readSlot(region, slot).histogramOffset, `${width} buckets`).to.equal(cell);
        expect(region.u32[words.HISTOGRAM_BYTES_USED / 4]).to.equal(2 * cell);
      }
      for (const kind of KINDS.filter(other => !HISTOGRAMS.includes(other))) {
        const other = regionWith((width << words.AGGREGATION_WIDTH_SHIFT) | kind);
        expect(other.region.u32[words.HISTOGRAM_BYTES_USED / 4], `kind ${kind}`).to.equal(0);
      }
    }
  });

  it('should let the widest exponential histogram be given back and had again, however few boundaries there may be', () => {
    const region = createRegion({
      ...{ maxBytes: 2 ** 21, stripes: 1, maxStreams: 1, maxBoundaries: 1, maxSeries: 2 },
    });
    const { kernel, layout } = region;
    const aggregation = (164 << words.AGGREGATION_WIDTH_SHIFT) | words.AGGREGATION_EXPONENTIAL_HISTOGRAM;
    kernel.admitStream(0, 1, 2, 3, 4, 0, 0, 2, aggregation, 0, 0, 1, 0, 1, 0);
    const admit = (key: number): number => slotOf(kernel.admit(key, 6, 7, 8, 0, layout.text, 3, 0));
    const first = admit(5);
    const { histogramOffset } = readSlot(region, first);
    const bucket = (layout.histogramTotals + histogramOffset + words.HISTOGRAM_HEAD_SIZE) / 8 + 163;
    region.f64[bucket] = 7;
    const right = kernel.takeRight(0, 0, 0);
    const cut = (now: number): void => {
      for (const step of [kernel.swap(right, now), kernel.quiesce(right), kernel.settle(right)])
        expect(step).to.equal(words.DONE);
      expect(reclaimIdle(region, right, now)).to.equal(true);
    };
    const textFree = region.u32.slice(layout.textFree / 4, layout.textFree / 4 + words.TEXT_LISTS);
    for (const now of [10, 20]) cut(now);
    expect(slotWord(region, first) & words.SLOT_STATE_MASK, 'it is free').to.equal(words.SLOT_FREE);
    const changed = [...region.u32.slice(layout.textFree / 4, layout.textFree / 4 + words.TEXT_LISTS)];
    expect(
      changed.filter((word, list) => word !== textFree[list]),
      'the text alone',
    ).to.have.length(1);
    expect(readSlot(region, admit(9)).histogramOffset).to.equal(histogramOffset);
    expect(region.f64[bucket]).to.equal(0);
  });
});
