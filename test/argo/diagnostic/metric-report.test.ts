import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

describe('reportFor', () => {
  it('should add the metric and the path, and leave out what is not known', () => {
    const diagnostics: Diagnostic[] = [];
    expect(reportFor('m', diagnostics).error('VALUE_MISSING', 'p', 'text')).to.equal(undefined);
    reportFor('', diagnostics).warning('OPERATION_UNKNOWN', 'q', 'text', 'hint');
    expect(diagnostics).to.deep.equal([
      { code: 'VALUE_MISSING', severity: 'error', metric: 'm', path: 'p', message: 'text' },
      { code: 'OPERATION_UNKNOWN', severity: 'warning', path: 'q', message: 'text', hint: 'hint' },
    ]);
  });
});
