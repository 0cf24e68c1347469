import { expect } from 'chai';
import { labelMaker } from '../../../lib/exposition/labels/label-maker.js';
import type { LabelRules } from '../../../lib/exposition/labels/label-text.js';

describe('labelMaker', () => {
  const rules: LabelRules = { verbatim: false, isHistogram: false, fixed: [['s', '1']] };

  it('should make the text of any series, from attributes that are not kept where that is possible', () => {
    const maker = labelMaker(rules);
    expect(maker.rules).to.equal(rules);
    expect(maker.textOf({ attributes: { 'a.b': 'x' } })).to.equal('a_b="x",s="1"');
    expect(maker.textOf({ attributes: { a: 'kept' }, readAttributes: () => ({ a: 'read' }) })).to.equal(
      'a="read",s="1"',
    );
  });
});
