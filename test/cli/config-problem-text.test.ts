import { expect } from 'chai';
import { configProblemLine, configProblemText } from '../../lib/cli/config-problem-text.js';
import { readWatchConfig } from '../../lib/cli/watch-config.js';

describe('configProblemText', () => {
  it('shows the line of a file, and names a flag or a variable', () => {
    const { problems } = readWatchConfig({
      file: { name: 'watch.yaml', text: 'endpoint:\n  prot: 9464\n  port: 70000\n' },
      environment: { OTEL_ARGO_METRICS_LOG_FORMT: 'x' },
      flags: { listen: 'here' },
    });
    expect(problems.map(problem => configProblemText(problem, false)).join('')).to
      .equal(`watch.yaml:2:3: error FIELD_UNKNOWN: unknown key "prot"
  2 |   prot: 9464
    |   ^^^^
  hint: Did you mean 'port'?
watch.yaml:3:9: error CONFIG_INVALID: endpoint.port must be a whole number from 0 to 65535, got 70000
  3 |   port: 70000
    |         ^^^^^
OTEL_ARGO_METRICS_LOG_FORMT: warning FIELD_UNKNOWN: unknown variable
  hint: Did you mean 'OTEL_ARGO_METRICS_LOG_FORMAT'?
--listen: error CONFIG_INVALID: --listen is "here", expected an address such as 0.0.0.0:9464 or [::1]:9464
`);
    expect(problems.map(configProblemLine).slice(0, 3)).to.deep.equal([
      `watch.yaml:2:3: unknown key "prot" [FIELD_UNKNOWN] Did you mean 'port'?`,
      'watch.yaml:3:9: endpoint.port must be a whole number from 0 to 65535, got 70000 [CONFIG_INVALID]',
      `OTEL_ARGO_METRICS_LOG_FORMT: unknown variable [FIELD_UNKNOWN] Did you mean 'OTEL_ARGO_METRICS_LOG_FORMAT'?`,
    ]);
  });

  it('colors what stands in a file, and lets nothing steer the terminal', () => {
    const [problem] = readWatchConfig({ file: { name: 'w', text: 'a: 1' } }).problems;
    if (problem === undefined) throw new Error('there is one');
    expect(configProblemText(problem, true)).to.contain('\x1b[31merror');
    const other = {
      origin: '--x\u001b',
      code: 'CONFIG_INVALID',
      severity: 'error',
      path: '',
      message: 'a\nb',
    } as const;
    expect(configProblemText(other, true)).to.equal('--x\\u001b: error CONFIG_INVALID: a\\nb\n');
  });
});
