import { expect } from 'chai';
import { isResultCaptured } from '../../../lib/argo/lint/captured-result.js';
import { scopeIn } from './manifest-findings.js';

const script = { name: 's', script: {} };
const isCaptured = (...others: readonly object[]): boolean => {
  const scope = scopeIn({ templates: [...others, script] }, script);
  const [template] = scope.templates ?? [];
  return template !== undefined && isResultCaptured(template, scope);
};

describe('isResultCaptured', () => {
  it('should look for who refers to the step or the task that runs the template', () => {
    const step = { name: 'list', template: 's' };
    const use = (value: string): object => ({
      name: 'm',
      steps: [[step], [{ name: 'u', arguments: { parameters: [{ value }] } }]],
    });
    expect(isCaptured(use('{{steps.list.outputs.result}}'))).to.equal(true);
    expect(isCaptured(use("{{=steps['list'].outputs.result}}"))).to.equal(true);
    expect(isCaptured(use('{{steps.other.outputs.result}}'))).to.equal(false);
    expect(isCaptured(use('{{steps.list.outputs.parameters.a}}'))).to.equal(false);
    expect(
      isCaptured({ dag: { tasks: [step, { name: 'u', when: '{{tasks.list.outputs.result}} == 1' }] } }),
    ).to.equal(true);
    expect(isCaptured()).to.equal(false);
  });

  it('should know kinds that always have a result, and that nothing refers to the entry', () => {
    const data = { name: 'd', data: {} };
    const scope = scopeIn({ entrypoint: 'd', templates: [data] }, data);
    expect(scope.templates?.map(template => isResultCaptured(template, scope))).to.deep.equal([true]);
    const entry = scopeIn({ entrypoint: 's', templates: [script] });
    expect(entry.templates?.map(template => isResultCaptured(template, entry))).to.deep.equal([false]);
  });
});
