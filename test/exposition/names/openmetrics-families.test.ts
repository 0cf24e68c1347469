import { expect } from 'chai';
import fc from 'fast-check';
import { openMetricsFamilies } from '../../../lib/exposition/names/openmetrics-families.js';
import { metricFamilies } from '../../../lib/exposition/names/metric-families.js';
import type { InstrumentKind } from '../../../lib/store/definition/stream.js';
import { parseOpenMetrics } from '../../support/openmetrics-parser.js';
import { verbatimStream } from '../streams.js';

describe('openMetricsFamilies', () => {
  /** `name type` of each, as it comes out of names and types of Prometheus' text. */
  const named = (...families: string[]): string[] =>
    openMetricsFamilies(
      families.map(family => {
        const [name = '', type = '', unit = ''] = family.split(' ');
        return { name, type: type as 'counter', unit };
      }),
      ['target', 'target_info'],
    ).map(family =>
      family === undefined ? 'nothing' : [family.name, family.type, family.unit].join(' ').trimEnd(),
    );

  it('should call a counter by its name without _total', () => {
    expect(
      named('jobs_total counter', 'io_bytes_total counter bytes', 'a gauge', 'h_seconds histogram seconds'),
    ).to.deep.equal(['jobs counter', 'io_bytes counter bytes', 'a gauge', 'h_seconds histogram seconds']);
  });

  it('should call a counter unknown that has no _total, or that would be called like something else', () => {
    expect(named('jobs counter', '_total counter')).to.deep.equal(['jobs unknown', '_total unknown']);
    expect(named('jobs_total counter', 'jobs gauge')).to.deep.equal(['jobs_total unknown', 'jobs gauge']);
    expect(named('jobs_total counter', 'jobs_created gauge')).to.deep.equal([
      'jobs_total unknown',
      'jobs_created gauge',
    ]);
    expect(named('h histogram', 'h_count_total counter', 'h_created_total counter')).to.deep.equal([
      'h histogram',
      'h_count_total unknown',
      'h_created_total unknown',
    ]);
    expect(named('a_seconds_total counter seconds', 'a_seconds gauge seconds')[0]).to.equal(
      'a_seconds_total unknown',
    );
    expect(named('target_total counter')).to.deep.equal(['target_total unknown']);
    expect(named('a_total counter', 'a_total_total counter', 'a_created_total counter')).to.deep.equal([
      'a counter',
      'a_total_total unknown',
      'a_created_total unknown',
    ]);
  });

  it('should leave out what would be called like a line of a histogram', () => {
    expect(named('h histogram', 'h_created gauge', 'h_created_x gauge')).to.deep.equal([
      'h histogram',
      'nothing',
      'h_created_x gauge',
    ]);
  });

  it('should come out without a clash, whatever there is', () => {
    const name = fc
      .array(fc.constantFrom('a', '_total', '_created', '_count', '_bucket', '_info', 'target'), {
        minLength: 1,
        maxLength: 3,
      })
      .map(parts => parts.join(''));
    const kind = fc.constantFrom<InstrumentKind>('COUNTER', 'GAUGE', 'HISTOGRAM');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, kind), { maxLength: 8 }), pairs => {
        const families = metricFamilies(
          pairs.map(([own, type]) => verbatimStream({ name: own, kind: type })),
          ['target_info'],
          () => undefined,
        );
        const found = openMetricsFamilies(families, ['target_info']);
        const lines = found.flatMap(family =>
          family === undefined ? [] : [`# TYPE ${family.name} ${family.type}\n`],
        );
        parseOpenMetrics(`${lines.join('')}# EOF\n`);
        for (const [index, { type, name: own }] of families.entries())
          if (found[index] === undefined)
            expect(families.some(other => `${other.name}_created` === own)).to.be.true;
          else if (type !== 'counter') expect(found[index]).to.include({ name: own, type });
          else
            expect(found[index]?.name.concat(found[index]?.type === 'counter' ? '_total' : '')).to.equal(own);
      }),
      { numRuns: 2000 },
    );
  });
});
