import { expect } from 'chai';
import { textLayout } from '../../../lib/exposition/writer/text-layout.js';

describe('textLayout', () => {
  const linesOf = (type: 'counter' | 'histogram', boundaries: readonly number[] = []): string[][] =>
    textLayout({ name: 't', type, help: '' })
      .templateOf(boundaries)
      .lines.map(({ head, tail, bare, column, isCumulative }) => [
        ...[head, tail, bare].map(bytes => bytes.toString()),
        `${column}${isCumulative ? '+' : ''}`,
      ]);

  it('should say above the series what they are, and escape the help', () => {
    expect(textLayout({ name: 'a', type: 'gauge', help: 'Größe\nin "m"\\s' }).head.toString()).to.equal(
      '# HELP a Größe\\nin "m"\\\\s\n# TYPE a gauge\n',
    );
    expect(textLayout({ name: 'a', type: 'counter', help: '' }).head.toString()).to.equal(
      '# TYPE a counter\n',
    );
  });

  it('should have braces only around labels', () => {
    expect(linesOf('counter')).to.deep.equal([['t{', '} ', 't ', '0']]);
  });

  it('should put le behind the labels, written as Go does, and accumulate the buckets', () => {
    expect(linesOf('histogram', [0.05, 1e6])).to.deep.equal([
      ['t_bucket{', ',le="0.05"} ', 't_bucket{le="0.05"} ', '4+'],
      ['t_bucket{', ',le="1e+06"} ', 't_bucket{le="1e+06"} ', '5+'],
      ['t_bucket{', ',le="+Inf"} ', 't_bucket{le="+Inf"} ', '0'],
      ['t_sum{', '} ', 't_sum ', '1'],
      ['t_count{', '} ', 't_count ', '0'],
    ]);
  });

  it('should write one bucket only for a bound of infinity', () => {
    expect(linesOf('histogram', [1, Infinity]).map(([, tail]) => tail)).to.deep.equal([
      ',le="1"} ',
      ',le="+Inf"} ',
      '} ',
      '} ',
    ]);
  });
});
