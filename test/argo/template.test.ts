// Rows were computed by the real controller's substitution.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseTemplate, render } from '../../lib/argo/template.js';
import { ROOT } from '../support/source-tree.js';

interface Row {
  readonly input: string;
  readonly value?: string;
  readonly error?: string;
}

const table = readFileSync(join(ROOT, 'test/argo/golden/tables/templates.json'), 'utf8');
const { rows, scope } = JSON.parse(table) as { rows: Row[]; scope: Record<string, string> };

describe('templates', () => {
  for (const { input, value, error } of rows.filter(row => !row.input.includes('{{='))) {
    it(`should ${error === undefined ? 'render' : 'refuse'} ${JSON.stringify(input)} as Argo does`, () => {
      const parsed = parseTemplate(input);
      const result = 'error' in parsed ? parsed : render(parsed.template, scope);
      if (error === undefined) expect(result).to.deep.equal({ value });
      else if (error.startsWith('failed')) expect(result).to.have.nested.property('error.message', error);
      else expect(result).to.have.nested.property('error.code', 'TAG_UNCLOSED');
    });
  }

  it('should refuse expressions, and say where they are', () => {
    expect(parseTemplate('a {{=1 + 1}}')).to.have.property('error').that.includes({
      code: 'EXPRESSION_UNSUPPORTED',
      position: 2,
    });
  });

  it('should resolve the inner tag of a nested one', () => {
    const parsed = parseTemplate('{{a {{status}}');
    expect('template' in parsed && render(parsed.template, { status: 'x' })).to.deep.equal({
      value: '{{a x',
    });
  });

  it('should not take inherited members for variables', () => {
    const parsed = parseTemplate('{{constructor}}');
    expect('template' in parsed && render(parsed.template, {})).to.have.property('error');
  });
});
