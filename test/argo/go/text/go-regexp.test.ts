// Matching is compared with Go in the golden rows of Sprig's functions with regular expressions.
import { LimitError } from '../../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { compileRegexp, quoteMeta } from '../../../../lib/argo/go/text/go-regexp.js';

describe('compileRegexp', () => {
  it('should keep what it compiled', () => {
    expect(compileRegexp('a+')).to.equal(compileRegexp('a+'));
  });

  it('should forget the oldest of many patterns', () => {
    const first = compileRegexp('forgotten');
    for (let index = 0; index < 300; index++) compileRegexp(`x{${index}}`);
    expect(compileRegexp('forgotten')).to.not.equal(first);
  });

  it("should refuse with Go's words", () => {
    for (const [pattern, message] of [
      ['[', 'error parsing regexp: missing closing ]: `[`'],
      ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
      ['(?<n', 'error parsing regexp: invalid named capture: `(?<n`'],
      ['\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
      ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
      ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ] as const)
      expect(() => compileRegexp(pattern), pattern).to.throw(EvaluationError, message);
  });

  it('should refuse patterns that are too long or compile to too much', () => {
    expect(() => compileRegexp('a'.repeat(1001))).to.throw(LimitError, '1000 characters');
    for (const pattern of ['\\pL{900}'.repeat(40), '(abcd){1000}', '((a{10}){10}){10}'.repeat(3)])
      expect(() => compileRegexp(pattern), pattern).to.throw(EvaluationError, 'expression too large');
    compileRegexp('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
  });

  it('should charge what case costs: a range of characters where it does not matter is gone through', () => {
    const cost = (pattern: string): number => compileRegexp(pattern).cost;
    for (const [plain, folded] of [
      ['[\\x{100}-\\x{fff0}]', '(?i)[\\x{100}-\\x{fff0}]'],
      ['[Ā-\ufff0]', '(?i)[Ā-\ufff0]'],
      ['[\\x{100}-\\x{fff0}]', '(?s:(?mi:[\\x{100}-\\x{fff0}]))'],
    ] as const)
      expect(cost(folded)).to.be.greaterThan(cost(plain) + 15_000);
    expect(cost(`(?i)[${'\\x{100}-\\x{fff0}'.repeat(20)}]`)).to.be.greaterThan(300_000);
    expect(cost('(?i)\\pL')).to.be.greaterThan(cost('\\pL') + 4000);
    expect(cost('(?i)[a-z0-9_-]+')).to.be.lessThan(1500);
  });

  it('should refuse text that would take too long for the pattern', () => {
    const heavy = compileRegexp('(?:[a-z]{1,900})$');
    expect(() => heavy.test('a'.repeat(1_000_000))).to.throw(LimitError, 'too long for regular expression');
    expect(compileRegexp('^(a+)+$').test(`${'a'.repeat(50_000)}b`)).to.equal(false);
  });

  it('should answer the same with one engine and with the other', () => {
    const many = '(a|b)*a(?:a|b){12}$';
    for (const text of ['abab'.repeat(8), 'b'.repeat(30), `${'b'.repeat(5)}a${'b'.repeat(12)}`, '']) {
      const regexp = compileRegexp(many);
      expect(regexp.test(text), text).to.equal(new RegExp(many).test(text));
      expect(regexp.find(text) !== '', text).to.equal(new RegExp(many).test(text));
    }
  });

  it('should refuse text with too many matches that look at all of it', () => {
    const text = 'a'.repeat(20_000);
    expect(() => compileRegexp('(a*)*b|a').findAll(text, -1)).to.throw(LimitError, 'too long');
    expect(() => compileRegexp('a.*b|a').replaceAll(text, 'x')).to.throw(LimitError, 'too long');
    expect(compileRegexp(',').split(','.repeat(20_000), -1)).to.have.length(20_001);
    expect(compileRegexp('[0-9]+').findAll('12,'.repeat(300), -1)).to.have.length(300);
  });

  it('should bound what replacements make', () => {
    expect(() => compileRegexp('a').replaceAll('a'.repeat(10_000), 'x'.repeat(1000))).to.throw(
      LimitError,
      'characters',
    );
  });
});

describe('quoteMeta', () => {
  it('should make a pattern that matches only the text', () => {
    const text = 'a.b*[c](d)|^$\\{e}+?-é';
    expect(compileRegexp(`^${quoteMeta(text)}$`).test(text)).to.equal(true);
  });
});
