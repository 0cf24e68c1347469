import { expect } from 'chai';
import type { LabelRules } from '../../../lib/exposition/labels/label-text.js';
import { RULES, RULES_BYTES } from '../../../lib/exposition/rows/row-layout.js';
import { ruleImage } from '../../../lib/exposition/series/rule-image.js';

describe('ruleImage', () => {
  const rules: LabelRules = { verbatim: false, isHistogram: true, fixed: [] };

  it('should have the fixed labels in the order of their keys, with addresses', () => {
    const image = ruleImage({ ...rules, fixed: [['z', 'ä"'], ['b', '']] }); // prettier-ignore
    if (image === undefined) throw new Error('no image');
    const { bytes, fixedBytes } = image;
    const word = (at: number): number => bytes.readUInt32LE(at);
    const textOf = (at: number): string =>
      bytes.toString('utf8', word(at) - RULES, word(at) - RULES + word(at + 4));
    expect([word(0), word(4)]).to.deep.equal([1, 2]);
    expect([8, 16, 24, 32].map(textOf)).to.deep.equal(['b', 'b=""', 'z', 'z="ä\\""']);
    expect(fixedBytes).to.be.at.least('b="",z="ä\\"",'.length + 1);
  });

  it('should be none where there is no room for it', () => {
    expect(ruleImage(rules)?.bytes).to.have.length(8);
    expect(ruleImage({ ...rules, fixed: [['k', 'x'.repeat(RULES_BYTES)]] })).to.equal(undefined);
  });
});
