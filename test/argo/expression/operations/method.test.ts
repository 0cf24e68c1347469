import { expect } from 'chai';
import { method } from '../../../../lib/argo/expression/operations/method.js';
import { INT, TEXT } from '../../../../lib/argo/go/value/nature.js';

describe('method', () => {
  const repeat = method([INT], TEXT, (self: string, count: bigint) => self.repeat(Number(count)));

  it('should be called with its value and arguments', () => {
    expect(repeat.call('ab', [2n])).to.equal('abab');
    expect(repeat.nature.signature).to.deep.equal({ parameters: [INT], isVariadic: false, result: TEXT });
  });

  it('should refuse a wrong number of arguments and wrong types in the words of Go', () => {
    expect(() => repeat.call('ab', [])).to.throw('invalid number of arguments: expected 1, got 0');
    expect(() => repeat.call('ab', [1n, 2n])).to.throw('invalid number of arguments: expected 1, got 2');
    expect(() => repeat.call('ab', ['2'])).to.throw('reflect: Call using string as type int');
    expect(() => repeat.call('ab', [null])).to.throw('reflect: Call using <nil> as type int');
  });
});
