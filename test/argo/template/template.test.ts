// Rows were computed by the real controller's substitution.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { Rendering, parseTemplate, printTemplate, render } from '../../../lib/argo/template/template.js';
import { ROOT } from '../../support/source-tree.js';
import { expressionSource, scraps } from '../expression/generated-source.js';

interface Row {
  readonly input: string;
  readonly value?: string;
  readonly error?: string;
}

const table = readFileSync(join(ROOT, 'test/argo/golden/tables/templates.json'), 'utf8');
const { rows, scope } = JSON.parse(table) as { rows: Row[]; scope: Record<string, string> };

function tag(source: string): string {
  return `{{=${source}}}`;
}

describe('templates', () => {
  for (const { input, value, error } of rows)
    it(`should ${error === undefined ? 'render' : 'refuse'} ${JSON.stringify(input)} as Argo does`, () => {
      const parsed = parseTemplate(input);
      const result = 'error' in parsed ? parsed : render(parsed.template, scope);
      if (error === undefined) expect(result).to.deep.equal({ value });
      else if (error.startsWith('failed')) expect(result).to.have.nested.property('error.message', error);
      else expect(result).to.have.nested.property('error.code', 'TAG_UNCLOSED');
    });

  it('should say where a wrong expression is wrong', () => {
    expect(parseTemplate('a {{=1 + }}')).to.have.property('error').that.includes({
      code: 'EXPRESSION_INVALID',
      severity: 'error',
      position: 8,
    });
  });

  it('should print what parses to the same template', () => {
    const pieces = fc.oneof(
      fc.constantFrom('text', '}', '{', ' {{status}}', '{{ a b }}'),
      expressionSource.map(tag),
    );
    let parsed = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 5 }), list => {
        const first = parseTemplate(list.join(''));
        if ('error' in first) return;
        parsed++;
        const printed = printTemplate(first.template);
        const second = parseTemplate(printed);
        expect('template' in second && printTemplate(second.template)).to.equal(printed);
        // What is wrong stands at another place there, so only values are compared.
        const [before, after] = [first, second].map(one => 'template' in one && render(one.template, scope));
        expect(after && 'value' in after && after.value).to.equal(
          before && 'value' in before && before.value,
        );
      }),
      { numRuns: 1000 },
    );
    expect(parsed).to.be.greaterThan(100);
  });

  // 100,000 by `npm run test:generated`; the time of one is bounded by what it may spend.
  it('should answer whatever it is given', () => {
    const numRuns = Number(process.env['GENERATED_INPUTS'] ?? 5000);
    const variables = { ...scope, 'inputs.nope': undefined };
    fc.assert(
      fc.property(fc.oneof(expressionSource, scraps, fc.string({ unit: 'binary' })), source => {
        const parsed = parseTemplate(tag(source));
        const result = 'error' in parsed ? parsed : render(parsed.template, variables);
        expect(result).to.have.any.keys('value', 'error');
      }),
      { numRuns },
    );
  }).timeout(600_000);

  it('should trim what JSON does not escape, and nothing else', () => {
    const rendered = (text: string) => {
      const parsed = parseTemplate(text);
      return 'template' in parsed ? render(parsed.template, { status: 'x' }) : parsed;
    };
    for (const space of [' ', '\x85', '\u00a0', '\u1680', '\u2003', '\u3000', '  '])
      expect(rendered(`{{${space}status${space}}}`), JSON.stringify(space)).to.deep.equal({ value: 'x' });
    for (const space of ['\t', '\n', '\v', '\f', '\r', '\u2028', '\u2029', '\ufeff']) {
      const result = rendered(`{{status${space}}}`);
      expect(result, JSON.stringify(space)).to.have.nested.property('error.code', 'TAG_UNRESOLVED');
      expect('error' in result && result.error.hint).to.match(/^Only spaces/);
    }
  });

  it('should evaluate an expression once, however many texts it stands in', () => {
    const parsed = parseTemplate('{{=now().UnixNano()}}');
    if ('error' in parsed) throw new Error(parsed.error.message);
    let time = 0;
    const rendering = new Rendering({}, new Budget({ now: () => ++time }));
    expect(rendering.render(parsed.template)).to.deep.equal(rendering.render(parsed.template));
  });

  it('should bound the text that tags bring together', () => {
    const parsed = parseTemplate('{{a}}'.repeat(100));
    const result = 'template' in parsed && render(parsed.template, { a: 'x'.repeat(1_000_000) });
    expect(result).to.have.nested.property('error.code', 'LIMIT_EXCEEDED');
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
