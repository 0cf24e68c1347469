import { expect } from 'chai';
import { lintGithub } from '../../lib/cli/lint-github.js';
import { finding, reportOf } from './finding-fixture.js';

describe('lintGithub', () => {
  it('should write a command for each finding, and the counts', () => {
    const report = reportOf(
      { ...finding, hint: 'Write one.' },
      { ...finding, severity: 'warning' },
      { ...finding, severity: 'note' },
    );
    expect([...lintGithub(report)].join('')).to.equal(
      '::error file=a.yaml,line=3,col=5,endColumn=9,title=HELP_MISSING::no help%0AWrite one.\n' +
        '::warning file=a.yaml,line=3,col=5,endColumn=9,title=HELP_MISSING::no help\n' +
        '::notice file=a.yaml,line=3,col=5,endColumn=9,title=HELP_MISSING::no help\n' +
        '1 error, 1 warning in 3 metrics of 2 files\n',
    );
    expect([...lintGithub({ ...report, isQuiet: true, findings: [] })]).to.deep.equal([]);
  });

  it('should keep signs that mean something to the runner out of properties and messages', () => {
    const [line] = lintGithub(
      reportOf({ ...finding, file: 'C:\\a,b%.yaml', message: '100%\r\n::error::x, y: z' }),
    );
    expect(line).to.equal(
      '::error file=C%3A\\a%2Cb%25.yaml,line=3,col=5,endColumn=9,title=HELP_MISSING::100%25%0D%0A::error::x, y: z\n',
    );
  });
});
