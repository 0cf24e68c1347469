// Rows were computed by the real controller. What is not supported may be refused, but never answered differently.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decideWhen, evaluateWhen } from '../../lib/argo/when.js';
import { ROOT } from '../support/source-tree.js';

interface Row {
  readonly input: string;
  readonly value?: boolean;
  readonly error?: string;
}

const table = readFileSync(join(ROOT, 'test/argo/golden/tables/when.json'), 'utf8');
const { rows } = JSON.parse(table) as { rows: Row[] };

describe('evaluateWhen', () => {
  for (const { input, value } of rows) {
    it(`should not contradict Argo on ${JSON.stringify(input)}`, () => {
      const result = evaluateWhen(input);
      if ('value' in result) expect(result.value).to.equal(value);
      else expect(result.error.code).to.equal(value === undefined ? result.error.code : 'WHEN_UNSUPPORTED');
    });
  }

  it('should answer what metrics use', () => {
    const answers: [string, boolean][] = [
      ['', true],
      ['Succeeded == Succeeded', true],
      ['Failed != Succeeded && 0 == 0', true],
      ['"two words" == \'two words\' || nonsense == other', true],
      ['!(a == a) || false', false],
      ['1.20 == 1.2', true],
      ["'5' == 5", false],
      ['-1 == -1', true],
      ['1 == 1 == true', true],
    ];
    for (const [text, value] of answers) expect(evaluateWhen(text), text).to.deep.equal({ value });
  });

  it('should report operands that are missing because a tag was empty', () => {
    expect(evaluateWhen(' == Succeeded')).to.have.property('error').that.includes({
      code: 'WHEN_INVALID',
      severity: 'error',
      position: 1,
      path: '',
    });
  });

  it('should not guess about points in time', () => {
    expect(evaluateWhen("'2026-01-02' == '2026-01-02T00:00:00Z'")).to.have.nested.property(
      'error.code',
      'WHEN_UNSUPPORTED',
    );
    expect(evaluateWhen("'2026-01-02' == Succeeded")).to.deep.equal({ value: false });
  });

  it('should look at the second operand only when it matters', () => {
    expect(evaluateWhen('false && word')).to.deep.equal({ value: false });
    expect(evaluateWhen('true && word')).to.have.nested.property('error.code', 'WHEN_INVALID');
  });

  it('should never throw, however deep or odd the text', () => {
    expect(evaluateWhen('('.repeat(50_000))).to.have.property('error');
    const words = fc.constantFrom(
      '==',
      '!=',
      '&&',
      '||',
      '!',
      '(',
      ')',
      'a',
      "'a b'",
      '1',
      'true',
      ' ',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words).map(list => list.join(' ')),
          fc.string(),
        ),
        text => {
          expect(evaluateWhen(text)).to.have.any.keys('value', 'error');
        },
      ),
    );
  });

  it('should give the same decision without a path', () => {
    expect(decideWhen('a == a')).to.deep.equal({ value: true });
    expect(decideWhen('a ==')).to.have.property('error').that.does.not.have.property('path');
  });
});
