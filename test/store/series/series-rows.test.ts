import { expect } from 'chai';
import fc from 'fast-check';
import type { InstrumentKind } from '../../../lib/store/definition/stream.js';
import type { Series } from '../../../lib/store/series/known-series.js';
import { SeriesRows, type StreamRows } from '../../../lib/store/series/series-rows.js';
import type { RegisteredStream } from '../../../lib/store/series/stream-registry.js';

const SLOTS = 40;
const SLOTS_MAX = 200_000;

const streams = (['COUNTER', 'HISTOGRAM', 'GAUGE'] as const).map(
  (kind: InstrumentKind, index) => ({ index, definition: { kind } }) as unknown as RegisteredStream,
);

const seriesIn = (slot: number, stream: number): Series => ({
  slot,
  live: ++lives,
  stream: streams[stream]!,
  attributes: {},
  text: `{"k":"${'x'.repeat((lives * 31) % 70)}${lives}"}`,
  isHeld: stream === 2 && slot % 5 === 0,
  histogram: stream === 1 ? slot * 64 : 0,
});

const put = (rows: SeriesRows, series: Series): void => {
  const text = rows.texts.put(series.text.length, (into, at) => into.write(series.text, at));
  rows.put(series, text, series.isHeld);
};

/** What is known of a series. */
const known = (series: Series | undefined): unknown =>
  series && [series.slot, series.live, series.stream.index, series.text, series.isHeld, series.histogram];

const seriesOf = (rows: StreamRows): Series[] => Array.from(rows.slots, (_, row) => rows.at(row));

let lives = 0;

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
        const rows = new SeriesRows(SLOTS_MAX);
        const expected = new Map<number, Series>();
        for (const taken of steps)
          if (taken === 'sort') for (const _ of rows.sort());
          else if ('put' in taken) {
            const series = seriesIn(taken.put, taken.stream);
            expected.set(taken.put, series);
            put(rows, series);
          } else if ('take' in taken) {
            expected.delete(taken.take);
            rows.take(taken.take);
          } else {
            const sorting = rows.sort();
            for (let pieces = 0; pieces < taken.abandonAfter; pieces++) sorting.next();
            sorting.return();
          }

        for (const _ of rows.sort());
        for (let slot = 0; slot < SLOTS; slot++)
          expect(known(rows.at(slot))).to.deep.equal(known(expected.get(slot)));
        const all = [...expected.values()].sort((a, b) => a.slot - b.slot);
        const byStream = streams
          .map(stream => ({ stream, own: all.filter(series => series.stream === stream) }))
          .filter(({ own }) => own.length > 0);
        expect(rows.streams.map(({ stream }) => stream)).to.deep.equal(byStream.map(({ stream }) => stream));
        byStream.forEach(({ stream, own }, index) => {
          const of = rows.streams[index]!;
          const { slots, lives: words, histograms, hasHeld } = of;
          expect(seriesOf(of).map(known)).to.deep.equal(own.map(known));
          expect(seriesOf(of)).to.deep.equal(own.map(({ slot }) => rows.at(slot)));
          expect([...words]).to.deep.equal(own.map(({ live }) => live));
          expect([...slots]).to.deep.equal(own.map(({ slot }) => slot));
          const cells = stream.definition.kind === 'HISTOGRAM' ? own.map(({ histogram }) => histogram) : [];
          expect([...histograms]).to.deep.equal(cells);
          expect(hasHeld).to.equal(own.some(({ isHeld }) => isHeld));
        });
      }),
    );
  });

  it('should leave rows alone that were handed out, and those of streams in which nothing changed', () => {
    const rows = new SeriesRows(SLOTS_MAX);
    put(rows, seriesIn(3, 0));
    put(rows, seriesIn(4, 1));
    for (const _ of rows.sort());
    const [counters, histograms] = rows.streams;
    rows.take(3);
    put(rows, seriesIn(5, 0));
    for (const _ of rows.sort());
    expect([...counters!.slots]).to.deep.equal([3]);
    expect([...rows.streams[0]!.slots]).to.deep.equal([5]);
    expect(rows.streams[1]).to.equal(histograms);
  });

  it('should have all that was there when it began to sort, though others come meanwhile', () => {
    const rows = new SeriesRows(SLOTS_MAX);
    const many = 100_000;
    for (let slot = 1; slot < many; slot += 2) put(rows, seriesIn(slot, 0));
    const sorting = rows.sort();
    let isCounted = false;
    for (let pieces = 0; !sorting.next().done; pieces++) {
      if (pieces < 4 || isCounted) continue;
      isCounted = true;
      for (let slot = 90_000; slot < 90_200; slot += 2) put(rows, seriesIn(slot, 0));
    }
    expect(isCounted).to.equal(true);
    const sorted = rows.streams[0]!;
    expect(sorted.slots.filter(slot => slot % 2 === 1)).to.have.length(many / 2);
    expect([...sorted.slots]).to.deep.equal(seriesOf(sorted).map(({ slot }) => slot));
  });

  it('should keep every text while series come and go, and what rows say that were handed out', () => {
    const rows = new SeriesRows(SLOTS_MAX);
    const expected = new Map<number, unknown>();
    const handedOut: [StreamRows, unknown[]][] = [];
    const many = 9000;
    for (let round = 0; round < 20; round++) {
      for (let slot = 0; slot < many; slot++) {
        if ((slot * 7 + round) % 4 === 0 || (slot % 100 === 7 && round > 0)) continue;
        const series = seriesIn(slot, slot % 3);
        put(rows, series);
        expected.set(slot, known(series));
      }
      const sorting = rows.sort();
      // Some come and go, and one sorting is given up, while texts are copied.
      for (let pieces = 0; pieces < round; pieces++) {
        const slot = (round * 500 + pieces * 31) % many;
        const series = seriesIn(slot, slot % 3);
        put(rows, series);
        expected.set(slot, known(series));
        sorting.next();
      }
      if (round % 3 === 0) sorting.return();
      else for (const _ of sorting);
      for (const [of, before] of handedOut) expect(seriesOf(of).map(known)).to.deep.equal(before);
      handedOut.splice(0, 2);
      for (const of of rows.streams) handedOut.push([of, seriesOf(of).map(known)]);
      const slots = [...expected.keys()];
      expect(slots.map(slot => known(rows.at(slot)))).to.deep.equal([...expected.values()]);
    }
    for (const _ of rows.sort());
    const all = rows.streams.flatMap(of => seriesOf(of).map(known));
    expect(all).to.have.length(expected.size);
    const sorted = (list: unknown[]): string[] => list.map(item => JSON.stringify(item)).sort();
    expect(sorted(all)).to.deep.equal(sorted([...expected.values()]));
  }).timeout(60_000);
});
