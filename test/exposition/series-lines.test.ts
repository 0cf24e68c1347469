import { expect } from 'chai';
import { bucketEnds, histogramLines, sampleLine, sampleName } from '../../lib/exposition/series-lines.js';
import { histogramOf } from './streams.js';

describe('sampleName', () => {
  it('should have braces only around labels', () => {
    expect(sampleName('up', '')).to.equal('up');
    expect(sampleName('up', 'a="b"')).to.equal('up{a="b"}');
  });
});

describe('sampleLine', () => {
  it('should end the line and write the number as Go does', () => {
    expect(sampleLine('up', 2e6)).to.equal('up 2e+06\n');
  });
});

describe('histogramLines', () => {
  const boundaries = [0.05, 1, 1e6];
  const value = histogramOf(boundaries, [0.01, 0.05, 1, 7, 1e7]);

  it('should accumulate the buckets and put le behind the labels', () => {
    expect(histogramLines('t', 'a="b",z="c"', value, bucketEnds(boundaries))).to.equal(
      [
        't_bucket{a="b",z="c",le="0.05"} 2',
        't_bucket{a="b",z="c",le="1"} 3',
        't_bucket{a="b",z="c",le="1e+06"} 4',
        't_bucket{a="b",z="c",le="+Inf"} 5',
        't_sum{a="b",z="c"} 1.000000806e+07',
        't_count{a="b",z="c"} 5',
        '',
      ].join('\n'),
    );
  });

  it('should need no labels and no boundaries', () => {
    expect(histogramLines('t', '', histogramOf([], [1, 2]), bucketEnds([]))).to.equal(
      't_bucket{le="+Inf"} 2\nt_sum 3\nt_count 2\n',
    );
  });

  it('should write one bucket only for a bound of infinity', () => {
    const ends = bucketEnds([1, Infinity]);
    expect(histogramLines('t', '', histogramOf([1, Infinity], [1, 2]), ends)).to.equal(
      't_bucket{le="1"} 1\nt_bucket{le="+Inf"} 2\nt_sum 3\nt_count 2\n',
    );
  });
});
