import { expect } from 'chai';
import { ScopeVariables } from '../../../../lib/argo/expression/run/scope-variables.js';

describe('ScopeVariables', () => {
  const variables = new ScopeVariables({
    status: 'Failed',
    'a.b': 'B',
    'a.b.c': 'C',
    'a.d': 'D',
    'a.none': undefined,
    'aa.x': 'X',
  });

  it('should take a name that is the beginning of longer ones for a map', () => {
    expect(variables.text('a.b')).to.equal(undefined);
    expect(variables.kindOf('a')).to.equal('map');
    expect(variables.value('a')).to.deep.equal(
      new Map<string, unknown>([
        ['b', new Map([['c', 'C']])],
        ['d', 'D'],
      ]),
    );
  });

  it('should know texts, maps and what does not exist', () => {
    expect(variables.kindOf('status')).to.equal('text');
    expect(variables.kindOf('b')).to.equal(undefined);
    expect(
      ['status', 'a', 'a.b', 'a.d', 'a.none', 'a.x', 'toString'].map(name => variables.has(name)),
    ).to.deep.equal([...[true, true, true, true, false, false, false]]);
    expect(variables.value('nothing')).to.equal(null);
  });

  it('should give an output parameter its value, whatever its path in the pod', () => {
    const outputs = new ScopeVariables({
      'outputs.parameters.rows': '12',
      'outputs.parameters.rows.path': '/tmp/rows',
      'outputs.parameters.none.path': '/tmp/none',
      'outputs.artifacts.log.path': '/tmp/log',
    });
    expect(outputs.text('outputs.parameters.rows')).to.equal('12');
    expect(outputs.value('outputs')).to.deep.equal(new Map([['parameters', new Map([['rows', '12']])]]));
    expect(outputs.has('outputs.parameters.none')).to.equal(false);
    const failed = new ScopeVariables({ 'outputs.parameters.rows.path': '/tmp/rows' });
    expect(failed.kindOf('outputs')).to.equal(undefined);
  });

  it('should answer for members without building a map', () => {
    expect(variables.member('a', 'a.d')).to.equal('D');
    expect(variables.member('a', 'a.x')).to.equal(null);
    expect(variables.member('a', 'a.b')).to.equal(undefined);
    expect(variables.member('status', 'status.x')).to.equal(undefined);
  });
});
