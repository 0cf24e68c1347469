import { expect } from 'chai';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { rowText } from '../../../lib/exposition/labels/label-block.js';
import type { LabelMaker } from '../../../lib/exposition/labels/label-maker.js';
import { RowMerger } from '../../../lib/exposition/series/merge-rows.js';
import type { RowSection } from '../../../lib/exposition/series/merge-rows.js';
import { SeriesRows } from '../../../lib/exposition/series/series-rows.js';
import type { CollectedStream, HistogramValue } from '../../../lib/store/definition/stream.js';
import { histogramOf, stream } from '../streams.js';

describe('RowMerger', () => {
  let warnings: string[];
  let merger: RowMerger;
  beforeEach(() => {
    warnings = [];
    merger = new RowMerger((_, message) => warnings.push(message));
  });

  /** The label `k` is the whole text of a series here. */
  const onlyK: LabelMaker = { textOf: ({ attributes: { k } }) => String(k) };

  const merge = async (...streams: CollectedStream[]): Promise<readonly RowSection[]> => {
    const aligned = await Promise.all(
      streams.map(({ points }) => new SeriesRows(onlyK).align(points.series)),
    );
    return merger.merge(streams, aligned, new TimeSlice());
  };
  const valueOf = ({ boundaries, width, numbers }: RowSection, position: number): number | HistogramValue => {
    const row = [...numbers.subarray(position * width, (position + 1) * width)];
    const [count = 0, sum = 0, min = 0, max = 0, ...counts] = row;
    if (width === 1) return count;
    expect(counts).to.have.length(boundaries.length + 1);
    return { count, sum, min, max, counts };
  };
  const rows = (sections: readonly RowSection[]): unknown[] =>
    sections.flatMap(section => {
      const texts = section.blocks.flatMap(block =>
        Array.from({ length: block.rows }, (_, row) => rowText(block, row)),
      );
      return texts.map((text, row) => [text, valueOf(section, section.positions?.[row] ?? row)]);
    });

  it('should pass a single stream through', async () => {
    const only = stream({}, [{ k: 'b' }, 1], [{ k: 'a' }, 2]);
    const merged = await merge(only);
    expect(merged[0]?.numbers).to.equal(only.points.numbers);
    expect(rows(merged)).to.deep.equal([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('should put the series of several streams into one order', async () => {
    const merged = await merge(
      stream({}, [{ k: 'a' }, 1], [{ k: 'd' }, 2]),
      stream({}, [{ k: 'c' }, 3]),
      stream({}),
    );
    expect(rows(merged)).to.deep.equal([
      ['a', 1],
      ['c', 3],
      ['d', 2],
    ]);
  });

  it('should add up the counts of one instrument that became one series', async () => {
    const merged = await merge(stream({}, [{ k: 'a' }, 1], [{ k: 'a', x: 1 }, 2], [{ k: 'b' }, 4]));
    expect(rows(merged)).to.deep.equal([
      ['a', 3],
      ['b', 4],
    ]);
    expect(warnings).to.deep.equal([]);
  });

  it('should stop at the largest number where the store would', async () => {
    const largest = Number.MAX_VALUE;
    const merged = await merge(
      stream({}, [{ k: 'a' }, largest], [{ k: 'a', x: 1 }, largest], [{ k: 'b' }, 4]),
    );
    expect(rows(merged)[0]).to.deep.equal(['a', largest]);
  });

  it('should never add up two instruments: the first stays, and what it does not have comes from the other', async () => {
    const merged = await merge(
      stream({ name: 'jobs' }, [{ k: 'a' }, 1]),
      stream({ name: 'jobs_total', unit: '{job}', valueType: 0 }, [{ k: 'a' }, 2], [{ k: 'b' }, 4]),
      stream({ name: 'jobs.total' }, [{ k: 'b' }, 8]),
    );
    expect(rows(merged)).to.deep.equal([
      ['a', 1],
      ['b', 4],
    ]);
    expect(warnings).to.have.length(2);
    expect(warnings[0])
      .to.contain('COUNTER "jobs_total" of integers in "{job}"')
      .and.to.contain('COUNTER "jobs" of')
      .and.to.contain('View');
    expect(warnings[1]).to.contain('COUNTER "jobs.total"').and.to.contain('COUNTER "jobs_total"');
  });

  it('should add up histograms of one instrument only', async () => {
    const definition = { kind: 'HISTOGRAM', boundaries: [1, 2] } as const;
    const merged = await merge(
      stream(
        definition,
        [{ k: 'a' }, histogramOf([1, 2], [0.5, 5])],
        [{ k: 'a' }, histogramOf([1, 2], [1, 1.5])],
      ),
      stream(definition, [{ k: 'a' }, histogramOf([1, 2], [7])]),
    );
    expect(rows(merged)).to.deep.equal([['a', histogramOf([1, 2], [0.5, 5, 1, 1.5])]]);
    expect(warnings).to.have.length(1);
  });

  it('should keep the first of two gauges and say so', async () => {
    const merged = await merge(stream({ kind: 'GAUGE', name: 'g' }, [{ k: 'a' }, 1], [{ k: 'a' }, 2]));
    expect(rows(merged)).to.deep.equal([['a', 1]]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('"g"');
  });

  it('should keep the first of two histograms with other boundaries, and know whose boundaries are whose', async () => {
    const merged = await merge(
      stream({ kind: 'HISTOGRAM', boundaries: [1] }, [{ k: 'b' }, histogramOf([1], [1])]),
      stream(
        { kind: 'HISTOGRAM', boundaries: [2] },
        [{ k: 'a' }, histogramOf([2], [2])],
        [{ k: 'b' }, histogramOf([2], [2])],
      ),
    );
    expect(rows(merged)).to.deep.equal([
      ['a', histogramOf([2], [2])],
      ['b', histogramOf([1], [1])],
    ]);
    expect(merged.map(({ boundaries }) => boundaries)).to.deep.equal([[2], [1]]);
    expect(warnings).to.have.length(1);
  });

  it('should take the numbers of each collection, however long the series stay the same', async () => {
    const one = stream({}, [{ k: 'a' }, 1], [{ k: 'a', x: 1 }, 2]);
    const aligned = [await new SeriesRows(onlyK).align(one.points.series)];
    for (const factor of [1, 10]) {
      const points = { ...one.points, numbers: one.points.numbers.map(number => number * factor) };
      const merged = await merger.merge([{ ...one, points }], aligned, new TimeSlice());
      expect(rows(merged)).to.deep.equal([['a', 3 * factor]]);
    }
  });

  it('should say of a merged series that it counts since its first part does', async () => {
    const one = stream({}, [{ k: 'a' }, 1], [{ k: 'a', x: 1 }, 2]);
    one.points.starts.set([2000, 1000]);
    expect((await merge(one))[0]?.starts).to.deep.equal(Float64Array.of(1000));
  });
});
