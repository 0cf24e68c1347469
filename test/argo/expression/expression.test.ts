import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileExpressionText } from '../../../lib/argo/expression/expression.js';
import { ScopeVariables } from '../../../lib/argo/expression/run/scope-variables.js';
import { renderTemplate } from '../../../lib/argo/template/render-template.js';
import { ROOT } from '../../support/source-tree.js';
import { answer, itShouldAnswerAsGo } from './golden-rows.js';

interface Table {
  readonly rows: readonly { readonly input: string; readonly value?: string; readonly error?: string }[];
  readonly scope: Record<string, string>;
}

describe('expressions', () => {
  itShouldAnswerAsGo('random');

  const file = join(ROOT, 'test/argo/golden/tables/expressions.json');
  const { rows, scope } = JSON.parse(readFileSync(file, 'utf8')) as Table;
  for (const { input, value, error } of rows)
    it(`should ${error === undefined ? 'evaluate' : 'refuse'} ${JSON.stringify(input)} as Argo does`, () => {
      const result = renderTemplate(`{{=${input}}}`, scope);
      if (error === undefined) expect(result).to.deep.equal({ value });
      // All functions of Sprig are of one type here.
      else expect(result).to.have.nested.property('error.message', error.replace(/\bfunc\(.*$/, 'func'));
    });

  it('should tell what is wrong with the text from what is wrong with the values', () => {
    const compiled = compileExpressionText('1 +');
    expect(compiled).to.have.nested.property('error.code', 'EXPRESSION_INVALID');
    expect(compiled).to.have.nested.property('error.position', 2);
    const { error } = renderTemplate('ab {{=1 + asInt(status)}}', scope) as { error: object };
    expect(error).to.include({ code: 'EXPRESSION_FAILED', position: 10 });
  });

  it('should check again when a name is a text here and a map there', () => {
    const compiled = compileExpressionText("x + 'a'");
    if ('error' in compiled) throw new Error(compiled.error.message);
    const evaluate = (variables: Record<string, string>) =>
      compiled.expression.evaluate(new ScopeVariables(variables));
    expect(evaluate({ x: '1' })).to.deep.equal({ value: '1a' });
    expect(evaluate({ 'x.y': '1' })).to.have.nested.property('error.code', 'EXPRESSION_INVALID');
    expect(evaluate({ x: '1' })).to.deep.equal({ value: '1a' });
    expect(evaluate({})).to.have.nested.property(
      'error.message',
      'failed to evaluate expression: x is missing',
    );
  });

  it('should hint at what is meant where a mistake is a common one', () => {
    const hint = (text: string): unknown =>
      (renderTemplate(text, scope) as { error: { hint?: string } }).error.hint;
    expect(hint("{{={'a': 1}}}")).to.contain('space between two closing braces');
    expect(hint('{{=workflow.parameters.n * 2}}')).to.contain('asInt');
    expect(hint('{{=let a = 1; a}}')).to.contain('`let`');
    expect(hint('{{={}.a}}')).to.contain('nil');
  });

  it('should take no inherited member for a variable', () => {
    expect(answer('constructor')).to.contain('constructor is missing');
    expect(answer("workflow?.['__proto__'] ?? 'none'")).to.equal('none');
    expect(answer("{'__proto__': 1}.__proto__")).to.equal('1');
  });
});
