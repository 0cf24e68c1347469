import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { checkFields } from '../../../lib/argo/spec/metric-fields.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

function hints(object: Record<string, unknown>): string[] {
  const diagnostics: Diagnostic[] = [];
  checkFields(object, 'gauge', 'p', reportFor('m', diagnostics));
  return diagnostics.map(({ path, hint }) => `${path} ${hint}`);
}

describe('checkFields', () => {
  it('should know the fields and guess what was meant', () => {
    expect(hints({ value: 1, realtime: true, operation: 'Set' })).to.deep.equal([]);
    expect(hints({ opertaion: 'Set', colour: 1 })).to.deep.equal([
      "p.opertaion Did you mean 'operation'?",
      'p.colour gauge has value, realtime, operation.',
    ]);
  });

  it('should report twenty unknown fields at most', () => {
    expect(hints(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, 1])))).to.have.length(
      20,
    );
  });
});
