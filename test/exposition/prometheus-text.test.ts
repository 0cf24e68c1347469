import { diag } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { PrometheusText } from '../../lib/exposition/prometheus-text.js';
import type { CollectedStream } from '../../lib/store/definition/stream.js';
import { histogramOf, stream, verbatimStream } from './streams.js';

describe('PrometheusText', () => {
  const write = async (
    streams: readonly CollectedStream[],
    resourceAttributes: Attributes = {},
    text = new PrometheusText(),
  ): Promise<string> => [...(await text.prepare(streams, { resourceAttributes }))()].join('');

  it('should write nothing for nothing', async () => {
    const chunks = await new PrometheusText().prepare([]);
    expect([...chunks()]).to.deep.equal([]);
  });

  it('should write verbatim streams as Argo does', async () => {
    const boundaries = [0.05, 30];
    const streams = [
      verbatimStream(
        { name: 'argo_workflows_task_total', description: 'Tasks by template and status' },
        [{ template: 'b', status: 'Failed' }, 3],
        [{ status: 'Failed', template: 'a' }, 1],
      ),
      verbatimStream(
        {
          name: 'argo_workflows_task_seconds',
          kind: 'HISTOGRAM',
          boundaries,
          description: 'Task durations',
          unit: 's',
        },
        [{ template: 'a' }, histogramOf(boundaries, [0.01, 40])],
      ),
      verbatimStream({ name: 'argo_workflows_age', kind: 'GAUGE', description: 'Two\nlines' }, [{}, 7.5]),
    ];
    expect(await write(streams)).to.equal(
      [
        '# HELP argo_workflows_age Two\\nlines',
        '# TYPE argo_workflows_age gauge',
        'argo_workflows_age 7.5',
        '# HELP argo_workflows_task_seconds Task durations',
        '# TYPE argo_workflows_task_seconds histogram',
        'argo_workflows_task_seconds_bucket{template="a",le="0.05"} 1',
        'argo_workflows_task_seconds_bucket{template="a",le="30"} 1',
        'argo_workflows_task_seconds_bucket{template="a",le="+Inf"} 2',
        'argo_workflows_task_seconds_sum{template="a"} 40.01',
        'argo_workflows_task_seconds_count{template="a"} 2',
        '# HELP argo_workflows_task_total Tasks by template and status',
        '# TYPE argo_workflows_task_total counter',
        'argo_workflows_task_total{status="Failed",template="a"} 1',
        'argo_workflows_task_total{status="Failed",template="b"} 3',
        '',
      ].join('\n'),
    );
  });

  it('should write other streams by the rules of OpenTelemetry', async () => {
    const scope = { name: 'http', version: '1.0' };
    const streams = [
      stream({ scope, name: 'http.requests', unit: '{request}' }, [{ 'http.route': '/a' }, 5]),
      stream({ scope, name: 'queue', kind: 'UP_DOWN_COUNTER', unit: 'By' }, [{}, -3]),
    ];
    expect(await write(streams)).to.equal(
      [
        '# TYPE http_requests_total counter',
        'http_requests_total{http_route="/a",otel_scope_name="http",otel_scope_version="1.0"} 5',
        '# TYPE queue_bytes gauge',
        'queue_bytes{otel_scope_name="http",otel_scope_version="1.0"} -3',
        '',
      ].join('\n'),
    );
  });

  it('should announce the resource as target_info, at its place in the order', async () => {
    const streams = [stream({ name: 'a' }, [{}, 1]), verbatimStream({ name: 'z' }, [{}, 1])];
    const lines = (await write(streams, { 'service.name': 'demo' })).split('\n');
    expect(lines.slice(2, 5)).to.deep.equal([
      '# HELP target_info Target metadata',
      '# TYPE target_info gauge',
      'target_info{service_name="demo"} 1',
    ]);
    expect(await write([], { 'service.name': 'demo' })).to.contain('target_info{service_name="demo"} 1\n');
  });

  it('should write equal data as equal bytes, whatever order they come in', async () => {
    const series = [...'hgfedcba'].map(k => [{ k }, 1] as const);
    const one = [stream({ name: 'a' }, ...series), stream({ name: 'b', kind: 'GAUGE' }, ...series)];
    const other = [
      stream({ name: 'b', kind: 'GAUGE' }, ...series.toReversed()),
      stream({ name: 'a' }, ...series.toReversed()),
    ];
    expect(await write(other)).to.equal(await write(one));
  });

  it('should write one HELP and TYPE for a name that several scopes use', async () => {
    const streams = ['one', 'two'].map(name =>
      stream({ scope: { name }, name: 'jobs', description: 'Jobs' }, [{ k: 'a' }, 1], [{ k: 'b' }, 2]),
    );
    expect(await write(streams)).to.equal(
      [
        '# HELP jobs_total Jobs',
        '# TYPE jobs_total counter',
        'jobs_total{k="a",otel_scope_name="one"} 1',
        'jobs_total{k="a",otel_scope_name="two"} 1',
        'jobs_total{k="b",otel_scope_name="one"} 2',
        'jobs_total{k="b",otel_scope_name="two"} 2',
        '',
      ].join('\n'),
    );
  });

  it('should give out chunks of bounded length that cut no line', async () => {
    const series = Array.from({ length: 20_000 }, (_, index) => [{ index }, index] as const);
    const prepared = await new PrometheusText().prepare([stream({ name: 'many', kind: 'GAUGE' }, ...series)]);
    const chunks = [...prepared()];
    expect(chunks.length).to.be.greaterThan(10);
    expect(Math.max(...chunks.map(chunk => chunk.length))).to.be.lessThan(66_000);
    expect(chunks.every(chunk => chunk.endsWith('\n'))).to.be.true;
    expect(chunks.join('').split('\n')).to.have.length(20_000 + 1 + 1);
  });

  it('should keep an iteration that is under way apart from a later collection', async () => {
    const text = new PrometheusText();
    const [a, b, c] = [{ k: 'a' }, { k: 'b' }, { k: 'c' }];
    const first = await text.prepare([stream({}, [a, 1], [b, 2])]);
    const expected = [...first()].join('');
    const started = first();
    const later = await write([stream({}, [c, 9], [b, 8])], {}, text);
    expect([...started].join('')).to.equal(expected);
    expect(later)
      .to.contain('{k="b",otel_scope_name="test"} 8\n')
      .and.to.contain('{k="c",otel_scope_name="test"} 9\n');
  });

  it('should not mix up streams that share an attributes object', async () => {
    const none = Object.freeze({});
    const text = new PrometheusText();
    const one = verbatimStream({ name: 'a', kind: 'GAUGE' }, [none, 1]);
    const two = verbatimStream({ name: 'b', kind: 'GAUGE' }, [none, 2]);
    await write([one], {}, text);
    expect(await write([one, two], {}, text)).to.equal('# TYPE a gauge\na 1\n# TYPE b gauge\nb 2\n');
  });

  it('should warn once per metric, not once per scrape', async () => {
    const warnings: string[] = [];
    const ignore = (): void => undefined;
    const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, warn: message => warnings.push(message) });
    try {
      const text = new PrometheusText();
      const streams = [
        stream({ name: 'x', kind: 'GAUGE' }, [{}, 1]),
        stream({ name: 'x', kind: 'HISTOGRAM' }),
      ];
      for (let scrape = 0; scrape < 3; scrape++) await text.prepare(streams);
    } finally {
      diag.disable();
    }
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('"x"');
  });
});
