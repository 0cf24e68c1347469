import { expect } from 'chai';
import { BOOL, INT, LIST, listOf, TEXT } from '../../../../lib/argo/go/value/nature.js';
import type { Nature } from '../../../../lib/argo/go/value/nature.js';
import { natureOfPredicateCall } from '../../../../lib/argo/expression/checker/predicate-nature.js';
import type { BuiltinSyntax, Syntax } from '../../../../lib/argo/expression/syntax/syntax.js';

describe('natureOfPredicateCall', () => {
  const nil: Syntax = { kind: 'nil', position: 0 };
  const call = (name: string, list: Nature, body: Nature): Nature => {
    const node: BuiltinSyntax = { kind: 'builtin', name, isForced: false, args: [nil, nil], position: 0 };
    return natureOfPredicateCall(node, {
      visit: () => list,
      within: () => body,
      fail: (_, message) => {
        throw new Error(message);
      },
    });
  };

  it('should know what comes out of each function with a predicate', () => {
    expect(call('all', LIST, BOOL)).to.equal(BOOL);
    expect(call('count', LIST, BOOL)).to.equal(INT);
    expect(call('find', listOf(TEXT), BOOL)).to.equal(TEXT);
    expect(call('map', LIST, TEXT)).to.deep.equal(listOf(TEXT));
  });

  it('should refuse what is no list, and predicates that do not decide', () => {
    expect(() => call('all', TEXT, BOOL)).to.throw('builtin all takes only array (got string)');
    expect(() => call('filter', LIST, INT)).to.throw('predicate should return boolean (got int)');
  });
});
