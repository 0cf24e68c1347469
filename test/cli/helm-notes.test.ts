import { expect } from 'chai';
import { mergeHelmNotes } from '../../lib/cli/helm-notes.js';
import { finding } from './finding-fixture.js';

describe('mergeHelmNotes', () => {
  it('should keep one note a chart and say how many files there are', () => {
    const note = { ...finding, code: 'HELM_TEMPLATE', severity: 'note', message: 'left out' } as const;
    const files = ['c/templates/a.yaml', 'c/templates/sub/b.yaml', 'd/templates/a.yaml', 'e.yaml', 'f.yaml'];
    const merged = mergeHelmNotes([finding, ...files.map(file => ({ ...note, file }))]);
    expect(merged.map(({ file, message }) => `${file} ${message}`)).to.deep.equal([
      'a.yaml no help',
      'c/templates/a.yaml left out (this one and 1 more of the chart)',
      'd/templates/a.yaml left out',
      'e.yaml left out',
      'f.yaml left out',
    ]);
  });
});
