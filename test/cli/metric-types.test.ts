import { expect } from 'chai';
import { MetricTypes } from '../../lib/cli/metric-types.js';

const NONE = (): boolean => false;

describe('MetricTypes', () => {
  const cases: readonly (readonly [type: string, sample: string, owner: string, role: string])[] = [
    ['histogram', 'm_count', 'm', 'series'],
    ['histogram', 'm_bucket', 'm', 'part'],
    ['histogram', 'm_sum', 'm', 'beside'],
    ['histogram', 'm', 'm', 'part'],
    ['gaugehistogram', 'm_gcount', 'm', 'series'],
    ['gaugehistogram', 'm_gsum', 'm', 'beside'],
    ['gaugehistogram', 'm_count', 'm_count', 'series'],
    ['summary', 'm', 'm', 'part'],
    ['summary', 'm_count', 'm', 'series'],
    ['summary', 'm_bucket', 'm_bucket', 'series'],
    ['counter', 'm_total', 'm', 'series'],
    ['counter', 'm', 'm', 'series'],
    ['counter', 'm_created', 'm', 'beside'],
    ['counter', 'm_sum', 'm_sum', 'series'],
    ['info', 'm_info', 'm', 'series'],
    ['gauge', 'm_total', 'm_total', 'series'],
    ['constructor', 'm_total', 'm_total', 'series'],
  ];
  for (const [type, sample, name, role] of cases)
    it(`should know whose ${sample} is when m is a ${type}`, () => {
      const types = new MetricTypes();
      types.declare('m', type);
      expect(types.ownerOf(sample, NONE)).to.include({ name, role, isDeclared: name === 'm' });
    });

  it('should take the first type of a name, and a type of its own before that of another', () => {
    const types = new MetricTypes();
    for (const [name, type] of [
      ['m', 'histogram'],
      ['m', 'gauge'],
      ['m_count', 'untyped'],
    ] as const)
      types.declare(name, type);
    expect(types.ownerOf('m', NONE).type).to.equal('histogram');
    expect(types.ownerOf('m_count', NONE)).to.include({ name: 'm_count', type: 'unknown', role: 'series' });
    expect(types.size).to.equal(2);
  });

  it('should leave alone what is named as the total of a counter that has samples of its own name', () => {
    const types = new MetricTypes();
    types.declare('m', 'counter');
    expect(types.ownerOf('m_total', name => name === 'm')).to.include({ name: 'm_total', type: 'unknown' });
  });

  it('should tell what only OpenMetrics has', () => {
    for (const [name, type, sample, expected] of [
      ['m', 'counter', 'm_total', true],
      ['m_total', 'counter', 'm_total', false],
      ['m', 'histogram', 'm_count', false],
      ['m', 'summary', 'm_count', false],
      ['m', 'info', 'm_info', true],
      ['m', 'stateset', 'm', true],
    ] as const) {
      const types = new MetricTypes();
      types.declare(name, type);
      types.ownerOf(sample, NONE);
      expect(types.isOpenMetrics, type).to.equal(expected);
    }
  });
});
