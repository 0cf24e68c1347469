import { expect } from 'chai';
import { compareSides } from '../../lib/cli/compare-report.js';
import { compareJson, compareText } from '../../lib/cli/compare-text.js';
import { sideOf } from './compared-series.js';

const PLACES = { here: 'http://here/', there: 'http://there/' };
const TIME = { from: 0, to: 600_000 };

describe('compareText', () => {
  it('should give the counts, and each difference with its row', () => {
    const report = compareSides(sideOf([0, 0, 3, 3]), sideOf([0, 6]));
    expect([...compareText(report, PLACES, TIME)].join('')).to.equal(`1 series of 1 metric in 600 s
here: http://here/
there: http://there/

0  equal
1  explained
    #15526 double count or hooks in a DAG or retried daemons or timed suspend or memoised behind a mutex or manual retry (docs/deviations.md): 1
        argo_workflows_m: came 3 here, 6 there
0  unexplained
`);
  });

  it('should not let a label steer the terminal, nor fill it', () => {
    const labels = { a: `\u001b[2J${'x'.repeat(1000)}` };
    const text = [
      ...compareText(compareSides(sideOf([0, 0, 3, 3], { labels }), sideOf([0])), PLACES, TIME),
    ].join('');
    expect(text).to.contain('\\u001b[2Jxxx').and.contain('…: came 3 here, none there');
    expect(text).to.contain('only here: the controller does not count all');
    expect(text.length).to.be.lessThan(1000);
  });
});

describe('compareJson', () => {
  it('should have each series, and numbers that JSON has not as texts', () => {
    const report = compareSides(sideOf([undefined]), sideOf([undefined, NaN], { labels: { a: 'b' } }));
    const json = JSON.parse([...compareJson(report, PLACES, TIME)].join('')) as { series: object[] };
    expect(json).to.deep.include({ version: 1, ...PLACES, ...TIME, metrics: 1 });
    expect(json.series).to.deep.equal([
      {
        ...{ metric: 'argo_workflows_m', type: 'counter', class: 'explained', labels: { a: 'b' } },
        explanation: { rows: ['negative counters'], document: 'docs/deviations.md' },
        ...{ here: null, there: 'NaN' },
      },
    ]);
  });
});
