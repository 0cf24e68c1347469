import { expect } from 'chai';
import { metricFamilies } from '../../../lib/exposition/names/metric-families.js';
import type { MetricFamily } from '../../../lib/exposition/names/metric-families.js';
import type { CollectedStream } from '../../../lib/store/definition/stream.js';
import { stream, verbatimStream } from '../streams.js';

describe('metricFamilies', () => {
  let warnings: [name: string, message: string][];
  beforeEach(() => {
    warnings = [];
  });
  const families = (streams: CollectedStream[], reserved: string[] = []): MetricFamily[] =>
    metricFamilies(streams, reserved, (name, message) => warnings.push([name, message]));
  const names = (list: MetricFamily[]): string[] => list.map(family => `${family.name} ${family.type}`);

  it('should sort by the exposed name', () => {
    const list = families([
      stream({ name: 'b' }),
      verbatimStream({ name: 'c', kind: 'GAUGE' }),
      stream({ name: 'a', kind: 'HISTOGRAM' }),
    ]);
    expect(names(list)).to.deep.equal(['a histogram', 'b_total counter', 'c gauge']);
    expect(warnings).to.deep.equal([]);
  });

  it('should put streams of one name and type under one HELP and TYPE', () => {
    const first = stream({ name: 'jobs', scope: { name: 'one' }, description: 'Jobs' });
    const second = stream({ name: 'jobs', scope: { name: 'two' }, description: 'Jobs' });
    const [family, ...others] = families([first, second]);
    expect(others).to.deep.equal([]);
    expect(family?.streams).to.deep.equal([first, second]);
    expect(warnings).to.deep.equal([]);
  });

  it('should keep the points but only the first HELP when the descriptions differ', () => {
    const list = families([stream({ description: 'one' }), stream({ description: 'two' })]);
    expect(list).to.have.length(1);
    expect(list[0]?.help).to.equal('one');
    expect(list[0]?.streams).to.have.length(2);
    expect(warnings).to.have.length(1);
    expect(warnings[0]?.[1]).to.contain('"two"').and.to.contain('"one"');
  });

  it('should keep the first stream when the types conflict, and drop the whole other one', () => {
    const first = stream({ name: 'x', kind: 'GAUGE' });
    const list = families([first, stream({ name: 'x', kind: 'HISTOGRAM' })]);
    expect(names(list)).to.deep.equal(['x gauge']);
    expect(list[0]?.streams).to.deep.equal([first]);
    expect(warnings[0]?.[0]).to.equal('x');
    expect(warnings[0]?.[1]).to.contain('HISTOGRAM "x"');
  });

  it('should drop what would be called like the lines of a histogram, in either order', () => {
    const histogram = stream({ name: 'x', kind: 'HISTOGRAM' });
    const gauge = stream({ name: 'x_count', kind: 'GAUGE' });
    expect(names(families([histogram, gauge]))).to.deep.equal(['x histogram']);
    expect(names(families([gauge, histogram]))).to.deep.equal(['x_count gauge']);
    expect(warnings.map(([name]) => name)).to.deep.equal(['x_count', 'x']);
  });

  it('should drop what has a reserved name', () => {
    expect(families([stream({ name: 'target.info', kind: 'GAUGE' })], ['target_info'])).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(families([stream({ name: 'target.info', kind: 'GAUGE' })])).to.have.length(1);
  });

  it('should drop delta streams', () => {
    expect(families([{ ...stream({}), temporality: 'delta' }])).to.deep.equal([]);
    expect(warnings[0]?.[1]).to.contain('delta');
  });

  it('should keep names apart with UTF-8 names that are one in the old alphabet', () => {
    const streams = [stream({ name: 'a.b', kind: 'GAUGE' }), stream({ name: 'a_b', kind: 'HISTOGRAM' })];
    const warn = (): void => expect.fail('nothing is in conflict');
    expect(names(metricFamilies(streams, [], warn, true))).to.deep.equal(['a.b gauge', 'a_b histogram']);
    expect(names(families(streams))).to.deep.equal(['a_b gauge']);
  });

  it('should tell the unit that the name ends with, whichever stream has it', () => {
    const units = (...streams: CollectedStream[]): string[] => families(streams).map(({ unit }) => unit);
    expect(units(stream({ name: 'a', unit: 'By' }))).to.deep.equal(['bytes']);
    expect(units(stream({ name: 'a_bytes' }), stream({ name: 'a', unit: 'By' }))).to.deep.equal(['bytes']);
    expect(units(verbatimStream({ name: 'a', unit: 's' }))).to.deep.equal(['']);
  });
});
