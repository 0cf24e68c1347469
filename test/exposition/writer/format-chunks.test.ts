import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  TEXT_FORMAT,
  UTF8_TEXT_FORMAT,
  openMetricsFormat,
  protobufFormat,
} from '../../../lib/exposition/negotiation/exposition-format.js';
import { PrometheusWriter } from '../../../lib/exposition/writer/prometheus-writer.js';
import { columnsOf } from '../../../lib/store/definition/columns.js';
import type {
  CollectedStream,
  HistogramValue,
  InstrumentKind,
} from '../../../lib/store/definition/stream.js';
import { parsePrometheusText } from '../../support/prometheus-parser.js';
import { bytesOf, readOpenMetrics, readProtobuf, readText, textOf } from '../read-formats.js';
import type { ReadBack } from '../read-formats.js';
import { histogramOf, stream, verbatimStream } from '../streams.js';

const OPEN_METRICS = openMetricsFormat('1.0.0', false, false);
const PROTOBUF = protobufFormat(false);

const openMetricsOf = async (
  streams: readonly CollectedStream[],
  created = false,
  resourceAttributes: Attributes = {},
): Promise<string> =>
  textOf(
    await new PrometheusWriter().prepare(streams, { resourceAttributes }),
    openMetricsFormat('1.0.0', false, created),
  );

/** The same streams, each series with a start of its own. */
function started(streams: readonly CollectedStream[]): CollectedStream[] {
  let start = 1_764_196_800_123;
  return streams.map(one => ({
    ...one,
    points: { ...one.points, starts: one.points.starts.map(() => (start += 1001)) },
  }));
}

