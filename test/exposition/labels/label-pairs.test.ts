import { expect } from 'chai';
import fc from 'fast-check';
import { LabelBlockBuilder } from '../../../lib/exposition/labels/label-block.js';
import type { LabelBlock } from '../../../lib/exposition/labels/label-block.js';
import { labelPairsOf } from '../../../lib/exposition/labels/label-pairs.js';
import { labelPairs, labelText } from '../../../lib/exposition/labels/label-text.js';

describe('labelPairsOf', () => {
  const rules = { verbatim: false, isHistogram: false, utf8Names: true, fixed: [] };

  const blockOf = (...texts: string[]): LabelBlock => {
    const builder = new LabelBlockBuilder();
    for (const text of texts) builder.push(Buffer.from(text).toString('latin1'));
    const [block] = builder.finish();
    if (block === undefined) throw new Error('no block');
    return block;
  };
  const rowsOf = (block: LabelBlock): Buffer[] => {
    const { rows, bytes, offsets } = labelPairsOf(block);
    return Array.from({ length: rows }, (_, row) => bytes.subarray(offsets[row], offsets[row + 1]));
  };
  /** Written from metrics.proto: `label` is field 1 of a Metric, `name` and `value` are 1 and 2 of a LabelPair. */
  const field = (tag: number, content: Buffer): Buffer => {
    const length: number[] = [];
    let rest = content.length;
    for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
    return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
  };
  const pair = ([key, value]: [string, string]): Buffer =>
    field(0x0a, Buffer.concat([field(0x0a, Buffer.from(key)), field(0x12, Buffer.from(value))]));

  it('should be the labels of each row, without what text needs', () => {
    const rows = rowsOf(blockOf('', 'a="x"', '"b.c"="\\"\\\\\\n",d=""'));
    expect(rows[0]).to.have.length(0);
    expect(rows[1]).to.deep.equal(pair(['a', 'x']));
    expect(rows[2]).to.deep.equal(Buffer.concat([pair(['b.c', '"\\\n']), pair(['d', ''])]));
  });

  it('should be what the text was made of, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.stringMatching(/^["\\n\n=,a]{0,6}$/),
      fc.constantFrom('y'.repeat(127), 'y'.repeat(128), 'ä'.repeat(9000)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(text, text, { maxKeys: 3 }), { minLength: 1, maxLength: 4 }),
        sets => {
          const rows = rowsOf(blockOf(...sets.map(set => labelText(set, rules))));
          for (const [index, set] of sets.entries())
            expect(rows[index]?.equals(Buffer.concat(labelPairs(set, rules).map(pair)))).to.be.true;
        },
      ),
    );
  });

  it('should be made once for a block', () => {
    const block = blockOf('a="1"');
    expect(labelPairsOf(block)).to.equal(labelPairsOf(block));
  });
});
