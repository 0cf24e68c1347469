import { expect } from 'chai';
import fc from 'fast-check';
import { PrometheusPage } from '../../lib/cli/prometheus-page.js';

function pageOf(text: string): PrometheusPage {
  const page = new PrometheusPage();
  for (const [index, line] of text.split('\n').entries()) {
    const bytes = Buffer.from(line);
    page.add(bytes, 0, bytes.length, index + 1);
  }
  return page;
}

const seriesOf = (text: string): Record<string, [type: string, series: number, keys: string]> =>
  Object.fromEntries(
    pageOf(text)
      .metrics(3)
      .map(({ name, type, series, labels }) => [name, [type, series, labels.map(({ key }) => key).join()]]),
  );

describe('PrometheusPage', () => {
  it('should count a histogram and a summary once for each set of labels', () => {
    const text = `# HELP h of a
# TYPE h histogram
h_bucket{a="x",le="1"} 1
h_bucket{a="x",le="+Inf"} 2
h_sum{a="x"} 3
h_count{a="x"} 2
h_bucket{a="y",le="+Inf"} 2
h_sum{a="y"} 3
h_count{a="y"} 2
# TYPE s summary
s{a="x",quantile="0.5"} 1
s{a="x",quantile="0.9"} 1
s_sum{a="x"} 1
s_count{a="x"} 1
# TYPE g gaugehistogram
g_bucket{le="+Inf"} 1
g_gcount 1
g_gsum 1`;
    expect(seriesOf(text)).to.deep.equal({
      h: ['histogram', 2, 'a'],
      s: ['summary', 1, 'a'],
      g: ['gaugehistogram', 1, ''],
    });
  });

  it('should count a histogram and a summary that have no count', () => {
    const text = `# TYPE h histogram
h_bucket{a="x",le="1"} 1
h_bucket{a="x",le="+Inf"} 2
h_bucket{le="+Inf",a="y"} 2
# TYPE s summary
s{quantile="0.5",a="x"} 1
s{quantile="0.9",a="x"} 1
s{quantile="0.5",a="y"} 1
s{quantile="0.9",a="y"} 1
# TYPE g gaugehistogram
g_bucket{le="1"} 1
g_bucket{le="+Inf"} 1
# TYPE n histogram
n{a="x"} 1
# TYPE o summary
o{otel_metric_overflow="true",quantile="0.5"} 1`;
    expect(seriesOf(text)).to.deep.equal({
      h: ['histogram', 2, 'a'],
      s: ['summary', 2, 'a'],
      g: ['gaugehistogram', 1, ''],
      n: ['histogram', 1, 'a'],
      o: ['summary', 0, ''],
    });
  });

  it('should take the names of each format, and samples without a type', () => {
    const text = `# TYPE jobs counter
jobs_total{a="x"} 1
jobs_created{a="x"} 1.5
# TYPE old_total counter
old_total{b="x"} 1
# TYPE "my.metric" gauge
{"my.metric","a.b"="c"} 1
# TYPE build info
build_info{version="1"} 1
free_count 1
free_bucket{le="1"} 1
# EOF`;
    expect(seriesOf(text)).to.deep.equal({
      build: ['info', 1, 'version'],
      free_bucket: ['unknown', 1, 'le'],
      free_count: ['unknown', 1, ''],
      jobs: ['counter', 1, 'a'],
      'my.metric': ['gauge', 1, 'a.b'],
      old_total: ['counter', 1, 'b'],
    });
  });

  // One metric of each type, as its lines without that of its type, and some that only look like a part of another.
  const pod = fc.constantFrom('a', 'b', 'c');
  const block = (
    type: string,
    ...lines: ((pod: string) => string)[]
  ): fc.Arbitrary<readonly [string, string[]]> =>
    fc
      .array(pod, { maxLength: 4 })
      .map(
        pods =>
          [`# TYPE ${type}`, pods.flatMap(each => lines.map(line => `${line(`pod="${each}"`)} 1`))] as const,
      );
  const buckets = (name: string) =>
    ['1', '5', '+Inf'].map(le => (labels: string) => `${name}_bucket{le="${le}",${labels}}`);
  const quantiles = ['0.5', '0.9'].map(quantile => (labels: string) => `s{quantile="${quantile}",${labels}}`);
  const one = (name: string) => (labels: string) => `${name}{${labels}}`;
  const page = fc.tuple(
    fc.oneof(
      block('h histogram', ...buckets('h'), one('h_sum'), one('h_count')),
      block('h histogram', ...buckets('h')),
      block('h gaugehistogram', ...buckets('h'), one('h_gcount'), one('h_gsum')),
    ),
    fc.oneof(
      block('s summary', ...quantiles, one('s_sum'), one('s_count')),
      block('s summary', ...quantiles),
    ),
    fc.oneof(
      block('c counter', one('c_total'), one('c_created')),
      block('c counter', one('c'), one('c_total')),
    ),
    block('c_total gauge'),
    block('i info', one('i_info')),
    block('t_bucket untyped', one('t_bucket')),
    block('t_count gauge', one('t_count')),
  );

  it('should count the same wherever the type of a metric stands, and whatever is there twice', () => {
    fc.assert(
      fc.property(page, fc.infiniteStream(fc.nat()), (blocks, numbers) => {
        const wanted = blocks.filter(([type, lines]) => lines.length > 0 || type === 'c_total gauge');
        const before = [...wanted.map(([type]) => type), ...wanted.flatMap(([, lines]) => lines)];
        const moved = wanted.flatMap(([, lines]) => lines);
        for (const line of moved.slice()) if (numbers.next().value % 4 === 0) moved.push(line);
        for (const [type] of wanted) moved.splice(numbers.next().value % (moved.length + 1), 0, type);
        const sorted = (text: string): unknown => Object.entries(seriesOf(text)).sort();
        expect(sorted(moved.join('\n'))).to.deep.equal(sorted(before.join('\n')));
      }),
    );
  });

  it('should keep the parts of a histogram beside which another metric is called as its count', () => {
    const text = `# TYPE h histogram
# TYPE h_count gauge
h_count 1
h_bucket{le="+Inf",a="x"} 1
h_bucket{le="+Inf",a="y"} 1`;
    expect(seriesOf(text)).to.deep.equal({ h: ['histogram', 2, 'a'], h_count: ['gauge', 1, ''] });
  });

  it('should know a histogram whose type comes last', () => {
    const text = `h_bucket{a="x",le="1"} 1
h_bucket{a="x",le="+Inf"} 1
h_sum{a="x"} 1
h_count{a="x"} 1
s{quantile="0.5"} 1
s{quantile="0.9"} 1
# TYPE s summary
# TYPE h histogram`;
    expect(seriesOf(text)).to.deep.equal({ h: ['histogram', 1, 'a'], s: ['summary', 1, ''] });
  });

  it('should say that there is an overflow series, and count it not', () => {
    const [metric] = pageOf(`jobs{pod="a"} 1\njobs{otel_metric_overflow="true"} 9`).metrics(3);
    expect(metric).to.include({ series: 1, hasOverflow: true });
    expect(metric?.labels.map(({ key }) => key)).to.deep.equal(['pod']);
  });

  it('should show values as they are meant', () => {
    const [metric] = pageOf('jobs{a="x\\ny\\"\\\\"} 1').metrics(3);
    expect(metric?.labels[0]?.top).to.deep.equal([{ value: 'x\ny"\\', count: 1, atLeast: false }]);
  });

  it('should name a line that is none, and where it is', () => {
    expect(() => pageOf('up 1\n\n<html>\u001b[2J')).to.throw(
      'line 3 is no Prometheus text: expected the name of a metric: <html>\\u001b[2J',
    );
  });

  it('should refuse more metrics than anybody has', () => {
    const page = new PrometheusPage();
    expect(() => {
      for (let index = 0; index <= 100_000; index++) {
        const bytes = Buffer.from(`m${index} 1`);
        page.add(bytes, 0, bytes.length, index);
      }
    }).to.throw('more than 100000 metrics');
  });
});
