import { expect } from 'chai';
import { rowText } from '../../../lib/exposition/labels/label-block.js';
import { SeriesRows } from '../../../lib/exposition/series/series-rows.js';
import type { OrderedRows } from '../../../lib/exposition/series/series-rows.js';
import type { SeriesLabels } from '../../../lib/store/definition/stream.js';

describe('SeriesRows', () => {
  const seriesOf = (...texts: string[]): SeriesLabels[] => texts.map(k => ({ attributes: { k } }));
  let made: string[];
  let rows: SeriesRows;
  beforeEach(() => {
    made = [];
    rows = new SeriesRows({
      textOf: ({ attributes: { k } }) => {
        made.push(String(k));
        return String(k);
      },
    });
  });
  const textsOf = ({ blocks }: OrderedRows): string[] =>
    blocks.flatMap(block => Array.from({ length: block.rows }, (_, row) => rowText(block, row)));

  it('should order the series by text and say where each stands', async () => {
    const ordered = await rows.align(seriesOf('c', 'a', 'ä', 'b'));
    expect(textsOf(ordered).map(text => Buffer.from(text, 'latin1').toString())).to.deep.equal([
      'a',
      'b',
      'c',
      'ä',
    ]);
    expect([...ordered.positions]).to.deep.equal([1, 3, 0, 2]);
  });

  it('should look at nothing while the list is the same one', async () => {
    const series = seriesOf('b', 'a');
    const first = await rows.align(series);
    series.push(...seriesOf('c'));
    expect(await rows.align(series)).to.equal(first);
  });

  it('should make each text once', async () => {
    const series = seriesOf('a', 'b', 'c', 'd');
    await rows.align(series);
    await rows.align([...series.slice(1), ...seriesOf('e')]);
    await rows.align([...series.slice(1), ...seriesOf()].reverse());
    expect(made).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
  });

  it('should make anew only the blocks that a change touches, and leave the older rows as they are', async () => {
    const series = seriesOf(...Array.from({ length: 20_000 }, (_, index) => `k${100_000 + index}`));
    const before = await rows.align(series);
    const texts = textsOf(before);
    const after = await rows.align([
      ...series.filter((_, index) => index !== 5000),
      ...seriesOf('k115000.5'),
    ]);
    const kept = after.blocks.filter(block => before.blocks.includes(block));
    expect(kept.length).to.be.within(before.blocks.length - 4, before.blocks.length - 1);
    expect(textsOf(before)).to.deep.equal(texts);
    expect(textsOf(after)).to.deep.equal([...texts.filter(text => text !== 'k105000'), 'k115000.5'].sort());
  });

  it('should not be left with many small blocks when series go one by one', async () => {
    let series = seriesOf(...Array.from({ length: 8000 }, (_, index) => `k${100_000 + index}`));
    for (let round = 0; round < 10; round++) {
      series = series.filter((_, index) => index % 4 !== 0);
      await rows.align(series);
    }
    const { blocks } = await rows.align([...series]);
    expect(series.length).to.be.greaterThan(400);
    expect(blocks.length).to.be.at.most(2);
  });

  it('should say when two series are equal, in one block or in two', async () => {
    expect((await rows.align(seriesOf('a', 'b'))).hasDuplicates).to.equal(false);
    expect((await rows.align(seriesOf('b', 'a', 'b'))).hasDuplicates).to.equal(true);
    const many = Array.from({ length: 2100 }, (_, index) => `${index < 1023 ? 'k' : 'y'}${10_000 + index}`);
    const { blocks, hasDuplicates } = await rows.align(seriesOf(...many, 'x', 'x'));
    expect(blocks.map(block => block.hasDuplicates)).to.deep.equal([false, false]);
    expect(hasDuplicates).to.equal(true);
  });

  it('should let others have their turn while it looks at many new series', async () => {
    const slow = new SeriesRows({ textOf: ({ attributes }) => JSON.stringify(attributes) });
    let turns = 0;
    let hasEnded = false;
    const turn = (): void => {
      turns++;
      if (!hasEnded) setImmediate(turn);
    };
    setImmediate(turn);
    await slow.align(
      seriesOf(...Array.from({ length: 100_000 }, (_, index) => `k${(index * 7919) % 100_003}`)),
    );
    hasEnded = true;
    expect(turns).to.be.greaterThan(3);
  });
});
