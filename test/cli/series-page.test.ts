import { expect } from 'chai';
import { BoundedLines } from '../../lib/cli/bounded-lines.js';
import { SeriesPage } from '../../lib/cli/series-page.js';

function pageOf(text: string, isWanted?: (name: string) => boolean): SeriesPage {
  const page = new SeriesPage(isWanted);
  const lines = new BoundedLines((bytes, from, to, number) => page.add(bytes, from, to, number));
  lines.push(Buffer.from(text));
  lines.finish();
  return page;
}

describe('SeriesPage', () => {
  it('should make one series of the samples of a histogram, with its buckets in order', () => {
    const text = `# HELP h Help
# TYPE h histogram
h_bucket{a="x",le="+Inf"} 3
h_bucket{le="10",a="x"} 2
h_bucket{a="x",le="0.5"} 1
h_sum{a="x"} 12.5
h_count{a="x"} 3
`;
    expect([...pageOf(text).series().values()]).to.deep.equal([
      { metric: 'h', type: 'histogram', labels: [['a', 'x']], numbers: [3, 12.5, 1, 2], bounds: [0.5, 10] },
    ]);
  });

  it('should tell counters from gauges, wherever the type stands, and series by their labels alone', () => {
    const text = 'c{b="2",a="1"} 4\n# TYPE c counter\n# TYPE g gauge\ng -1.5e3 1764090000000\nu 7\n';
    const other = '# TYPE c counter\nc{otel_scope_name="m",a="1",b="2"} 4\n';
    const series = pageOf(text).series();
    expect([...series.values()].map(({ metric, type, numbers }) => [metric, type, ...numbers])).to.deep.equal(
      [
        ['c', 'counter', 4],
        ['g', 'gauge', -1500],
        ['u', 'gauge', 7],
      ],
    );
    expect(series.has([...pageOf(other).series().keys()][0] ?? '')).to.equal(true);
  });

  it('should read numbers as Go writes them', () => {
    const text = 'a NaN\nb +Inf\nc -Inf\nd 0x10\ne 1e+06\n';
    const numbers = [...pageOf(text).series().values()].map(series => series.numbers[0]);
    expect(numbers).to.deep.equal([NaN, Infinity, -Infinity, 16, 1e6]);
  });

  it('should read what is escaped in labels', () => {
    const [series] = pageOf(String.raw`a{b="x\"\n\\y,z=}"} 1`)
      .series()
      .values();
    expect(series?.labels).to.deep.equal([['b', 'x"\n\\y,z=}']]);
  });

  it('should keep what is wanted', () => {
    const page = pageOf('# TYPE c counter\nc_total 1\nc_created 7\nother 2\n', name => name !== 'other');
    expect([...page.series().values()].map(({ metric }) => metric)).to.deep.equal(['c']);
  });

  it('should leave summaries out', () => {
    const text = '# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 2\ns_count 3\n';
    expect(pageOf(text).series().size).to.equal(0);
  });

  it('should say which line is none of a Prometheus text', () => {
    expect(() => pageOf('a 1\n<html>\n')).to.throw('line 2 is no Prometheus text: expected the name');
  });
});