describe('OpenMetrics', () => {
  it('should be written as its specification says', async () => {
    const boundaries = [0.05, 1, 30, 1e6];
    const streams = [
      stream(
        { name: 'jobs', description: 'Jobs "done"\n\\', unit: 'By', scope: { name: '' } },
        [{ k: 'a"\n\\' }, 3],
        [{}, 1.5],
      ),
      stream({ name: 'age', kind: 'GAUGE', scope: { name: '' } }, [{}, NaN]),
      stream({ name: 'took', kind: 'HISTOGRAM', boundaries, unit: 's', scope: { name: '' } }, [
        {},
        histogramOf(boundaries, [0.01, 40]),
      ]),
      verbatimStream({ name: 'argo_jobs' }, [{ phase: 'Failed' }, 2]),
    ];
    expect(await openMetricsOf(streams, false, { 'service.name': 'demo' })).to.equal(
      [
        '# TYPE target info',
        '# HELP target Target metadata',
        'target_info{service_name="demo"} 1',
        '# TYPE age gauge',
        'age NaN',
        '# TYPE argo_jobs unknown',
        'argo_jobs{phase="Failed"} 2',
        '# TYPE jobs_bytes counter',
        '# UNIT jobs_bytes bytes',
        '# HELP jobs_bytes Jobs \\"done\\"\\n\\\\',
        'jobs_bytes_total 1.5',
        'jobs_bytes_total{k="a\\"\\n\\\\"} 3',
        '# TYPE took_seconds histogram',
        '# UNIT took_seconds seconds',
        'took_seconds_bucket{le="0.05"} 1',
        'took_seconds_bucket{le="1.0"} 1',
        'took_seconds_bucket{le="30.0"} 1',
        'took_seconds_bucket{le="1e+06"} 2',
        'took_seconds_bucket{le="+Inf"} 2',
        'took_seconds_sum 40.01',
        'took_seconds_count 2',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('should tell since when, where that is wanted', async () => {
    const streams = started([
      stream({ name: 'jobs', scope: { name: '' } }, [{ k: 'a' }, 3], [{ k: 'b' }, 4]),
      stream({ name: 'h', kind: 'HISTOGRAM', scope: { name: '' } }, [{}, histogramOf([], [1])]),
      stream({ name: 'age', kind: 'GAUGE', scope: { name: '' } }, [{}, 1]),
      verbatimStream({ name: 'argo_jobs' }, [{}, 2]),
    ]);
    const text = await openMetricsOf(streams, true);
    expect(text).to.contain('jobs_total{k="a"} 3\njobs_created{k="a"} 1764196801.124\njobs_total{k="b"} 4\n');
    expect(text).to.contain('h_sum 1\nh_count 1\nh_created 1764196803.126\n');
    expect(text.match(/_created/g)).to.have.length(3);
    expect([...readOpenMetrics(text).created.values()]).to.have.members([
      1_764_196_801_124, 1_764_196_802_125, 1_764_196_803_126,
    ]);
    expect(await openMetricsOf(streams, false)).not.to.contain('_created');
  });

  it('should leave the resource a gauge where its name is taken, and say what has no place', async () => {
    const gauge = verbatimStream({ name: 'target', kind: 'GAUGE' }, [{}, 5]);
    const text = await openMetricsOf([gauge], false, { a: '1' });
    expect(text).to.contain('# TYPE target_info gauge\n').and.to.contain('# TYPE target gauge\ntarget 5\n');
    const clash = [
      verbatimStream({ name: 'h', kind: 'HISTOGRAM' }, [{}, histogramOf([], [1])]),
      verbatimStream({ name: 'h_created', kind: 'GAUGE' }, [{}, 5]),
    ];
    expect([...readOpenMetrics(await openMetricsOf(clash)).families.keys()]).to.deep.equal(['h']);
  });

  it('should have no sum below negative bounds', async () => {
    const below = stream({ name: 'h', kind: 'HISTOGRAM', boundaries: [-1, 1], scope: { name: '' } }, [
      {},
      histogramOf([-1, 1], [-5, 0]),
    ]);
    expect(await openMetricsOf([below])).to.equal(
      '# TYPE h histogram\nh_bucket{le="-1.0"} 1\nh_bucket{le="1.0"} 2\nh_bucket{le="+Inf"} 2\n# EOF\n',
    );
  });

  it('should say that it is over, where there is nothing', async () => {
    expect(await openMetricsOf([])).to.equal('# EOF\n');
  });
});

const KINDS: readonly InstrumentKind[] = ['COUNTER', 'UP_DOWN_COUNTER', 'OBSERVABLE_GAUGE', 'HISTOGRAM'];
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[a-c_.:"\\\n=,{}2 ]{0,8}$/),
  fc.constantFrom(
    'le',
    '__name__',
    'otel.scope.name',
    'x'.repeat(130),
    'a\0b',
    '\0',
    '',
    'total',
    '_total',
    '.total',
    '_created',
  ),
);
const attributes = fc.dictionary(
  hostile,
  fc.oneof(hostile, fc.integer(), fc.boolean(), fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 })),
  { maxKeys: 4 },
) as fc.Arbitrary<Attributes>;
const boundaries = fc
  .uniqueArray(
    fc.oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, noNaN: true }), fc.constant(Infinity)),
    {
      maxLength: 5,
      // Zeros of either sign are one bound.
      selector: bound => bound + 0,
    },
  )
  .map(bounds => bounds.map(bound => bound + 0).sort((a, b) => a - b));
const counts = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 45 }));

