import { expect } from 'chai';
import { factsOf } from '../../../lib/argo/lint/spec-facts.js';

describe('factsOf', () => {
  const inline = { script: {} };
  const around = {
    name: 'main',
    steps: [[{ name: 'a', template: 't' }, null], [{ name: 'b', inline }]],
    outputs: { parameters: [{ valueFrom: { parameter: '{{steps.a.outputs.result}}' }, globalName: 'g' }] },
  };
  const template = { name: 't', container: {} };

  it('should find callers by name and inline', () => {
    const facts = factsOf({ templates: [around, template] });
    expect(facts.callersOf(template).map(({ call }) => call['name'])).to.deep.equal(['a']);
    expect(facts.callersOf(inline).map(({ call }) => call['name'])).to.deep.equal(['b']);
    expect(facts.callersOf(template).map(placed => facts.mentionsResultOf(placed))).to.deep.equal([true]);
    expect(facts.callersOf(inline).map(placed => facts.mentionsResultOf(placed))).to.deep.equal([false]);
    expect(facts.globalNames).to.deep.equal(['g']);
  });

  it('should know handlers and templates from elsewhere, wherever they are named', () => {
    expect(factsOf({ templates: [around] })).to.include({ hasHandlers: false, hasUnknownTemplates: false });
    expect(factsOf({ hooks: {} }).hasHandlers).to.equal(true);
    expect(factsOf({ templates: [{ dag: { tasks: [{ templateRef: {} }] } }] }).hasUnknownTemplates).to.equal(
      true,
    );
  });

  it('should be made once for a specification, and end where it holds itself', () => {
    const spec: Record<string, unknown> = { templates: [] };
    spec['self'] = spec;
    expect(factsOf(spec)).to.equal(factsOf(spec));
  });
});
