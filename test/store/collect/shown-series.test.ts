import { expect } from 'chai';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { ShownSeries } from '../../../lib/store/collect/shown-series.js';
import { SeriesRows, type StreamRows } from '../../../lib/store/series/series-rows.js';
import type { RegisteredStream } from '../../../lib/store/series/stream-registry.js';

describe('ShownSeries', () => {
  const stream = { index: 0, definition: { kind: 'COUNTER' } } as unknown as RegisteredStream;
  let table: SeriesRows;
  beforeEach(() => (table = new SeriesRows(100)));

  const put = (slot: number, live: number): void => {
    const text = `{"k":"${slot}:${live}"}`;
    const place = table.texts.put(text.length, (into, at) => into.write(text, at));
    table.put({ slot, live, stream, histogram: 0 }, place, false);
  };
  const rows = (): StreamRows => {
    for (const _ of table.sort());
    return table.streams[0]!;
  };
  const labelsOf = (shown: ShownSeries): unknown[] =>
    Array.from({ length: shown.length }, (_, index) => shown.at(index)?.attributes['k']);
  const staged = (shown: ShownSeries, ...indices: number[]): string[] => {
    const [bytes, places] = [Buffer.alloc(1000), new Uint32Array(100)];
    const into = { bytes, places };
    expect(shown.stageTexts(Uint32Array.from(indices), [0, 1000], into, 0)).to.equal(indices.length);
    return indices.map((_, rank) => bytes.toString('utf8', places[2 * rank], places[2 * rank + 1]));
  };

  it('should be the series of the rows that were chosen, as objects and as texts', async () => {
    for (const slot of [4, 7, 9]) put(slot, 1);
    const all = rows();
    for (const chosen of [[0, 1, 2], [1], [1, 2], [0, 2], [2, 0], [2, 1, 0], []]) {
      const shown = await ShownSeries.of(all, Int32Array.from(chosen), new TimeSlice());
      const expected = chosen.map(row => `${[4, 7, 9][row]}:1`);
      expect(labelsOf(shown)).to.deep.equal(expected);
      expect([...shown.slots]).to.deep.equal(chosen.map(row => [4, 7, 9][row]));
      expect([...shown.lives]).to.deep.equal(chosen.map(() => 1));
      expect(staged(shown, ...chosen.keys())).to.deep.equal(expected.map(k => `{"k":"${k}"}`));
      expect(shown.at(chosen.length)).to.equal(undefined);
      expect(shown.at(-1)).to.equal(undefined);
    }
  });

  it('should be the same object for the same series, in every list', async () => {
    put(4, 1);
    put(7, 1);
    const shown = await ShownSeries.of(rows(), Int32Array.of(0, 1), new TimeSlice());
    const [four, seven] = [shown.at(0), shown.at(1)];
    put(4, 2);
    const later = await ShownSeries.of(rows(), Int32Array.of(0, 1), new TimeSlice());
    expect(later.at(1)).to.equal(seven);
    expect(later.at(0)).to.not.equal(four);
    expect(shown.at(0)).to.equal(four);
  });

  it('should move to other rows only if they are of the same series', async () => {
    put(4, 1);
    put(7, 1);
    const shown = await ShownSeries.of(rows(), Int32Array.of(0, 1), new TimeSlice());
    put(5, 1);
    const wider = rows();
    expect(shown.moveTo(wider, Int32Array.of(0, 1))).to.equal(false);
    expect(shown.moveTo(wider, Int32Array.of(0))).to.equal(false);
    expect(shown.moveTo(wider, Int32Array.of(0, 2))).to.equal(true);
    expect(labelsOf(shown)).to.deep.equal(['4:1', '7:1']);
    expect(staged(shown, 1)).to.deep.equal(['{"k":"7:1"}']);
    put(4, 2);
    expect(shown.moveTo(rows(), Int32Array.of(0, 2)), 'another has the slot').to.equal(false);
    expect(labelsOf(shown), 'as it was').to.deep.equal(['4:1', '7:1']);
  });
});
