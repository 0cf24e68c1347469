import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileExpressionText } from '../../../lib/argo/expression/expression.js';
import { ScopeVariables } from '../../../lib/argo/expression/run/scope-variables.js';
import { ROOT } from '../../support/source-tree.js';

interface Row {
  readonly input: string;
  readonly value?: string;
  readonly error?: string;
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(ROOT, 'test/argo', path), 'utf8')) as T;
}

/** The variables that the rows were computed with. */
export const { scope } = read<{ scope: Record<string, string> }>('golden/tables/expressions.json');

/** The text that the expression gives, or Argo's words for what is wrong. */
export function answer(source: string, variables: Record<string, string> = scope): string {
  const compiled = compileExpressionText(source);
  if ('error' in compiled) return compiled.error.message;
  const outcome = compiled.expression.evaluate(new ScopeVariables(variables));
  return 'error' in outcome ? outcome.error.message : outcome.value;
}

/** One test for each file of answers of expr-lang itself, which was asked as Argo asks it. */
export function itShouldAnswerAsGo(area: string): void {
  it(`should give the answers of expr-lang for ${area}`, () => {
    const rows = read<Row[]>(`expression/golden/${area}.json`);
    expect(rows).to.not.be.empty;
    const wrong = rows.filter(({ input, value, error }) => answer(input) !== (value ?? error));
    expect(wrong.map(row => ({ ...row, ours: answer(row.input) }))).to.deep.equal([]);
  });
}
