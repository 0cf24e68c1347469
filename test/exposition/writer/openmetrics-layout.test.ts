import { expect } from 'chai';
import { OPEN_METRICS_END, openMetricsLayout } from '../../../lib/exposition/writer/openmetrics-layout.js';
import type { OpenMetricsName } from '../../../lib/exposition/writer/openmetrics-layout.js';

describe('openMetricsLayout', () => {
  const bareLines = (
    named: OpenMetricsName,
    created: boolean,
    boundaries: readonly number[] = [],
  ): string[] =>
    openMetricsLayout(named, '', created)
      .templateOf(boundaries)
      .lines.map(({ bare, column }) => `${bare.toString()}${column}`);

  it('should have type, unit and text above the series, and each only where it is', () => {
    const head = (named: OpenMetricsName, help: string): string =>
      openMetricsLayout(named, help, false).head.toString();
    expect(head({ name: 'a_seconds', type: 'counter', unit: 'seconds' }, 'A "b"\n')).to.equal(
      '# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds A \\"b\\"\\n\n',
    );
    expect(head({ name: 'a.b', type: 'gauge', unit: '' }, '')).to.equal('# TYPE "a.b" gauge\n');
  });

  it('should have the suffix of the type, and say since when where it was asked for', () => {
    expect(bareLines({ name: 'a', type: 'counter', unit: '' }, true)).to.deep.equal([
      'a_total 0',
      'a_created 1',
    ]);
    expect(bareLines({ name: 'a', type: 'counter', unit: '' }, false)).to.deep.equal(['a_total 0']);
    expect(bareLines({ name: 'a', type: 'unknown', unit: '' }, true)).to.deep.equal(['a 0']);
    expect(bareLines({ name: 'a', type: 'gauge', unit: '' }, true)).to.deep.equal(['a 0']);
    expect(bareLines({ name: 'a', type: 'info', unit: '' }, true)).to.deep.equal(['a_info 0']);
  });

  it('should write bounds as floats', () => {
    expect(
      bareLines({ name: 'h', type: 'histogram', unit: '' }, true, [0, 0.5, 1, 1e6, Infinity]),
    ).to.deep.equal([
      'h_bucket{le="0.0"} 4',
      'h_bucket{le="0.5"} 5',
      'h_bucket{le="1.0"} 6',
      'h_bucket{le="1e+06"} 7',
      'h_bucket{le="+Inf"} 0',
      'h_sum 1',
      'h_count 0',
      'h_created 10',
    ]);
  });

  it('should end with a line that says so', () => {
    expect(OPEN_METRICS_END.toString()).to.equal('# EOF\n');
  });
});
