import { expect } from 'chai';
import {
  addParameters,
  addWorkflowOutputs,
  anyText,
  parametersJson,
} from '../../../lib/argo/variables/workflow-parameters.js';

describe('parameters', () => {
  it('should be texts to Go whatever they are', () => {
    expect(['a', 1e21, true, null, undefined, [1], {}].map(anyText)).to.deep.equal([
      'a',
      '1000000000000000000000',
      'true',
      undefined,
      undefined,
      '',
      '',
    ]);
  });

  it('should come in the order of Go’s fields', () => {
    const parameters = [
      { value: 5, name: 'a', enum: ['5', 6], description: 'd', default: '<', globalName: 'g' },
      { name: 'b', valueFrom: { default: 'x', configMapKeyRef: { name: 'c', key: 'k' } } },
      'no parameter',
    ];
    expect(parametersJson({ parameters })).to.equal(
      String.raw`[{"name":"a","default":"\u003c","value":"5","globalName":"g","enum":["5","6"],"description":"d"},` +
        `{"name":"b","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"},"default":"x"}}]`,
    );
    expect(parametersJson({ parameters: [] })).to.equal('null');
  });

  it('should be left out where their value is elsewhere, unless there is one for that', () => {
    const holder = {
      parameters: [{ name: 'a', value: 'x' }, { name: 'b', valueFrom: { default: 'y' } }, null],
    };
    const [strict, lenient]: Record<string, string>[] = [{}, {}];
    if (!strict || !lenient) throw new Error('two');
    addParameters(strict, 'p', holder);
    addParameters(lenient, 'p', { parameters: holder.parameters.slice(0, 2) }, '');
    expect(strict).to.deep.equal({ 'p.a': 'x' });
    expect(lenient).to.deep.equal({ 'p.a': 'x', 'p.b': '' });
  });

  it('should have their default as outputs of a workflow', () => {
    const variables: Record<string, string> = {};
    const parameters = [{ name: 'a', default: 'x' }, { name: 'b', valueFrom: {} }, { name: 'c' }];
    addWorkflowOutputs(variables, { parameters });
    expect(variables).to.deep.equal({
      'workflow.outputs.parameters.a': 'x',
      'workflow.outputs.parameters.b': '',
    });
  });
});
