// Goal: every `when` means here what it means to Argo. Rows of `when` were computed by the real controller, those of
// `when-generated` by the real library with Argo's rule for variables, on generated text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decideWhen, evaluateWhen } from '../../../lib/argo/when/when.js';
import { ROOT } from '../../support/source-tree.js';
import { anyWhenText, looseWhenText } from './when-text.js';

interface Row {
  readonly input: string;
  readonly value?: boolean;
  readonly error?: string;
}

function rowsOf(table: string): Row[] {
  const text = readFileSync(join(ROOT, `test/argo/golden/tables/${table}.json`), 'utf8');
  return (JSON.parse(text) as { rows: Row[] }).rows;
}

/** Argo's message without its hint, which is a field here; where the controller panics, any error will do. */
function reasonOf(error: string): string | undefined {
  if (error.startsWith('panic')) return undefined;
  return error.replace(/ \(hint: .*\)$/, '').trimEnd();
}

function check({ input, value, error }: Row): void {
  const result = evaluateWhen(input);
  if (error === undefined) expect(result, input).to.deep.equal({ value });
  else if ('value' in result) expect.fail(`${input} came to ${result.value} and not to: ${error}`);
  else expect(result.error.message.trimEnd()).to.equal(reasonOf(error) ?? result.error.message.trimEnd());
}

describe('evaluateWhen', () => {
  for (const row of rowsOf('when'))
    it(`should answer ${JSON.stringify(row.input)} as Argo does`, () => check(row));

  it('should answer generated text as the library does', () => {
    const rows = rowsOf('when-generated');
    rows.forEach(check);
    expect(rows).to.have.length.greaterThan(300);
  });

  it('should take empty text for true', () => {
    expect(evaluateWhen('')).to.deep.equal({ value: true });
    expect(evaluateWhen(' ')).to.have.nested.property(
      'error.message',
      "Invalid 'when' expression ' ': Unexpected end of expression",
    );
  });

  it('should say where it is wrong, and that quotes help', () => {
    expect(evaluateWhen(' == Succeeded')).to.deep.equal({
      error: {
        code: 'WHEN_INVALID',
        severity: 'error',
        position: 1,
        path: '',
        message:
          "Invalid 'when' expression ' == Succeeded': Cannot transition token types from UNKNOWN [<nil>] to COMPARATOR [==]",
        hint: 'try wrapping the affected expression in quotes (")',
      },
    });
    expect(evaluateWhen('us-east == x')).to.have.property('error').that.includes({ position: 2 });
    expect(evaluateWhen('1 + 1')).to.have.property('error').that.does.not.have.property('hint');
  });

  it('should look at the second operand only when it matters', () => {
    expect(evaluateWhen('false && word')).to.deep.equal({ value: false });
    expect(evaluateWhen('true || a.B')).to.deep.equal({ value: true });
    expect(evaluateWhen('true && word')).to.have.nested.property('error.code', 'WHEN_INVALID');
  });

  it('should have bounds for what would take long', () => {
    const bounded: [string, RegExp][] = [
      ['x'.repeat(70_000), /too long/],
      [`${'('.repeat(1001)}1${')'.repeat(1001)}`, /more than 1000 nested/],
      [Array(40).fill('a =~ b').join(' || '), /more than 32 regular expressions/],
      [`a =~ '${'x'.repeat(2000)}'`, /more than 1000 characters/],
    ];
    for (const [text, message] of bounded)
      expect(evaluateWhen(text)).to.have.nested.property('error.message').that.matches(message);
    expect(evaluateWhen(`${'('.repeat(999)}true${')'.repeat(999)}`)).to.deep.equal({ value: true });
    expect(evaluateWhen(`${'a'.repeat(30_000)} =~ '^(a+)+$'`)).to.deep.equal({ value: true });
    expect(evaluateWhen(`1${' + 1'.repeat(16_000)} == 16001`)).to.deep.equal({ value: true });
    expect(evaluateWhen(`16000 in (${Array.from({ length: 8000 }, (_, i) => i).join()})`)).to.deep.equal({
      value: false,
    });
  });

  // 100,000 by `npm run test:generated`; the time of one is bounded by what it may spend.
  it('should never throw, whatever the text', () => {
    const outcomes = { value: 0, error: 0 };
    const numRuns = Number(process.env['GENERATED_INPUTS'] ?? 8000);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), looseWhenText, anyWhenText), text => {
        const result = evaluateWhen(text);
        outcomes['value' in result ? 'value' : 'error']++;
      }),
      { numRuns },
    );
    // One of 15 has a value: so few as here come never by chance.
    expect(Math.min(outcomes.value, outcomes.error)).to.be.greaterThan(numRuns / 50);
  }).timeout(600_000);
});

describe('decideWhen', () => {
  it('should give the same decision without a path', () => {
    expect(decideWhen('a == a')).to.deep.equal({ value: true });
    expect(decideWhen('a ==')).to.have.property('error').that.does.not.have.property('path');
  });

  it('should remember decisions, and decide the same after more of them than it keeps', () => {
    const first = decideWhen('w0 == w1');
    expect(decideWhen('w0 == w1')).to.equal(first);
    for (let i = 0; i < 3000; i++) expect(decideWhen(`w${i} == w7`)).to.deep.equal({ value: i === 7 });
    expect(decideWhen('w0 == w1')).to.deep.equal(first);
  });
});
