import { expect } from 'chai';
import fc from 'fast-check';
import { isMetricStoreError } from '../../lib/errors.js';
import { MEBIBYTE, PAGE_BYTES, STORE_BYTES_MAX, STRIPES_MAX } from '../../lib/limits.js';
import {
  computeLayout,
  findForeignWord,
  writeHeader,
  type Layout,
  type LayoutRequest,
} from '../../lib/memory/layout.js';
import * as words from '../../lib/memory/words.js';

const SECRET = new Uint8Array(words.SECRET_BYTES);

const request: LayoutRequest = {
  maxBytes: 256 * MEBIBYTE,
  stripes: 4,
  maxStreams: 1024,
  maxBoundaries: 15,
  maxSeries: 1024,
  maxLabelBytes: MEBIBYTE,
};

const anyRequest: fc.Arbitrary<LayoutRequest> = fc.record(
  {
    maxBytes: fc.integer({ min: PAGE_BYTES, max: 64 * MEBIBYTE }),
    stripes: fc.integer({ min: 1, max: 16 }),
    maxStreams: fc.integer({ min: 1, max: 2000 }),
    maxBoundaries: fc.integer({ min: 1, max: 200 }),
    maxSeries: fc.integer({ min: 1, max: 20_000 }),
    maxLabelBytes: fc.integer({ min: 64, max: MEBIBYTE }),
  },
  { requiredKeys: ['maxBytes', 'stripes', 'maxStreams', 'maxBoundaries'] },
);

/** The smallest budget that is accepted. */
function smallest(given: Omit<LayoutRequest, 'maxBytes'>): Layout {
  let [refused, accepted] = [0, 64 * MEBIBYTE];
  while (accepted - refused > 1) {
    const maxBytes = (refused + accepted) >> 1;
    if (typeof layoutOf({ ...given, maxBytes }) === 'string') refused = maxBytes;
    else accepted = maxBytes;
  }
  return computeLayout({ ...given, maxBytes: accepted });
}

function layoutOf(given: LayoutRequest): Layout | string {
  try {
    return computeLayout(given);
  } catch (error) {
    if (isMetricStoreError(error) && error.code === 'BUDGET_TOO_SMALL') return error.message;
    throw error;
  }
}

/** Every area that somebody writes to, with the bytes that it may take, the banks and halves as the header says. */
function areasOf(layout: Layout, maxBoundaries: number): [string, number, number][] {
  const header = new SharedArrayBuffer(words.HEADER_SIZE);
  writeHeader(header, layout, SECRET);
  const u32 = new Uint32Array(header);
  const { slotCount, maxStreams, histogramBytes } = layout;
  // One for each number of groups of eight buckets, from 0 on.
  const freeLists = Math.ceil(Math.max(maxBoundaries + 1, 164) / 8) + 1;
  const areas: [string, number, number][] = [
    ['header', 0, words.HEADER_SIZE],
    ['streamTable', layout.streamTable, maxStreams * words.STREAM_SIZE],
    ['hashHeads', layout.hashHeads, layout.hashHeadCount * 4],
    ['slotTable', layout.slotTable, slotCount * words.SLOT_SIZE],
    ['slotWords', layout.slotWords, slotCount * 4],
    ['histogramFree', layout.histogramFree, freeLists * 4],
    ['textFree', layout.textFree, words.TEXT_LISTS * 4],
    ['gauges', layout.gauges, slotCount * words.GAUGE_SIZE],
    ['totals', layout.totals, slotCount * 8],
    ['gaugeKinds', layout.gaugeKinds, slotCount * 4],
    ['firstSeen', layout.firstSeen, slotCount * 8],
    ['text', layout.text, layout.maxLabelBytes],
    ['histogramTotals', layout.histogramTotals, histogramBytes],
    ['sketchHeads', layout.sketchHeads, layout.sketches < layout.end ? 4 * maxStreams : 0],
    ['sketches', layout.sketches, layout.end - layout.sketches],
  ];
  const copies = (name: string, line: number, scalars: number, histograms: number, logs: number): void => {
    for (const copy of [0, 1]) {
      areas.push([`${name}.${copy} scalars`, u32[(line + scalars) / 4 + copy]!, slotCount * 8]);
      areas.push([`${name}.${copy} histograms`, u32[(line + histograms) / 4 + copy]!, histogramBytes]);
      areas.push([`${name}.${copy} log`, u32[(line + logs) / 4 + copy]!, slotCount * 4]);
    }
  };
  for (let stripe = 0; stripe < layout.stripes; stripe++)
    copies(
      `stripe ${stripe}`,
      words.STRIPES + stripe * words.STRIPE_SIZE,
      words.STRIPE_SCALARS,
      words.STRIPE_HISTOGRAMS,
      words.STRIPE_LOGS,
    );
  for (let plane = 0; plane < words.PLANE_COUNT; plane++)
    copies(
      `plane ${plane}`,
      words.PLANES + plane * words.PLANE_SIZE,
      words.PLANE_SCALARS,
      words.PLANE_HISTOGRAMS,
      words.PLANE_LOGS,
    );
  return areas;
}

