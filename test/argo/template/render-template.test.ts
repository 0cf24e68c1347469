import { expect } from 'chai';
import fc from 'fast-check';
import { renderTemplate } from '../../../lib/argo/template/render-template.js';

describe('renderTemplate', () => {
  it('should fill in trimmed tags', () => {
    const variables = { status: 'Failed', duration: '1.5' };
    expect(renderTemplate('{{status}} after {{ duration }} s', variables)).to.deep.equal({
      value: 'Failed after 1.5 s',
    });
  });

  it('should not resolve a variable that is undefined', () => {
    const result = renderTemplate('x {{exitCode}}', { exitCode: undefined });
    expect(result).to.have.property('error').that.includes({
      code: 'TAG_UNRESOLVED',
      message: 'failed to resolve {{exitCode}}',
      position: 2,
      path: '',
    });
  });

  it('should leave text without tags as it is, and never throw', () => {
    const pieces = fc
      .array(fc.constantFrom('{{', '}}', '{', '}', '=', 'a', ' ', '"'))
      .map(list => list.join(''));
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string()), text => {
        const result = renderTemplate(text, { a: 'A' });
        if (!text.includes('{{')) expect(result).to.deep.equal({ value: text });
        else expect(result).to.have.any.keys('value', 'error');
      }),
    );
  });
});
