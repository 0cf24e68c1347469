import { expect } from 'chai';
import { viewOf } from '../../../lib/exposition/labels/byte-words.js';
import { LabelBlockBuilder, rowText } from '../../../lib/exposition/labels/label-block.js';
import type { LabelBlock } from '../../../lib/exposition/labels/label-block.js';

const textsIn = (blocks: readonly LabelBlock[]): string[] =>
  blocks.flatMap(block => Array.from({ length: block.rows }, (_, row) => rowText(block, row)));

const blocksOf = (texts: readonly string[]): readonly LabelBlock[] => {
  const builder = new LabelBlockBuilder();
  for (const text of texts) builder.push(text);
  return builder.finish();
};

describe('LabelBlockBuilder', () => {
  it('should keep every row, in blocks of bounded size', () => {
    const texts = Array.from({ length: 5000 }, (_, index) => `k="${index + 10_000}"`);
    const blocks = blocksOf(texts);
    expect(textsIn(blocks)).to.deep.equal(texts);
    expect(Math.max(...blocks.map(({ rows }) => rows))).to.be.within(256, 2048);
    expect(blocks.map(({ first }) => first)).to.deep.equal(blocks.map(block => rowText(block, 0)));
    expect(blocks.map(({ last }) => last)).to.deep.equal(blocks.map(block => rowText(block, block.rows - 1)));
  });

  it('should end a block early when its rows are long', () => {
    const texts = Array.from({ length: 100 }, (_, index) => `${index + 100}`.repeat(10_000));
    const blocks = blocksOf(texts);
    expect(textsIn(blocks)).to.deep.equal(texts);
    expect(Math.max(...blocks.map(({ bytes }) => bytes.length))).to.be.lessThan(300_000);
  });

  it('should say which block has equal rows', () => {
    expect(blocksOf(['a', 'b', 'b', 'c']).map(({ hasDuplicates }) => hasDuplicates)).to.deep.equal([true]);
    expect(blocksOf(['', 'b', 'c']).map(({ hasDuplicates }) => hasDuplicates)).to.deep.equal([false]);
    expect(blocksOf([])).to.deep.equal([]);
  });

  it('should take a block as it is, but not while the one before would be left with a few rows', () => {
    const [block] = blocksOf(['m', 'n']);
    if (block === undefined) throw new Error('no block');
    const builder = new LabelBlockBuilder();
    expect(builder.takesWhole).to.equal(true);
    builder.push('a');
    expect(builder.takesWhole).to.equal(false);
    for (let index = 0; index < 400; index++) builder.push('b');
    expect(builder.takesWhole).to.equal(true);
    builder.pushBlock(block);
    const [, taken] = builder.finish();
    expect(taken).to.equal(block);
  });

  it('should take ranges of rows, as if they came one by one', () => {
    const texts = Array.from(
      { length: 6000 },
      (_, index) => `k="${index + 10_000}"${'x'.repeat(index % 90)}`,
    );
    const all = Buffer.from(texts.join(''));
    const offsets = Uint32Array.from({ length: texts.length + 1 }, () => 0);
    texts.forEach((text, index) => (offsets[index + 1] = (offsets[index] ?? 0) + text.length));
    for (const step of [1, 3, 5, 700, 6000]) {
      const builder = new LabelBlockBuilder();
      const rows = { bytes: all, view: viewOf(all), offsets };
      for (let row = 0; row < texts.length; row += step)
        builder.pushRange(rows, row, Math.min(texts.length, row + step));
      const blocks = builder.finish();
      expect(textsIn(blocks)).to.deep.equal(texts);
      expect(Math.max(...blocks.map(block => block.rows))).to.be.at.most(2048);
    }
  });
});
