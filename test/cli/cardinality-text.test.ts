import { expect } from 'chai';
import { cardinalityText, counted, grouped } from '../../lib/cli/cardinality-text.js';

const label = (key: string, distinct: number, exact = true) => ({
  ...{ key, distinct, exact, seriesWithout: 40 },
  top: [
    { value: '\u001b[31m', count: 1234, atLeast: false },
    { value: 'x'.repeat(100), count: 2, atLeast: true },
  ],
});

describe('cardinalityText', () => {
  it('should show metrics, labels and values, and steer no terminal', () => {
    const metrics = [
      {
        name: 'jobs',
        type: 'counter',
        series: 12_034,
        hasOverflow: true,
        labels: [label('pod', 12_000, false), label('a', 2)],
      },
      { name: 'up', type: 'gauge', series: 1, hasOverflow: false, labels: [] },
      { name: 'last', type: 'gauge', series: 1, hasOverflow: false, labels: [] },
    ];
    expect(cardinalityText(metrics, 2)).to.equal(`12,036 series of 3 metrics

12,034  jobs  counter, and an overflow series: further sets are refused
    pod  ~12,000 values, 40 series without it: \\u001b[31m (1,234), ${'x'.repeat(40)}… (≥ 2)
    a    2 values, 40 series without it: \\u001b[31m (1,234), ${'x'.repeat(40)}… (≥ 2)
1  up  gauge

… and 1 metric more (--top)
`);
  });

  it('should group digits and count words', () => {
    expect([0, 999, 1000, 1234567].map(grouped)).to.deep.equal(['0', '999', '1,000', '1,234,567']);
    expect([counted(1, 'value'), counted(0, 'value')]).to.deep.equal(['1 value', '0 values']);
  });
});
