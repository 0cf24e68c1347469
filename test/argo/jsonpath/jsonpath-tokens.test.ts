import { expect } from 'chai';
import { PathError } from '../../../lib/argo/jsonpath/jsonpath-steps.js';
import { tokenizePath } from '../../../lib/argo/jsonpath/jsonpath-tokens.js';

describe('tokenizePath', () => {
  it('should cut at dots and brackets, but not in quotes and parentheses', () => {
    expect(tokenizePath('$')).to.deep.equal(['$']);
    expect(tokenizePath('$.a.b[0][*]..c')).to.deep.equal(['$', 'a', 'b', '[0]', '[*]', '..', 'c']);
    expect(tokenizePath("$['a.b'].c")).to.deep.equal(['$', "['a.b']", 'c']);
    expect(tokenizePath('@.a[?(@.b[0] > 1.5)].c')).to.deep.equal(['@', 'a', '[?(@.b[0] > 1.5)]', 'c']);
  });

  it('should begin with the document or the current value', () => {
    expect(() => tokenizePath('')).to.throw(PathError, "unexpected token '' at index 0");
    expect(() => tokenizePath('a.b')).to.throw(PathError, "unexpected token 'a' at index 0");
    expect(() => tokenizePath('$a')).to.throw(PathError, "unexpected token 'a' at index 1");
  });
});
