import { expect } from 'chai';
import { WhenError } from '../../../lib/argo/when/when-error.js';
import { tokenizeWhen } from '../../../lib/argo/when/when-tokens.js';

function kinds(text: string): string[] {
  return tokenizeWhen(text).map(({ kind, text: shown }) => `${kind}:${shown}`);
}

function refusal(text: string): [string, number] {
  try {
    tokenizeWhen(text);
  } catch (error) {
    if (error instanceof WhenError) return [error.message, error.position];
    throw error;
  }
  return expect.fail(`${text} was accepted`);
}

describe('tokenizeWhen', () => {
  it('should cut words, strings, numbers, booleans and operators', () => {
    expect(kinds(`a1=='b c' && !true||5., [x y] in (a.B ? 0xfF : IN)`)).to.deep.equal([
      'VARIABLE:a1',
      'COMPARATOR:==',
      'STRING:b c',
      'LOGICALOP:&&',
      'PREFIX:!',
      'BOOLEAN:true',
      'LOGICALOP:||',
      'NUMERIC:5',
      'SEPARATOR:,',
      'VARIABLE:x y',
      'COMPARATOR:in',
      'CLAUSE:(',
      'ACCESSOR:a.B',
      'TERNARY:?',
      'NUMERIC:255',
      'TERNARY::',
      'COMPARATOR:in',
      'CLAUSE_CLOSE:)',
    ]);
  });

  it('should take a minus for a sign only where no operand stands before', () => {
    expect(kinds('-1 - -1')).to.deep.equal(['PREFIX:-', 'NUMERIC:1', 'MODIFIER:-', 'PREFIX:-', 'NUMERIC:1']);
  });

  it('should end a string at either quote, and take an escaped character into anything', () => {
    expect(kinds(`'a" "it\\'s" a\\-b 1\\e3`)).to.deep.equal([
      'STRING:a',
      "STRING:it's",
      'VARIABLE:a-b',
      'NUMERIC:1000',
    ]);
  });

  it('should know points in time, in quotes only', () => {
    expect(tokenizeWhen("'1970-01-01T00:01:00.5Z'")).to.deep.equal([
      {
        kind: 'TIME',
        text: '1970-01-01T00:01:00.5Z',
        number: 60,
        shown: '1970-01-01 00:01:00.5 +0000 UTC',
        position: 0,
      },
    ]);
    expect(kinds('[1970-01-01]')).to.deep.equal(['VARIABLE:1970-01-01']);
  });

  it('should say where and why a text is wrong', () => {
    const refusals: [string, string, number][] = [
      ['a == "b', 'Unclosed string literal', 5],
      ['a == [b', 'Unclosed parameter bracket', 5],
      ['1.2.3', "Unable to parse numeric value '1.2.3' to float64", 0],
      ['0xg', "Unable to parse hex value '' to uint64", 0],
      ['0x10000000000000000', "Unable to parse hex value '10000000000000000' to uint64", 0],
      ['x == a.b', "Unable to access unexported field 'b' in token 'a.b'", 5],
      ['a.', "Hanging accessor on token 'a.'", 0],
      ['true&&!false', "Invalid token: '&&!'", 4],
      ['a ]', "Invalid token: ''", 2],
      ['a \\', 'nothing follows the last backslash', 2],
    ];
    for (const [text, message, position] of refusals)
      expect(refusal(text)).to.deep.equal([message, position]);
  });
});
