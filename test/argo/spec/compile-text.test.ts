import { expect } from 'chai';
import { compileText } from '../../../lib/argo/spec/compile-text.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

describe('compileText', () => {
  it('should take numbers and booleans as their text', () => {
    const report = reportFor('m', []);
    expect([5, true, 'a'].map(text => compileText(text, 'p', report)?.source)).to.deep.equal([
      '5',
      'true',
      'a',
    ]);
  });

  it('should report anything else, and tags that do not end', () => {
    const diagnostics: Diagnostic[] = [];
    const report = reportFor('m', diagnostics);
    expect([{}, null, '{{a'].map(text => compileText(text, 'p', report))).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal([
      'SPEC_INVALID',
      'SPEC_INVALID',
      'TAG_UNCLOSED',
    ]);
  });
});
