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

  it('should find what runs a template when something is over, and what of two calls of one name counts', () => {
    const hooks = { exit: { template: 't' }, odd: null };
    const steps = [
      [
        { name: 'a', template: 'other', hooks },
        { name: 'a', template: 't' },
      ],
    ];
    const holder = { name: 'h', steps };
    const facts = factsOf({ hooks, templates: [holder, template, { name: 'other' }] });
    expect(facts.callersOf(template).map(({ call, around: where }) => [call, where])).to.deep.equal([
      [hooks.exit, holder],
      [steps[0]?.[1], holder],
      [hooks.exit, {}],
    ]);
    expect(facts.calledBy(holder, 'a')).to.deep.equal({ name: 'other' });
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
