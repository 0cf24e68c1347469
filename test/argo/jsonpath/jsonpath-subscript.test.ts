import { expect } from 'chai';
import type { Value } from '../../../lib/argo/go/value/value.js';
import { PathError } from '../../../lib/argo/jsonpath/jsonpath-steps.js';
import { parseStep } from '../../../lib/argo/jsonpath/jsonpath-subscript.js';

/** A script that is its own text. */
const echo = (text: string) => (): Value => text;

function take(step: string, value: Value): Value {
  return parseStep(step, echo).apply({ root: value }, value, []);
}

describe('parseStep', () => {
  const list = ['a', 'b', 'c'];
  const map = new Map<string, Value>([
    ['a', 1],
    ["it's", 2],
    ['length', 3],
  ]);

  it('should read names and what stands in brackets', () => {
    expect(take('a', map)).to.equal(1);
    expect(take("['a']", map)).to.equal(1);
    expect(take("['it\\'s']", map)).to.equal(2);
    expect(take('[("a")]'.replaceAll('"', ''), map)).to.equal(1);
    expect(take('[-1]', list)).to.equal('c');
    expect(take('[ 0 , 2 ]', list)).to.deep.equal(['a', 'c']);
    expect(take('[::-1]', list)).to.deep.equal(['c', 'b', 'a']);
    expect(take('length', list)).to.equal(3n);
  });

  it('should refuse what it does not understand', () => {
    for (const step of ['', '[', '[]', '[a]', '[1,]', '[1:2,3]', '[1:2:3:4]', "['a]", '[?@.a]', '[1.5]'])
      expect(() => take(step, list), step).to.throw(PathError);
  });
});
