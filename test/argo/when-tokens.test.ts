import { expect } from 'chai';
import { tokenizeWhen, WhenError } from '../../lib/argo/when-tokens.js';

function kinds(text: string): string[] {
  return tokenizeWhen(text).map(({ kind, text: shown }) => `${kind}:${shown}`);
}

describe('tokenizeWhen', () => {
  it('should cut words, strings, numbers, booleans and symbols', () => {
    expect(kinds(`a1=='b c' && !true||5.`)).to.deep.equal([
      'word:a1',
      'symbol:==',
      'string:b c',
      'symbol:&&',
      'symbol:!',
      'boolean:true',
      'symbol:||',
      'number:5.',
      'end:',
    ]);
  });

  it('should take a run of symbols for one, as govaluate does', () => {
    expect(kinds('true&&!false')).to.deep.equal(['boolean:true', 'symbol:&&!', 'boolean:false', 'end:']);
  });

  it('should end a string at either quote, and take an escaped one into it', () => {
    expect(kinds(`'a" "it\\'s"`)).to.deep.equal(['string:a', "string:it's", 'end:']);
  });

  it('should say where a text is wrong', () => {
    for (const [text, position] of [
      ['a == "b', 5],
      ['1.2.3', 0],
      ['x == a.b', 5],
    ] as const) {
      try {
        tokenizeWhen(text);
        expect.fail(`${text} was accepted`);
      } catch (error) {
        expect(error).to.be.instanceOf(WhenError).with.property('position', position);
      }
    }
  });
});
