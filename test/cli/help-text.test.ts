import { expect } from 'chai';
import { HELP_TEXT } from '../../lib/cli/help-text.js';

describe('HELP_TEXT', () => {
  it('should name each command and each option', () => {
    for (const word of [
      'lint FILE...',
      'lint --cluster',
      '  --cluster  ',
      '--max-warnings N',
      '--json',
      '--format FORMAT',
      '--quiet',
      '--ignore GLOB',
      '--fail-on-empty',
      '--strict',
      'cardinality URL',
      'compare --with URL',
      '--for TIME',
      '--top N',
      '--metric PATTERN',
      '--max-series N',
      '--header HEADER',
      '--timeout TIME',
      'watch  ',
      '--all-namespaces',
      '--namespace NS',
      '--instance-id ID',
      '--listen ADDRESS',
      '--metrics-config FILE',
      '--kubeconfig FILE',
      '--server URL',
      'replay FILE',
      '--at TIME',
      '--config FILE',
      '-h, --help',
      '-v, --version',
    ])
      expect(HELP_TEXT).to.contain(word);
  });

  it('should fit a terminal and end its last line', () => {
    const lines = HELP_TEXT.split('\n');
    expect(Math.max(...lines.map(line => line.length))).to.be.at.most(110);
    expect(lines.at(-1)).to.equal('');
  });
});
