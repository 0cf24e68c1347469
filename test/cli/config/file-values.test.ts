import { expect } from 'chai';
import { valuesOfFile } from '../../../lib/cli/config/file-values.js';

function problemsOf(text: string): string[] {
  return valuesOfFile({ name: 'watch.yaml', text }).problems.map(problem => {
    const place = 'file' in problem ? `${problem.line}:${problem.column}` : problem.origin;
    return `${place} ${problem.code} ${problem.message}${problem.hint === undefined ? '' : ` | ${problem.hint}`}`;
  });
}

describe('valuesOfFile', () => {
  it('gives each value with its line', () => {
    const { values, problems } = valuesOfFile({
      name: 'watch.yaml',
      text: 'endpoint:\n  port: 1\n  zeroFor: 2m\n\nnamespaces: [a]\n',
    });
    expect(problems).to.deep.equal([]);
    expect(values).to.deep.equal([
      { path: 'endpoint.port', value: 1, source: { kind: 'file', file: 'watch.yaml', line: 2 } },
      { path: 'endpoint.zeroFor', value: 120_000, source: { kind: 'file', file: 'watch.yaml', line: 3 } },
      { path: 'namespaces', value: ['a'], source: { kind: 'file', file: 'watch.yaml', line: 5 } },
    ]);
  });

  it('says all that is wrong by its place, with the key that was meant', () => {
    expect(
      problemsOf('log: {levle: warn}\nport: 3\nlimits:\n  pageSize: 9\nlog: {level: 3}\n'),
    ).to.deep.equal([
      `2:1 FIELD_UNKNOWN unknown key "port" | Did you mean 'endpoint.port'?`,
      '4:13 CONFIG_INVALID limits.pageSize must be a whole number from 10 to 500, got 9',
      '5:1 YAML_KEY_DUPLICATED key "log" is given twice, the last one counts',
      '5:14 CONFIG_INVALID log.level must be one of none, error, warn, info, debug, verbose, all, got 3',
    ]);
    expect(problemsOf('electoin: on')).to.deep.equal([
      '1:1 FIELD_UNKNOWN unknown key "electoin" | There are namespaces, instanceId, metricsConfig, views, state, endpoint, otlp, limits, log.',
    ]);
  });

  it('refuses a group that is none, and a file that is none', () => {
    expect(problemsOf('log: on\nendpoint:\n')).to.deep.equal([
      '1:6 CONFIG_INVALID log must be a mapping, got true | Its keys are format, level.',
      '2:1 CONFIG_INVALID endpoint must be a mapping, got nothing | Its keys are host, port, zeroFor.',
    ]);
    for (const text of ['- a', 'text', '12', '~'])
      expect(problemsOf(text)[0], text).to.match(
        /^1:1 CONFIG_INVALID the configuration must be a mapping, got /,
      );
  });

  it('knows no key that a prototype has, and none with a dot', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      for (const text of [`${key}: 1`, `log: {${key}: 1}`])
        expect(problemsOf(text)[0], text).to.contain(`FIELD_UNKNOWN unknown key "${key}"`);
    expect(problemsOf('log.level: x')[0]).to.contain('FIELD_UNKNOWN unknown key "log.level"');
  });

  it('leaves out what are too many, and says so', () => {
    const keys = Array.from({ length: 70 }, (_, index) => `k${index}: 1\n`).join('');
    const problems = problemsOf(keys);
    expect(problems).to.have.length(51);
    expect(problems.at(-1)).to.equal('watch.yaml LIMIT_EXCEEDED 20 more problems are left out');
  });
});
