import { expect } from 'chai';
import { lintJson } from '../../lib/cli/lint-json.js';
import { finding, reportOf } from './finding-fixture.js';

describe('lintJson', () => {
  it('should write findings without their lines, and the counts', () => {
    const { lineText, ...rest } = finding;
    expect(lineText).to.not.equal('');
    expect(JSON.parse([...lintJson(reportOf(finding))].join(''))).to.deep.equal({
      findings: [rest],
      ...{ errorCount: 1, warningCount: 0, fileCount: 2, metricCount: 3, silencedCount: 0 },
    });
  });
});
