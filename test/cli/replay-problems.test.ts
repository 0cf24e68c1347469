import { expect } from 'chai';
import { ReplayProblems } from '../../lib/cli/replay-problems.js';

function setUp(): { problems: ReplayProblems; lines: string[] } {
  const lines: string[] = [];
  return { problems: new ReplayProblems(line => lines.push(line)), lines };
}
const diagnostic = { code: 'VALUE_INVALID', severity: 'error', path: 'spec', message: 'no number' } as const;

describe('ReplayProblems', () => {
  it('should say each thing once, and leave out what is empty', () => {
    const { problems, lines } = setUp();
    problems.diagnostic('f:1', { ...diagnostic, severity: 'warning', metric: 'm', hint: 'Mend it.' });
    expect(problems.hasErrors).to.equal(false);
    problems.diagnostic('f:2', diagnostic);
    problems.diagnostic('f:3', { ...diagnostic, path: '', message: 'other' });
    problems.diagnostic('f:4', { ...diagnostic, path: '', metric: 'm', message: 'third' });
    expect(lines).to.deep.equal([
      'f:1: warning: spec (m): no number [VALUE_INVALID] Mend it.',
      'f:3: error: other [VALUE_INVALID]',
      'f:4: error: (m): third [VALUE_INVALID]',
    ]);
    expect(problems.hasErrors).to.equal(true);
  });

  it('should say one thing of what is no recording at all', () => {
    const { problems, lines } = setUp();
    for (let line = 1; line <= 300; line++) problems.unreadable(`f:${line}`, 'no');
    problems.finish('f');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^f:1: error: no \(this is no recording: /);
  });

  it('should name places that cannot be read among others, up to a bound', () => {
    const { problems, lines } = setUp();
    problems.unreadable('f:1', 'no');
    problems.readable();
    for (let line = 2; line <= 300; line++) problems.unreadable(`f:${line}`, 'no');
    problems.finish('f');
    expect(lines.slice(0, 2)).to.deep.equal(['f:1: error: no', 'f:2: error: no']);
    expect(lines.slice(20)).to.deep.equal(['f: error: 280 more places cannot be read']);
  });

  it('should say the only thing that there is without more words', () => {
    const { problems, lines } = setUp();
    problems.unreadable('f:1', 'no');
    problems.finish('f');
    expect(lines).to.deep.equal(['f:1: error: no']);
  });
});
