import { expect } from 'chai';
import fc from 'fast-check';
import { WrittenText } from '../../../lib/argo/workflow/written-text.js';

describe(WrittenText.name, () => {
  it('should read values and texts where they stand', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const json = JSON.stringify(value);
        const bytes = Buffer.from(`[${json},1]`);
        const text = new WrittenText(bytes, false);
        expect(text.valueAt(1)).to.deep.equal(JSON.parse(json));
        expect(text.textAt(1)).to.equal(typeof value === 'string' ? value : '');
      }),
    );
  });

  it('should read texts with escapes, and beyond ASCII', () => {
    for (const value of ['', 'plain', 'a"b\\c', 'äöü 😀', '\u0000\n', 'ä"'])
      for (const json of [JSON.stringify(value), JSON.stringify({ value }).slice(9, -1)])
        expect(new WrittenText(Buffer.from(json), false).textAt(0)).to.equal(value);
    const ascii = new WrittenText(Buffer.from('"\\u00e4" "b"'), true);
    expect([ascii.textAt(0), ascii.textAt(9), ascii.slice(9, 12)]).to.deep.equal(['ä', 'b', '"b"']);
  });
});
