import { expect } from 'chai';
import { inputsFromCallers } from '../../../lib/argo/lint/caller-arguments.js';
import { scopeIn } from './manifest-findings.js';

const template = { name: 't', inputs: { parameters: [{ name: 'p' }] }, container: {} };
const step = (value: string, more: object = {}): object => ({
  name: 's',
  template: 't',
  arguments: { parameters: [{ name: 'p', value }] },
  ...more,
});
const passed = (...others: readonly object[]): string => {
  const spread = inputsFromCallers(scopeIn({ templates: [...others, template] }, template))('p');
  if (!spread) return '';
  return spread.kind === 'fixed' ? String(spread.count) : `${spread.kind} ${spread.source}`;
};

describe('inputsFromCallers', () => {
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
    expect(inputsFromCallers(scopeIn({ templates: [looping] }, looping))('p')?.kind).to.equal('declared');
  });

  it('should trust a list of allowed values', () => {
    const listed = { ...template, inputs: { parameters: [{ name: 'p', enum: ['a', 'b'] }] } };
    const scope = scopeIn({ templates: [listed, { steps: [[step('{{workflow.uid}}')]] }] }, listed);
    expect(inputsFromCallers(scope)('p')).to.deep.equal({ kind: 'fixed', count: 2 });
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
    expect(inputsFromCallers(scopeIn({ templates }, first))('p')?.kind).to.equal('declared');
  });
});
