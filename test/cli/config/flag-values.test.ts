import { expect } from 'chai';
import { valuesOfFlags, type WatchFlags } from '../../../lib/cli/config/flag-values.js';

function valuesOf(flags: WatchFlags): Record<string, unknown> {
  const { values, problems } = valuesOfFlags(flags);
  expect(problems).to.deep.equal([]);
  return Object.fromEntries(values.map(({ path, value }) => [path, value]));
}

function problemsOf(flags: WatchFlags): string[] {
  return valuesOfFlags(flags).problems.map(problem => {
    expect(problem).to.include({ code: 'CONFIG_INVALID', severity: 'error' });
    return `${'origin' in problem ? problem.origin : ''} ${problem.message}`;
  });
}

describe('valuesOfFlags', () => {
  it('gives what was typed, with the flag', () => {
    const { values } = valuesOfFlags({ namespace: ['a', 'b', 'a'], 'instance-id': 'one' });
    expect(values).to.deep.equal([
      { path: 'namespaces', value: ['a', 'b'], source: { kind: 'flag', flag: 'namespace' } },
      { path: 'instanceId', value: 'one', source: { kind: 'flag', flag: 'instance-id' } },
    ]);
    expect(
      valuesOf({ 'all-namespaces': true, 'instance-id': 'one', 'metrics-config': 'm.yaml', state: 's' }),
    ).to.deep.equal({
      namespaces: 'all',
      instanceId: 'one',
      metricsConfig: { file: 'm.yaml' },
      'state.dir': 's',
    });
    expect(valuesOf({ 'all-namespaces': false, namespace: [] })).to.deep.equal({});
  });

  it('takes an address apart', () => {
    const listen = (text: string): unknown[] => {
      const values = valuesOf({ listen: text });
      return [values['endpoint.host'], values['endpoint.port']];
    };
    expect(listen('127.0.0.1:80')).to.deep.equal(['127.0.0.1', 80]);
    expect(listen('[::1]:9464')).to.deep.equal(['::1', 9464]);
    expect(listen('my-host.local:0')).to.deep.equal(['my-host.local', 0]);
    expect(listen(':9000'), 'the host stays what it is').to.deep.equal([undefined, 9000]);
  });

  it('refuses what is no address', () => {
    for (const wrong of ['', '9464', 'host', 'host:', '::1:80', 'a:b:80', 'host:123456', 'http://h:80'])
      expect(problemsOf({ listen: wrong })).to.deep.equal([
        `--listen --listen is ${JSON.stringify(wrong)}, expected an address such as 0.0.0.0:9464 or [::1]:9464`,
      ]);
    expect(problemsOf({ listen: 'h:70000' })).to.deep.equal([
      '--listen endpoint.port must be a whole number from 0 to 65535, got 70000',
    ]);
    expect(problemsOf({ listen: 'a b:80' })).to.deep.equal([
      '--listen endpoint.host must be a host name or an address, got "a b"',
    ]);
    expect(problemsOf({ listen: '[]:80' })).to.have.length(1);
  });

  it('refuses what excludes each other, and values that are none, all at once', () => {
    expect(problemsOf({ 'all-namespaces': true, namespace: ['a'] })).to.deep.equal([
      '--namespace --all-namespaces and --namespace exclude each other',
    ]);
    expect(problemsOf({ namespace: ['A'], 'instance-id': '', 'metrics-config': '' })).to.have.length(3);
    const many = Array.from({ length: 51 }, (_, index) => `n${index}`);
    expect(problemsOf({ namespace: many })).to.deep.equal([
      '--namespace namespaces must be a list of 1 to 50 names, got a list of 51',
    ]);
    expect(valuesOf({ namespace: many.slice(1) })['namespaces']).to.have.length(50);
  });
});
