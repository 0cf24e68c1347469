import { expect } from 'chai';
import fc from 'fast-check';
import type { InstrumentKind } from '../../../lib/store/definition/stream.js';
import type { Series } from '../../../lib/store/series/known-series.js';
import { SeriesRows } from '../../../lib/store/series/series-rows.js';
import type { RegisteredStream } from '../../../lib/store/series/stream-registry.js';

const SLOTS = 40;

const streams = (['COUNTER', 'HISTOGRAM', 'GAUGE'] as const).map(
  (kind: InstrumentKind, index) => ({ index, definition: { kind } }) as unknown as RegisteredStream,
);

const seriesIn = (slot: number, stream: number): Series => ({
  slot,
  live: 1,
  stream: streams[stream]!,
  attributes: {},
  text: '{}',
  isHeld: stream === 2 && slot % 5 === 0,
  histogram: slot * 64,
});

const step = fc.oneof(
  fc.record({ put: fc.nat(SLOTS - 1), stream: fc.nat(2) }),
  fc.record({ take: fc.nat(SLOTS - 1) }),
  fc.constant('sort' as const),
  fc.record({ abandonAfter: fc.nat(2) }),
);

describe('SeriesRows', () => {
  it('should have the series of each stream in the order of their slots, whatever came and went', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), steps => {
        const rows = new SeriesRows();
        const expected = new Map<number, Series>();
        for (const taken of steps)
          if (taken === 'sort') for (const _ of rows.sort());
          else if ('put' in taken) {
            const series = seriesIn(taken.put, taken.stream);
            expected.set(taken.put, series);
            rows.put(series);
          } else if ('take' in taken) {
            expected.delete(taken.take);
            rows.take(taken.take);
          } else {
            const sorting = rows.sort();
            for (let pieces = 0; pieces < taken.abandonAfter; pieces++) sorting.next();
            sorting.return();
          }

        for (const _ of rows.sort());
        for (let slot = 0; slot < SLOTS; slot++) expect(rows.at(slot)).to.equal(expected.get(slot));
        const all = [...expected.values()].sort((a, b) => a.slot - b.slot);
        const byStream = streams
          .map(stream => ({ stream, own: all.filter(series => series.stream === stream) }))
          .filter(({ own }) => own.length > 0);
        expect(rows.streams.map(({ stream }) => stream)).to.deep.equal(byStream.map(({ stream }) => stream));
        byStream.forEach(({ stream, own }, index) => {
          const { series, slots, histograms, hasHeld } = rows.streams[index]!;
          expect(series).to.deep.equal(own);
          expect([...slots]).to.deep.equal(own.map(({ slot }) => slot));
          const cells = stream.definition.kind === 'HISTOGRAM' ? own.map(({ histogram }) => histogram) : [];
          expect([...histograms]).to.deep.equal(cells);
          expect(hasHeld).to.equal(own.some(({ isHeld }) => isHeld));
        });
      }),
    );
  });

  it('should leave rows alone that were handed out, and those of streams in which nothing changed', () => {
    const rows = new SeriesRows();
    rows.put(seriesIn(3, 0));
    rows.put(seriesIn(4, 1));
    for (const _ of rows.sort());
    const [counters, histograms] = rows.streams;
    rows.take(3);
    rows.put(seriesIn(5, 0));
    for (const _ of rows.sort());
    expect([...counters!.slots]).to.deep.equal([3]);
    expect([...rows.streams[0]!.slots]).to.deep.equal([5]);
    expect(rows.streams[1]).to.equal(histograms);
  });

  it('should have all that was there when it began to sort, though others come meanwhile', () => {
    const rows = new SeriesRows();
    const many = 100_000;
    for (let slot = 1; slot < many; slot += 2) rows.put(seriesIn(slot, 0));
    const sorting = rows.sort();
    let isCounted = false;
    for (let pieces = 0; !sorting.next().done; pieces++) {
      if (pieces < 4 || isCounted) continue;
      isCounted = true;
      for (let slot = 90_000; slot < 90_200; slot += 2) rows.put(seriesIn(slot, 0));
    }
    expect(isCounted).to.equal(true);
    const sorted = rows.streams[0]!;
    expect(sorted.series.filter(({ slot }) => slot % 2 === 1)).to.have.length(many / 2);
    expect([...sorted.slots]).to.deep.equal(sorted.series.map(({ slot }) => slot));
  });
});