function pointsOf(kind: InstrumentKind, bounds: readonly number[]): fc.Arbitrary<number | HistogramValue> {
  if (kind === 'COUNTER') return fc.double({ min: 0, noNaN: true });
  if (kind !== 'HISTOGRAM') return fc.double();
  const isLastEmpty = bounds.at(-1) === Infinity;
  return fc
    .record({
      counts: fc.array(counts, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
      sum: fc.double({ min: 0, noNaN: true }),
    })
    .map(({ counts: all, sum }) => {
      if (isLastEmpty) all[all.length - 1] = 0;
      return { count: all.reduce((total, one) => total + one, 0), sum, min: 0, max: 1, counts: all };
    });
}

const streamArbitrary = fc
  .record({
    name: hostile,
    kind: fc.constantFrom(...KINDS),
    unit: fc.constantFrom('', 's', '1', 'By'),
    description: fc.oneof(fc.constant(''), hostile),
    verbatim: fc.boolean(),
    scope: fc.constantFrom({ name: '' }, { name: 'a"\n' }, { name: 's', version: '1' }),
    boundaries,
  })
  .chain(({ boundaries: bounds, ...definition }) =>
    fc
      .array(fc.tuple(attributes, pointsOf(definition.kind, bounds), fc.nat(4e12)), {
        minLength: 1,
        maxLength: 5,
      })
      .map(points => {
        const one = stream({
          ...definition,
          boundaries: definition.kind === 'HISTOGRAM' ? bounds : [],
        });
        const collected = points.map(([own, value, startUnixMillis]) => ({
          series: { attributes: own },
          startUnixMillis,
          value,
        }));
        return { ...one, points: columnsOf(one.definition, collected) };
      }),
  );

describe('formats of one collection', () => {
  const equal = (one: ReadBack, other: ReadBack, what: string): void => {
    expect(new Map([...other.families].sort()), what).to.deep.equal(new Map([...one.families].sort()));
    expect(other.samples.size, what).to.equal(one.samples.size);
    // Key by key: an assertion about all of them at once takes its time.
    const unequal = [...one.samples].filter(([key, value]) => {
      const found = other.samples.get(key);
      return found === undefined || !Object.is(found + 0, value + 0);
    });
    expect(unequal, what).to.deep.equal([]);
  };
  /** Files a family under what it would have been told as; what OpenMetrics leaves out is checked where it is made. */
  const isWhole = (exposition: ReadBack): boolean =>
    ![...exposition.families].some(([name]) => name.endsWith('_created'));

  it('should be read back as the same series', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(streamArbitrary, { maxLength: 5 }),
        attributes,
        async (streams, resourceAttributes) => {
          const exposition = await new PrometheusWriter().prepare(streams, { resourceAttributes });
          for (const utf8Names of [false, true]) {
            const text = readText(
              await textOf(exposition, utf8Names ? UTF8_TEXT_FORMAT : TEXT_FORMAT),
              utf8Names,
            );
            const protobuf = readProtobuf(await bytesOf(exposition, protobufFormat(utf8Names)));
            equal(text, protobuf, 'protobuf');
            for (const created of [false, true]) {
              const format = openMetricsFormat('1.0.0', utf8Names, created);
              const openMetrics = readOpenMetrics(await textOf(exposition, format), utf8Names);
              if (isWhole(text)) equal(text, openMetrics, 'OpenMetrics');
              for (const [key, millis] of openMetrics.created)
                expect(protobuf.created.get(key) ?? 0, key).to.equal(millis);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('should have one series where a server sees one: labels without values are none', async () => {
    const some = fc.dictionary(fc.stringMatching(/^[a-c][.a-c]?$/), fc.constantFrom('', '', 'x', '1'), {
      maxKeys: 3,
    });
    const sets = fc.uniqueArray(some, {
      selector: set => JSON.stringify(Object.entries(set).sort()),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(sets, fc.boolean(), async (all, isVerbatim) => {
        const whole = all.filter(set => !isVerbatim || !Object.values(set).includes(''));
        const points = whole.map((set): [Attributes, number] => [set, 1]);
        const make = isVerbatim ? verbatimStream : stream;
        const exposition = await new PrometheusWriter().prepare([make({ name: 'm' }, ...points)]);
        for (const format of [TEXT_FORMAT, UTF8_TEXT_FORMAT]) {
          const families = parsePrometheusText(await textOf(exposition, format), { utf8Names: true });
          const samples = families.get(isVerbatim ? 'm' : 'm_total')?.samples ?? [];
          const seen = samples.map(({ labels }) =>
            JSON.stringify(
              Object.entries(labels)
                .filter(([, value]) => value !== '')
                .sort(),
            ),
          );
          expect(new Set(seen).size).to.equal(seen.length);
          expect(samples.reduce((total, { value }) => total + value, 0)).to.equal(whole.length);
        }
      }),
    );
    const declared = verbatimStream({ name: 'argo_said' }, [{ word: '' }, 1]);
    const text = await textOf(await new PrometheusWriter().prepare([declared]), TEXT_FORMAT);
    expect(text, 'as it was declared').to.contain('argo_said{word=""} 1\n');
  });

  it('should be read back as the same series across the borders of chunks and blocks', async () => {
    const bounds = Array.from({ length: 12 }, (_, index) => 2 ** index / 100);
    const many = started([
      stream(
        { name: 'many', kind: 'HISTOGRAM', boundaries: bounds },
        ...Array.from({ length: 1200 }, (_, index): [Attributes, HistogramValue] => [
          { 'pod.name': `pod-${index}`, long: 'x'.repeat(index % 300) },
          histogramOf(bounds, [index / 100, 5]),
        ]),
      ),
      stream(
        { name: 'sums' },
        ...Array.from({ length: 3000 }, (_, index): [Attributes, number] => [{ index }, index / 4]),
      ),
    ]);
    const exposition = await new PrometheusWriter().prepare(many);
    const text = readText(await textOf(exposition, TEXT_FORMAT));
    const chunks: number[] = [];
    for (const chunk of await exposition.chunks(PROTOBUF)) chunks.push(chunk.length);
    expect(chunks.length).to.be.greaterThan(3);
    expect(Math.max(...chunks)).to.be.at.most(65_536);
    const protobuf = readProtobuf(await bytesOf(exposition, PROTOBUF));
    expect(protobuf.samples.size).to.equal(1200 * 15 + 3000);
    expect(protobuf.created.size).to.equal(4200);
    equal(text, protobuf, 'protobuf');
    equal(text, readOpenMetrics(await textOf(exposition, OPEN_METRICS)), 'OpenMetrics');
  });

  it('should be read back as the same series where one is longer than a chunk', async () => {
    const bounds = Array.from({ length: 9000 }, (_, index) => index);
    const streams = started([
      stream({ name: 'wide', kind: 'HISTOGRAM', boundaries: bounds }, [
        { a: 1 },
        histogramOf(bounds, [1, 8000]),
      ]),
      stream({ name: 'labels' }, [{ a: '1' }, 1], [{ b: 'ä"'.repeat(200_000) }, 2], [{ c: '3' }, 3]),
      stream(
        { name: 'long', kind: 'HISTOGRAM', boundaries: [1] },
        ...Array.from({ length: 5 }, (_, index): [Attributes, HistogramValue] => [
          { key: `${index}${'y'.repeat(30_000)}` },
          histogramOf([1], [index]),
        ]),
      ),
      stream(
        {
          name: 'widest',
          kind: 'HISTOGRAM',
          boundaries: Array.from({ length: 20_600 }, (_, index) => index),
        },
        [
          {},
          histogramOf(
            Array.from({ length: 20_600 }, (_, index) => index),
            [3],
          ),
        ],
      ),
    ]);
    const exposition = await new PrometheusWriter().prepare(streams);
    const text = readText(await textOf(exposition, TEXT_FORMAT));
    const protobuf = readProtobuf(await bytesOf(exposition, PROTOBUF));
    equal(text, protobuf, 'protobuf');
    expect(protobuf.created.size).to.equal(10);
    equal(text, readOpenMetrics(await textOf(exposition, OPEN_METRICS)), 'OpenMetrics');
  });

  it('should hold what numbers there can be', async () => {
    const values = [0, -0, 5e-324, 1e308, Infinity, -Infinity, NaN, 2 ** 53, 0.1];
    const histogram = { count: 2 ** 60, sum: Infinity, min: 0, max: 0, counts: [2 ** 59, 2 ** 59] };
    const streams = [
      stream(
        { name: 'g', kind: 'GAUGE' },
        ...values.map((value, index): [Attributes, number] => [{ index }, value]),
      ),
      stream({ name: 'h', kind: 'HISTOGRAM', boundaries: [1] }, [{}, histogram]),
      stream({ name: 'empty', kind: 'HISTOGRAM', boundaries: [1] }, [{}, histogramOf([1], [])]),
    ];
    const exposition = await new PrometheusWriter().prepare(streams);
    const text = readText(await textOf(exposition, TEXT_FORMAT));
    const protobuf = readProtobuf(await bytesOf(exposition, PROTOBUF));
    // Both zeros are 0 in text.
    const withoutSign = new Map([...protobuf.samples].map(([key, value]) => [key, value + 0]));
    equal(text, { ...protobuf, samples: withoutSign }, 'protobuf');
    expect(protobuf.created.size, 'nothing began in 1970').to.equal(0);
  });
});
