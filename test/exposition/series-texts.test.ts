import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { SeriesTexts } from '../../lib/exposition/series-texts.js';
import type { AlignedTexts } from '../../lib/exposition/series-texts.js';
import { stream } from './streams.js';

describe('SeriesTexts', () => {
  const named = (name: string): Attributes => Object.freeze({ name });
  const [d, b, a, c] = [named('d'), named('b'), named('a'), named('c')];
  let textsMade: string[];
  let seriesTexts: SeriesTexts;
  beforeEach(() => {
    textsMade = [];
    seriesTexts = new SeriesTexts(attributes => {
      textsMade.push(String(attributes['name']));
      return String(attributes['name']);
    });
  });

  const align = (...series: Attributes[]): Promise<AlignedTexts> =>
    seriesTexts.align(stream({}, ...series.map(attributes => [attributes, 1] as const)).points);
  const ordered = ({ texts, order }: AlignedTexts): (string | undefined)[] =>
    order.map(index => texts[index]);

  it('should give each point its text, and the order of the texts', async () => {
    const aligned = await align(d, b, a);
    expect(aligned.texts).to.deep.equal(['d', 'b', 'a']);
    expect(aligned.order).to.deep.equal([2, 1, 0]);
    expect(aligned.hasDuplicates).to.be.false;
  });

  it('should do nothing when the series are the same as last time', async () => {
    const first = await align(d, b);
    expect(await align(d, b)).to.equal(first);
    expect(textsMade).to.deep.equal(['d', 'b']);
  });

  it('should only make the texts of new series, wherever series came and went', async () => {
    await align(d, b);
    expect(ordered(await align(d, b, c))).to.deep.equal(['b', 'c', 'd']);
    expect(ordered(await align(b, c))).to.deep.equal(['b', 'c']);
    expect(ordered(await align(a, c, b))).to.deep.equal(['a', 'b', 'c']);
    expect(ordered(await align(a))).to.deep.equal(['a']);
    expect(textsMade).to.deep.equal(['d', 'b', 'c', 'a']);
    expect(ordered(await align())).to.deep.equal([]);
  });

  it('should leave what it handed out alone', async () => {
    const before = await align(d, b);
    await align(a, c, b);
    expect(before.texts).to.deep.equal(['d', 'b']);
    expect(before.order).to.deep.equal([1, 0]);
  });

  it('should notice two series with the same text', async () => {
    expect((await align(a, b, { name: 'a' })).hasDuplicates).to.be.true;
  });
});
