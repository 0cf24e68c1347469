import { expect } from 'chai';
import { ChunkOutput } from '../../../lib/exposition/writer/chunk-output.js';
import { textsOf } from '../../../lib/exposition/chunk-texts.js';
import { LabelBlockBuilder } from '../../../lib/exposition/labels/label-block.js';
import type { RowSection } from '../../../lib/exposition/series/merge-rows.js';
import { OUT_BYTES, TEMPLATE_BYTES } from '../../../lib/exposition/rows/row-layout.js';
import { RowTemplate } from '../../../lib/exposition/writer/row-template.js';
import type { TemplateLine } from '../../../lib/exposition/writer/row-template.js';
import { RowWriter } from '../../../lib/exposition/writer/row-writer.js';

const line = (head: string, column: number, isCumulative = false): TemplateLine => ({
  head: `${head}{`,
  tail: '} ',
  bare: `${head} `,
  column,
  isCumulative,
});

const sectionOf = (texts: readonly string[], width: number, numbers: readonly number[]): RowSection => {
  const builder = new LabelBlockBuilder();
  for (const text of texts) builder.push(text);
  return {
    boundaries: [],
    blocks: builder.finish(),
    positions: undefined,
    width,
    numbers: Float64Array.from(numbers),
    starts: Float64Array.from(texts, (_, index) => 1000 + index * 500),
  };
};

const written = (section: RowSection, template: RowTemplate): string => {
  const output = new ChunkOutput();
  return [...textsOf(new RowWriter(output).section(section, template)), ...textsOf(output.rest())].join('');
};

describe('RowTemplate', () => {
  it('should hold what fits into its place in the kernel, and each text once', () => {
    const many = Array.from({ length: 2000 }, (_, column) => line('a_name_that_is_not_short', column));
    const { image, fixedBytes } = new RowTemplate(many);
    expect(image?.length).to.be.lessThan(TEMPLATE_BYTES / 2);
    expect(fixedBytes).to.equal(2000 * 'a_name_that_is_not_short{} '.length);
    expect(
      new RowTemplate(many.map((one, index) => ({ ...one, tail: `${index}`.repeat(50) }))).image,
    ).to.equal(undefined);
  });
});

describe('RowWriter', () => {
  const template = new RowTemplate([line('a', 1), line('b', 0, true), line('c', 1, true)]);

  it('should take the numbers of a row from where its position says', () => {
    const section = { ...sectionOf(['x', ''], 2, [1, 2, 3, 4.5]), positions: Uint32Array.of(1, 0) };
    expect(written(section, template)).to.equal('a{x} 4.5\nb{x} 3\nc{x} 7.5\na 2\nb 1\nc 3\n');
  });

  it('should have the start in seconds behind the numbers', () => {
    const withStart = new RowTemplate([line('a', 0), line('created', 1)], true);
    expect(written(sectionOf(['x', 'y'], 1, [7, 8]), withStart)).to.equal(
      'a{x} 7\ncreated{x} 1\na{y} 8\ncreated{y} 1.5\n',
    );
    const long = 'x'.repeat(2 * OUT_BYTES);
    expect(written(sectionOf([long], 1, [7]), withStart)).to.equal(`a{${long}} 7\ncreated{${long}} 1\n`);
  });

  it('should give chunks away that are full, and cut no line that fits into one', () => {
    const texts = Array.from({ length: 5000 }, (_, index) => `k="${index + 10_000}"`);
    const output = new ChunkOutput();
    const writer = new RowWriter(output);
    const chunks: string[] = [];
    const take = (from: Iterable<string>): void => {
      for (const chunk of from) chunks.push(chunk);
    };
    take(textsOf(output.bytes(Buffer.from('# head\n'))));
    take(
      textsOf(
        writer.section(
          sectionOf(
            texts,
            1,
            texts.map((_, index) => index),
          ),
          new RowTemplate([line('a', 0)]),
        ),
      ),
    );
    take(textsOf(output.bytes(Buffer.from(`${'y'.repeat(OUT_BYTES - 1)}\n`))));
    take(textsOf(output.rest()));
    expect(chunks.every(chunk => chunk.endsWith('\n') && chunk.length <= OUT_BYTES)).to.equal(true);
    expect(chunks.slice(0, -2).every(chunk => chunk.length > OUT_BYTES - 100)).to.equal(true);
    expect(chunks.join('').split('\n')).to.have.length(1 + 5000 + 1 + 1);
  });
});
