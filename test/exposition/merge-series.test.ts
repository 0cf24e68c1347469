import { expect } from 'chai';
import { mergeSeries } from '../../lib/exposition/merge-series.js';
import type { OrderedSeries } from '../../lib/exposition/merge-series.js';
import { SeriesTexts } from '../../lib/exposition/series-texts.js';
import type { CollectedStream } from '../../lib/store/definition/stream.js';
import { histogramOf, stream } from './streams.js';

describe('mergeSeries', () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
  });

  /** The label `k` is the whole text of a series here. */
  const merge = async (...streams: CollectedStream[]): Promise<OrderedSeries> => {
    const texts = await Promise.all(
      streams.map(({ points }) => new SeriesTexts(({ k }) => String(k)).align(points)),
    );
    return mergeSeries(streams, texts, (_, message) => warnings.push(message));
  };
  const rows = ({ order, texts, values }: OrderedSeries): unknown[] =>
    order.map(index => [texts[index], values[index]]);

  it('should pass a single stream through', async () => {
    const only = stream({}, [{ k: 'b' }, 1], [{ k: 'a' }, 2]);
    const merged = await merge(only);
    expect(merged.values).to.deep.equal(Float64Array.of(1, 2));
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
    expect(merged.order.map(merged.boundariesOf)).to.deep.equal([[2], [1]]);
    expect(warnings).to.have.length(1);
  });
});
