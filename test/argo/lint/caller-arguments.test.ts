import { expect } from 'chai';
import { namesFromCallers } from '../../../lib/argo/lint/caller-arguments.js';
import { fixed } from '../../../lib/argo/lint/value-spread.js';
import { scopeIn } from './manifest-findings.js';

const template = { name: 't', inputs: { parameters: [{ name: 'p' }] }, container: {} };
const step = (value: string, more: object = {}): object => ({
  name: 's',
  template: 't',
  arguments: { parameters: [{ name: 'p', value }] },
  ...more,
});
const passed = (...others: readonly object[]): string => {
  const spread = namesFromCallers(scopeIn({ templates: [...others, template] }, template))(
    'inputs.parameters.p',
  );
  if (!spread) return '';
  return spread.kind === 'fixed' ? String(spread.count) : `${spread.kind} ${spread.source}`;
};

describe('namesFromCallers', () => {
  it('should add up what several callers pass', () => {
    expect(passed({ steps: [[step('a'), step('b')]] })).to.equal('2');
    expect(passed({ dag: { tasks: [step('{{item}}', { withItems: ['x', 'y', 'z'] })] } })).to.equal('3');
    expect(passed({ dag: { tasks: [step('a'), step('{{workflow.name}}')] } })).to.equal(
      'perRun workflow.name',
    );
    expect(passed()).to.equal('');
  });

  it('should follow parameters of parameters, and end where templates call each other', () => {
    const inner = { name: 'i', steps: [[step('{{inputs.parameters.q}}')]] };
    const outer = {
      name: 'o',
      steps: [
        [{ name: 'x', template: 'i', arguments: { parameters: [{ name: 'q', value: '{{workflow.uid}}' }] } }],
      ],
    };
    expect(passed(inner, outer)).to.equal('perRun workflow.uid');
    const looping = { ...template, steps: [[step('{{inputs.parameters.p}}')]] };
    expect(namesFromCallers(scopeIn({ templates: [looping] }, looping))('inputs.parameters.p')).to.equal(
      undefined,
    );
  });

  it('should trust a list of allowed values', () => {
    const listed = { ...template, inputs: { parameters: [{ name: 'p', enum: ['a', 'b'] }] } };
    const scope = scopeIn({ templates: [listed, { steps: [[step('{{workflow.uid}}')]] }] }, listed);
    expect(namesFromCallers(scope)('inputs.parameters.p')).to.deep.equal(fixed(2, ['inputs.parameters.p']));
  });

  it('should count what an input has by itself where a caller passes nothing', () => {
    const preset = { ...template, inputs: { parameters: [{ name: 'p', value: 'x' }] } };
    const spread = (...calls: object[]): unknown =>
      namesFromCallers(scopeIn({ templates: [preset, { steps: [calls] }] }, preset))('inputs.parameters.p');
    expect(spread(step('a'), { name: 'n', template: 't' })).to.deep.equal(fixed(2, ['inputs.parameters.p']));
    expect(passed({ steps: [[step('a'), { name: 'n', template: 't' }]] })).to.equal('');
  });

  it('should not count where others may call: as entry, at the end, from other documents', () => {
    const around = { name: 'o', steps: [[step('a'), step('b')]] };
    const spread = (more: object, kind?: string): unknown =>
      namesFromCallers(scopeIn({ templates: [around, template], ...more }, template, kind))(
        'inputs.parameters.p',
      );
    expect(spread({})).to.deep.equal(fixed(2, ['inputs.parameters.p']));
    for (const more of [{ entrypoint: 't' }, { onExit: 't' }, { hooks: { h: { template: 't' } } }])
      expect(spread(more), JSON.stringify(more)).to.equal(undefined);
    expect(spread({}, 'WorkflowTemplate')).to.equal(undefined);
  });

  it('should follow outputs that come from a step, and those that a caller passes on', () => {
    const clock = {
      name: 'clock',
      steps: [[{ name: 'd', template: 'date' }]],
      outputs: { parameters: [{ name: 'q', valueFrom: { parameter: '{{steps.d.outputs.result}}' } }] },
    };
    const around = {
      name: 'o',
      steps: [[{ name: 'c', template: 'clock' }], [step('{{steps.c.outputs.parameters.q}}')]],
    };
    const scope = scopeIn({ templates: [clock, around, { name: 'date', script: {} }, template] }, template);
    expect(namesFromCallers(scope)('inputs.parameters.p')).to.deep.equal({
      kind: 'text',
      source: 'steps.d.outputs.result',
      passed: ['steps.c.outputs.parameters.q', 'inputs.parameters.p'],
    });
  });

  it('should follow what a handler is given, at the end of a step and of the workflow', () => {
    const given = (value: string): object => ({ exit: step(value) });
    const of = (spec: object): unknown =>
      namesFromCallers(scopeIn({ ...spec, entrypoint: 'o' }, template))('inputs.parameters.p');
    const around = (value: string): object => ({ name: 'o', steps: [[{ name: 'x', hooks: given(value) }]] });
    expect(of({ hooks: given('{{workflow.uid}}'), templates: [template] })).to.include({ kind: 'perRun' });
    expect(of({ templates: [around('{{steps.y.outputs.result}}'), template] })).to.include({ kind: 'text' });
    // Whatever else it is given nobody knows here.
    expect(of({ templates: [around('a'), template] })).to.equal(undefined);
  });

  it('should count the values that a submission may choose from', () => {
    const parameters = [{ name: 'p', enum: ['a', 'b', 'c'] }];
    const spread = (kind: string): unknown =>
      namesFromCallers(scopeIn({ templates: [template], arguments: { parameters } }, template, kind))(
        'workflow.parameters.p',
      );
    expect(spread('Workflow')).to.deep.equal(fixed(3, ['workflow.parameters.p']));
    expect(spread('WorkflowTemplate')).to.equal(undefined);
  });

  it('should look at no more calls of a specification than are said, and then be sure of nothing', () => {
    const calls = Array.from({ length: 300 }, (_, at) => step(`v${at}`, { name: `s${at}` }));
    const names = Array.from({ length: 100 }, (_, at) => `p${at}`);
    const many = { ...template, inputs: { parameters: names.map(name => ({ name, value: 'x' })) } };
    const names300 = namesFromCallers(scopeIn({ templates: [{ name: 'o', steps: [calls] }, many] }, many));
    const counts = names.map(name => names300(`inputs.parameters.${name}`)?.kind);
    expect(counts.slice(0, 60)).to.deep.equal(Array(60).fill('fixed'));
    expect(counts.slice(70)).to.deep.equal(Array(30).fill(undefined));
  });

  it('should take a bounded time, however many call each other', () => {
    const calls = (to: number): object[] =>
      Array.from({ length: 300 }, () => ({
        name: 's',
        template: `t${to}`,
        arguments: { parameters: [{ name: 'p', value: '{{inputs.parameters.p}}' }] },
      }));
    const templates = Array.from({ length: 6 }, (_, index) => ({
      name: `t${index}`,
      steps: [calls(index - 1)],
    }));
    const [first] = templates;
    expect(namesFromCallers(scopeIn({ templates }, first))('inputs.parameters.p')).to.equal(undefined);
  });
});
