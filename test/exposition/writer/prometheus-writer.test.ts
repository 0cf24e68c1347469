import { diag } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import { textsOf } from '../../../lib/exposition/chunk-texts.js';
import { TEXT_FORMAT } from '../../../lib/exposition/negotiation/exposition-format.js';
import { PrometheusWriter } from '../../../lib/exposition/writer/prometheus-writer.js';
import type { Exposition } from '../../../lib/exposition/writer/prometheus-writer.js';
import { columnsOf } from '../../../lib/store/definition/columns.js';
import type {
  CollectedStream,
  HistogramValue,
  SeriesLabels,
  StreamDefinition,
} from '../../../lib/store/definition/stream.js';
import { referenceText } from '../reference-writer.js';
import { histogramOf, stream, verbatimStream } from '../streams.js';

describe('PrometheusWriter', () => {
  const textOf = async (exposition: Exposition): Promise<string> =>
    [...textsOf(await exposition.chunks(TEXT_FORMAT))].join('');
  const write = async (
    streams: readonly CollectedStream[],
    resourceAttributes: Attributes = {},
    writer = new PrometheusWriter(),
  ): Promise<string> => textOf(await writer.prepare(streams, { resourceAttributes }));

  it('should write nothing for nothing', async () => {
    expect(await write([])).to.equal('');
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
    const exposition = await new PrometheusWriter().prepare([
      stream({ name: 'many', kind: 'GAUGE' }, ...series),
    ]);
    const chunks = [...textsOf(await exposition.chunks(TEXT_FORMAT))];
    expect(chunks.length).to.be.greaterThan(10);
    expect(Math.max(...chunks.map(chunk => chunk.length))).to.be.at.most(65_536);
    expect(chunks.every(chunk => chunk.endsWith('\n'))).to.be.true;
    expect(chunks.join('').split('\n')).to.have.length(20_000 + 1 + 1);
  });

  it('should keep an iteration that is under way apart from a later collection', async () => {
    const writer = new PrometheusWriter();
    const [a, b, c] = [{ k: 'a' }, { k: 'b' }, { k: 'c' }];
    const first = await writer.prepare([stream({}, [a, 1], [b, 2])]);
    const expected = await textOf(first);
    const started = textsOf(await first.chunks(TEXT_FORMAT));
    const later = await write([stream({}, [c, 9], [b, 8])], {}, writer);
    expect([...started].join('')).to.equal(expected);
    expect(later)
      .to.contain('{k="b",otel_scope_name="test"} 8\n')
      .and.to.contain('{k="c",otel_scope_name="test"} 9\n');
  });

  it('should not mix up streams that share an attributes object', async () => {
    const none = Object.freeze({});
    const writer = new PrometheusWriter();
    const one = verbatimStream({ name: 'a', kind: 'GAUGE' }, [none, 1]);
    const two = verbatimStream({ name: 'b', kind: 'GAUGE' }, [none, 2]);
    await write([one], {}, writer);
    expect(await write([one, two], {}, writer)).to.equal('# TYPE a gauge\na 1\n# TYPE b gauge\nb 2\n');
  });

  it('should warn once per metric, not once per scrape', async () => {
    const warnings: string[] = [];
    const ignore = (): void => undefined;
    const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, warn: message => warnings.push(message) });
    try {
      const writer = new PrometheusWriter();
      const streams = [
        stream({ name: 'x', kind: 'GAUGE' }, [{}, 1]),
        stream({ name: 'x', kind: 'HISTOGRAM' }),
      ];
      for (let scrape = 0; scrape < 3; scrape++) await writer.prepare(streams);
    } finally {
      diag.disable();
    }
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('"x"');
  });

  describe('compared with the reference', () => {
    const someText = fc.oneof(
      fc.constantFrom(
        '',
        'a',
        'a"',
        'a}',
        'a\\',
        'a\n',
        'ä',
        '\u{10000}',
        '\uffff',
        '\ud800',
        '\u0000',
        '\ufeff',
      ),
      fc.string({ maxLength: 6, unit: 'binary' }),
    );
    const someKey = fc.oneof(
      fc.constantFrom('a', 'a.b', 'a_b', 'le', '', '1', '__name__', 'ä', 'otel_scope_name'),
      someText,
    );
    const someAttributes = fc.dictionary(
      someKey,
      fc.oneof(someText, fc.double(), fc.boolean(), fc.array(fc.string({ maxLength: 2 }), { maxLength: 2 })),
      { maxKeys: 4 },
    );
    const someNumber = fc.oneof(fc.double(), fc.nat(), fc.constantFrom(-0, 1e6, 2 ** 53));
    const boundarySets = [[], [1], [1, 2.5, 1e6], Array.from({ length: 40 }, (_, index) => index / 8)];
    const somePoints = (
      value: fc.Arbitrary<number | HistogramValue>,
    ): fc.Arbitrary<[Attributes, number | HistogramValue][]> =>
      fc.array(fc.tuple(someAttributes, value), { minLength: 1, maxLength: 30 });
    const someHistogram = (boundaries: readonly number[]): fc.Arbitrary<HistogramValue> =>
      fc
        .array(fc.double({ noNaN: true, min: -10, max: 10 }), { maxLength: 5 })
        .map(values => histogramOf(boundaries, values));
    const someStream = fc.oneof(
      fc
        .record({
          name: fc.constantFrom('a', 'b', 'b_total', 'c'),
          kind: fc.constantFrom('COUNTER', 'GAUGE', 'UP_DOWN_COUNTER'),
          description: fc.constantFrom('', 'Help', 'Two\nlines'),
          verbatim: fc.boolean(),
          scope: fc.constantFrom({ name: 's' }, { name: '' }, { name: 's', version: '1' }),
        })
        .chain(definition =>
          somePoints(someNumber).map(points => stream(definition as Partial<StreamDefinition>, ...points)),
        ),
      fc
        .record({
          name: fc.constantFrom('h', 'i'),
          kind: fc.constant('HISTOGRAM' as const),
          boundaries: fc.constantFrom(...boundarySets),
          verbatim: fc.boolean(),
        })
        .chain(definition =>
          somePoints(someHistogram(definition.boundaries)).map(points => stream(definition, ...points)),
        ),
    );

    it('should write the same bytes, whatever series there are', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(someStream, { minLength: 1, maxLength: 5 }), async streams => {
          expect(await write(streams)).to.equal(referenceText(streams));
        }),
        { numRuns: 300 },
      );
    });

    it('should write the same bytes after series came and went, and numbers changed', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(someText, { minLength: 1, maxLength: 40 }),
          fc.array(
            fc
              .infiniteStream(fc.double())
              .chain(numbers => fc.tuple(fc.constant(numbers), fc.array(fc.nat(39), { maxLength: 60 }))),
            { minLength: 2, maxLength: 6 },
          ),
          async (texts, collections) => {
            const writer = new PrometheusWriter();
            const all = texts.map(k => ({ attributes: Object.freeze({ k }) }));
            for (const [numbers, chosen] of collections) {
              const series = [...new Set(chosen.map(index => all[index % all.length] ?? { attributes: {} }))];
              if (series.length === 0) continue;
              const { definition, temporality } = stream({ name: 'a' });
              const points = columnsOf(
                definition,
                series.map(labels => ({
                  series: labels,
                  startUnixMillis: 0,
                  value: numbers.next().value as number,
                })),
              );
              const streams = [{ definition, temporality, points }];
              expect(await write(streams, {}, writer)).to.equal(referenceText(streams));
            }
          },
        ),
        { numRuns: 200 },
      );
    });

    it('should write the same bytes for many series of which a few come and go each time', async () => {
      const writer = new PrometheusWriter();
      const { definition, temporality } = stream({ name: 'many' });
      let next = 0;
      const make = (): SeriesLabels => ({ attributes: { id: `${(next++ * 7919) % 100_003}` } });
      let series = Array.from({ length: 6000 }, make);
      for (let round = 0; round < 8; round++) {
        const points = columnsOf(
          definition,
          series.map((labels, index) => ({ series: labels, startUnixMillis: 0, value: index / 8 + round })),
        );
        const streams = [{ definition, temporality, points }];
        expect(await write(streams, {}, writer)).to.equal(referenceText(streams));
        series = series.flatMap((labels, index) => {
          if (index % 997 === round) return [];
          return index % 991 === 0 || (round === 3 && index < 500) ? [make(), labels] : [labels];
        });
        if (round === 5) series = series.slice(2000);
        if (round === 6) series.reverse();
      }
    });

    it('should write labels, help and lines that are longer than a chunk, in parts', async () => {
      const long = (unit: string): string => unit.repeat(100_000);
      const boundaries = Array.from({ length: 5000 }, (_, index) => index);
      const streams = [
        stream({ name: 'a', description: long('help ä ') }, [{ k: long('ä') }, 1.5], [{ k: 'x' }, 2]),
        stream({ name: 'b', kind: 'HISTOGRAM', boundaries: [1, 2] }, [
          { k: long('"') },
          histogramOf([1, 2], [1, 5]),
        ]),
        stream(
          { name: 'c', kind: 'HISTOGRAM', boundaries },
          [{ k: 'z' }, histogramOf(boundaries, [1, 5, 9999])],
          [{}, histogramOf(boundaries, [])],
        ),
        stream(
          { name: 'd', kind: 'HISTOGRAM', boundaries: boundaries.slice(0, 900) },
          ...'xyz'
            .split('')
            .map(k => [{ k: k.repeat(300) }, histogramOf(boundaries.slice(0, 900), [7])] as const),
        ),
      ];
      expect(await write(streams)).to.equal(referenceText(streams));
    });

    it('should write the same bytes when several are read by turns', async () => {
      const boundaries = [1, 2, 3];
      const many = (name: string): CollectedStream =>
        stream(
          { name, kind: 'HISTOGRAM', boundaries },
          ...Array.from(
            { length: 2000 },
            (_, index) => [{ index }, histogramOf(boundaries, [index / 700])] as const,
          ),
        );
      const all = await Promise.all(
        ['x', 'yy', 'zzz'].map(async name => {
          const exposition = await new PrometheusWriter().prepare([many(name)]);
          return { streams: [many(name)], chunks: await exposition.chunks(TEXT_FORMAT) };
        }),
      );
      const open = all.map(({ streams, chunks }) => ({ streams, text: '', texts: textsOf(chunks) }));
      for (let isOpen = true; isOpen;) {
        isOpen = false;
        for (const reading of open) {
          const { value, done } = reading.texts.next();
          reading.text += value ?? '';
          isOpen ||= done !== true;
        }
      }
      for (const { streams, text } of open) expect(text).to.equal(referenceText(streams));
    });
  });
});
