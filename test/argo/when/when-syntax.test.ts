import { expect } from 'chai';
import { checkBalance, checkTransitions } from '../../../lib/argo/when/when-syntax.js';
import { tokenizeWhen } from '../../../lib/argo/when/when-tokens.js';

function transitions(text: string): void {
  checkTransitions(tokenizeWhen(text), 'read', text.length);
}

describe('checkTransitions', () => {
  it('should name both tokens as govaluate shows them', () => {
    const refusals = [
      ['1 1', 'NUMERIC [1] to NUMERIC [1]'],
      ["1 '2026-01-02'", 'NUMERIC [1] to TIME [2026-01-02 00:00:00 +0000 UTC]'],
      ['1 (', 'NUMERIC [1] to CLAUSE [40]'],
      [')', 'UNKNOWN [<nil>] to CLAUSE_CLOSE [41]'],
      ['1 a.B.C', 'NUMERIC [1] to ACCESSOR [[a B C]]'],
      ["!'a'", 'PREFIX [!] to STRING [a]'],
      ["'12:30PM' ? a", 'TIME [0000-01-01 12:30:00 +0000 UTC] to TERNARY [?]'],
    ];
    for (const [text = '', tokens = ''] of refusals)
      expect(() => transitions(text), text).to.throw(`Cannot transition token types from ${tokens}`);
  });

  it('should take a word before a parenthesis for a function', () => {
    expect(() => transitions('len(a)')).to.throw('Undefined function len');
  });

  it('should refuse text that stops too early, at its end', () => {
    expect(() => transitions('a && '))
      .to.throw('Unexpected end of expression')
      .with.property('position', 5);
  });
});

describe('checkBalance', () => {
  it('should count parentheses, whatever their order', () => {
    expect(() => checkBalance(tokenizeWhen('((')))
      .to.throw('Unbalanced parenthesis')
      .with.property('position', 1);
    expect(() => checkBalance(tokenizeWhen('a)')))
      .to.throw('Unbalanced parenthesis')
      .with.property('position', 1);
    checkBalance(tokenizeWhen(')('));
  });
});
