import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import { expressionsOf, inExpression, variablesOf } from '../../../lib/argo/lint/expression-texts.js';
import { metricsOf } from '../custom-store.js';

describe('expressions of a metric', () => {
  it('should be found with their place', () => {
    const spec = {
      name: 'm',
      help: 'M',
      when: 'x == {{=status}}',
      counter: { value: '{{=asInt(exitCode)}}' },
    };
    const [metric] = compileAlone(metricsOf(spec), 'p').metrics;
    const found = metric ? expressionsOf(metric) : [];
    expect(found.map(({ path, start }) => `${path} ${start}`)).to.deep.equal([
      'p.prometheus[0].when 8',
      'p.prometheus[0].counter.value 3',
    ]);
    expect(found.flatMap(({ expression }) => variablesOf(expression)).map(({ path }) => path)).to.deep.equal([
      'status',
      'exitCode',
    ]);
  });

  it('should write names as an expression can read them', () => {
    expect(inExpression('inputs.parameters.a-b')).to.equal("inputs.parameters['a-b']");
    expect(inExpression('workflow.labels.a.b/c')).to.equal("workflow.labels.a['b/c']");
    expect(inExpression('status')).to.equal('status');
  });
});
