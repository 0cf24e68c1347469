import { expect } from 'chai';
import { countOf, countsOf, lintText } from '../../lib/cli/lint-text.js';
import { finding, reportOf } from './finding-fixture.js';

describe('lintText', () => {
  it('should end with the counts, unless it is to be quiet', () => {
    const report = reportOf(finding);
    expect([...lintText(report, false)]).to.have.length(2);
    expect([...lintText(report, false)].at(-1)).to.equal('1 error, 0 warnings in 3 metrics of 2 files\n');
    expect([...lintText({ ...report, isQuiet: true }, false)]).to.have.length(1);
  });

  it('should say what comments silence', () => {
    expect(countsOf({ ...reportOf(), silencedCount: 2, fileCount: 1 })).to.equal(
      '0 errors, 0 warnings, 2 silenced in 3 metrics of 1 file',
    );
    expect(countOf(1, 'file')).to.equal('1 file');
  });
});
