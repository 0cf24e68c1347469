import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { EXPLANATIONS, labelsWithout, pendingLabels } from '../../lib/cli/compare-explanations.js';
import { ROOT } from '../support/source-tree.js';
import { historyOf } from './compared-series.js';

describe('the explanations of differences', () => {
  for (const { rows, document } of EXPLANATIONS)
    it(`should stand in ${document}: ${rows.join(', ')}`, () => {
      const text = readFileSync(join(ROOT, document), 'utf8');
      for (const row of rows) {
        const isThere = document.endsWith('deviations.md')
          ? text.includes(`\n| ${row} |`)
          : new RegExp(`^#+ ${row}$`, 'm').test(text);
        expect(isThere, row).to.equal(true);
      }
    });
});

describe('pendingLabels', () => {
  it('should be the labels of a gauge but the one that is Pending', () => {
    const labels = { status: 'Pending', title: 'x' };
    const series = historyOf([1], { type: 'gauge', labels });
    expect(pendingLabels(series)).to.deep.equal([labelsWithout(series, 'status')]);
    expect(labelsWithout(series, 'status')).to.equal('["status",[["title","x"]]]');
    expect(pendingLabels(historyOf([1], { labels }))).to.deep.equal([]);
  });
});
