import { expect } from 'chai';
import { evaluateTree } from '../../../lib/argo/when/when-evaluation.js';
import { parseWhen } from '../../../lib/argo/when/when-parser.js';
import type { WhenValue } from '../../../lib/argo/when/when-tree.js';

const valueOf = (text: string): WhenValue => evaluateTree(parseWhen(text));

describe('evaluateTree', () => {
  it('should come to values of every type', () => {
    const values: [string, WhenValue][] = [
      ['7 / 2', 3.5],
      ["'a' + 1000000", 'a1e+06'],
      ['(1, 2), (3, 4)', [1, 2, [3, 4]]],
      ['false ? 1', null],
      ['false ? 1 : 2', 2],
      ['()', null],
      ['~5 + -1', -7],
      ["'～' < '😀'", true],
      ["'b' > 'a' && 'a' >= 'a' && 1 <= 1", true],
      ["a =~ x + 'y'", false],
      ["xy =~ (x + 'y')", true],
    ];
    for (const [text, value] of values) expect(valueOf(text), text).to.deep.equal(value);
  });

  it('should say which value does not fit, at the operator', () => {
    const refusals: [string, string, number][] = [
      ['1 < a', "Value '1' cannot be used with the comparator '<', it is not a number", 2],
      ['1 - a', "Value 'a' cannot be used with the modifier '-', it is not a number", 2],
      ['1 + true', "Value '1' cannot be used with the modifier '+', it is not a number", 2],
      ['true && 1', "Value '1' cannot be used with the logical operator '&&', it is not a bool", 5],
      ['1 ? 2', "Value '1' cannot be used with the ternary operator '?', it is not a bool", 2],
      ['1 in 2', "Value '2' cannot be used with the comparator 'in', it is not a number", 2],
      ['1 =~ a', "Value '1' cannot be used with the comparator '=~', it is not a number", 2],
      ['a !~ 1', "Value '1' cannot be used with the comparator '!~', it is not a number", 2],
      ['-true', "Value 'true' cannot be used with the prefix '-'", 0],
      ['(-)', "Value '<nil>' cannot be used with the prefix '-'", 1],
      ["a =~ ('(')", "Unable to compile regexp pattern '(': error parsing regexp: missing closing ): `(`", 2],
      ['a.B (1)', "No parameter 'a' found.", 0],
    ];
    for (const [text, message, position] of refusals)
      expect(() => valueOf(text), text)
        .to.throw(message)
        .with.property('position', position);
  });

  it('should see the mistake in the argument of a field first', () => {
    expect(() => valueOf('a.B (-true)')).to.throw('prefix');
  });
});