describe('computeLayout', () => {
  it('should take what docs/limits.md says for a slot and for a histogram', () => {
    for (const stripes of [1, 4, 16]) {
      const bytes = (maxSeries: number): number => computeLayout({ ...request, stripes, maxSeries }).textEnd;
      expect((bytes(4096) - bytes(2048)) / 2048, `a slot with ${stripes} stripes`).to.equal(
        252 + 24 * stripes,
      );
      const { sketchHeads, textEnd, histogramBytes } = computeLayout({ ...request, stripes });
      expect((sketchHeads - textEnd) / histogramBytes, `copies with ${stripes} stripes`).to.equal(
        9 + 2 * stripes,
      );
    }
  });

  it('should have as many slots, if nobody says how many, as a quarter of the budget holds, and one series at least', () => {
    for (const stripes of [1, 4, 16])
      for (const maxBytes of [32 * MEBIBYTE, 256 * MEBIBYTE]) {
        const { slotCount, maxSeries, maxStreams } = computeLayout({
          ...{ stripes, maxBytes, maxStreams: 1024, maxBoundaries: 15 },
        });
        expect(slotCount).to.equal(maxSeries + maxStreams);
        // A slot as above, but for the head of its chain.
        expect(slotCount).to.equal(Math.floor(maxBytes / 4 / (248 + 24 * stripes)));
      }
    const { maxSeries: _, ...unsaid } = request;
    const least = computeLayout({ ...unsaid, maxBytes: 4 * MEBIBYTE, maxStreams: 4000 });
    expect(least.maxSeries).to.equal(1);
  });

  it('should give nobody a byte that another one has, and stay within the budget', () => {
    fc.assert(
      fc.property(anyRequest, given => {
        const layout = layoutOf(given);
        if (typeof layout === 'string') return;
        expect(layout.end).to.be.at.most(given.maxBytes);
        expect(layout.pages * PAGE_BYTES).to.be.within(layout.end, layout.end + PAGE_BYTES);
        let free = 0;
        for (const [name, start, length] of areasOf(layout, given.maxBoundaries).sort(
          ([, a], [, b]) => a - b,
        )) {
          expect(start, name).to.be.at.least(free);
          expect(start % 64, `${name} begins with a cache line`).to.equal(0);
          free = start + length;
        }
        expect(free).to.be.at.most(layout.end);
        // A chain stays short, and the mask is a mask.
        expect(layout.hashHeadCount).to.be.at.least(layout.maxSeries);
        expect(Math.log2(layout.hashHeadCount) % 1).to.equal(0);
      }),
    );
  });

  it('should have sketches in a sixty-fourth of the budget, 16 MiB at most, or none where there is no room', () => {
    const bytesIn = ({ sketchHeads, end }: Layout): number => end - sketchHeads;
    const bytesOf = (changes: Partial<LayoutRequest>): number =>
      bytesIn(computeLayout({ ...request, ...changes }));
    expect(bytesOf({})).to.equal(4 * MEBIBYTE);
    expect(bytesOf({ maxBytes: 4096 * MEBIBYTE })).to.equal(16 * MEBIBYTE);
    const { maxBytes: _, ...rest } = request;
    expect(bytesIn(smallest(rest)), 'the smallest budget').to.equal(0);
    expect(bytesOf({ maxStreams: 100_000, maxBytes: 100 * MEBIBYTE })).to.equal(100 * (MEBIBYTE / 64));
  });

  it('should have a list of free areas for each width that a histogram may have', () => {
    for (let maxBoundaries = 1; maxBoundaries <= 256; maxBoundaries++) {
      const layout = computeLayout({ ...request, maxBoundaries });
      const [, start = 0, length = 0] =
        areasOf(layout, maxBoundaries).find(([name]) => name === 'histogramFree') ?? [];
      expect(layout.textFree, `${maxBoundaries}`).to.be.at.least(start + length);
    }
  });

  it('should never have so many slots that the kernel could not answer with them', () => {
    const least = {
      ...{ stripes: 1, maxStreams: 1, maxBoundaries: 1, maxLabelBytes: 64 },
      maxBytes: STORE_BYTES_MAX,
    };
    expect(layoutOf({ ...least, maxSeries: words.PLACE_STEP })).to.be.a('string');
    expect(layoutOf({ ...least, maxSeries: 2 ** 22 })).to.be.an('object');
  });

  it('should keep the secret of its creator, which nobody who attaches has to know', () => {
    const header = new SharedArrayBuffer(words.HEADER_SIZE);
    const secret = Uint8Array.from({ length: words.SECRET_BYTES }, (_, index) => 200 + index);
    const layout = computeLayout(request);
    writeHeader(header, layout, secret);
    expect([...new Uint8Array(header, words.SECRET, words.SECRET_BYTES)]).to.deep.equal([...secret]);
    expect(findForeignWord(header, layout)).to.equal(undefined);
  });

  it('should describe the stripes that there are, and no more', () => {
    const header = new SharedArrayBuffer(words.HEADER_SIZE);
    writeHeader(header, computeLayout(request), SECRET);
    const lineOf = (stripe: number): Uint32Array =>
      new Uint32Array(header, words.STRIPES + stripe * words.STRIPE_SIZE, words.STRIPE_SIZE / 4);
    expect(lineOf(request.stripes - 1).some(word => word !== 0)).to.equal(true);
    for (let stripe = request.stripes; stripe < STRIPES_MAX; stripe++)
      expect(
        lineOf(stripe).every(word => word === 0),
        `stripe ${stripe}`,
      ).to.equal(true);
  });

  it('should hold the widest histogram, and say of a budget that cannot what would', () => {
    fc.assert(
      fc.property(anyRequest, given => {
        const layout = layoutOf(given);
        if (typeof layout !== 'string') {
          const widest = words.HISTOGRAM_HEAD_SIZE + (given.maxBoundaries + 1) * 8;
          expect(layout.histogramBytes).to.be.at.least(widest);
          return;
        }
        const needed = Number(/need at least (\d+)/.exec(layout)?.[1]);
        const mebibytes = Number(/raise maxBytes to (\d+) MiB/.exec(layout)?.[1]);
        expect(needed).to.be.greaterThan(given.maxBytes);
        expect(mebibytes).to.be.at.least(Math.ceil(needed / MEBIBYTE));
        expect(layoutOf({ ...given, maxBytes: mebibytes * MEBIBYTE }), 'the advice').to.be.an('object');
        const { maxSeries, maxLabelBytes } = given;
        if (maxSeries === undefined || maxLabelBytes === undefined) return;
        expect(mebibytes).to.equal(Math.ceil(needed / MEBIBYTE));
        expect(layoutOf({ ...given, maxBytes: needed })).to.be.an('object');
        expect(layoutOf({ ...given, maxBytes: needed - 1 })).to.be.a('string');
      }),
      { numRuns: 500 },
    );
  });

  it('should accept no budget that has no room for one histogram of as many boundaries as there may be', () => {
    for (let maxBoundaries = 1; maxBoundaries <= 40; maxBoundaries++) {
      const given = { stripes: 2, maxStreams: 3, maxBoundaries, maxSeries: 5, maxLabelBytes: 64 };
      // Buckets are kept in groups of eight.
      const widest = words.HISTOGRAM_HEAD_SIZE + Math.ceil((maxBoundaries + 1) / 8) * 64;
      expect(smallest(given).histogramBytes, `${maxBoundaries}`).to.be.at.least(widest);
    }
  });

  it('should not advise a budget that does not exist', () => {
    const message = layoutOf({ ...request, maxSeries: 100_000_000 });
    expect(message).to.match(/: lower one of them /);
  });

  it('should reach the last byte of 4 GiB', () => {
    const { end, pages } = computeLayout({
      maxBytes: STORE_BYTES_MAX,
      stripes: 16,
      maxStreams: 1024,
      maxBoundaries: 64,
    });
    expect(end).to.be.within(STORE_BYTES_MAX - MEBIBYTE, STORE_BYTES_MAX);
    expect(pages * PAGE_BYTES).to.be.at.most(STORE_BYTES_MAX);
  });
});
