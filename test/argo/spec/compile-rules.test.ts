// Every rule for a `metrics` object that can be decided without emitting: what breaks it, and what is said where.
import { expect } from 'chai';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { metricsOf } from '../custom-store.js';

const counter = { name: 'm', help: 'M', counter: { value: '1' } };
const gauge = (fields: object): object => ({ name: 'm', help: 'M', gauge: fields });
const histogram = (fields: object): object => ({ name: 'm', help: 'M', histogram: fields });
const labelled = (...labels: unknown[]): object => ({ ...counter, labels });

type Rule = readonly [rule: string, metrics: readonly unknown[], ...said: string[]];

const NAME_MESSAGE = "metric name is invalid: names may only contain alphanumeric characters or '_'";
const BUCKET_MESSAGE = 'buckets must be finite numbers, without quotes';

const RULES: readonly Rule[] = [
  ['a metric is an object', [5], 'error SPEC_INVALID [0]: a metric must be an object'],
  [
    'a name has letters, digits and _',
    [{ ...counter, name: 'a.b' }],
    `error NAME_INVALID [0].name: ${NAME_MESSAGE}`,
  ],
  ['a name has no colon', [{ ...counter, name: 'a:b' }], `error NAME_INVALID [0].name: ${NAME_MESSAGE}`],
  [
    'there is a help',
    [{ ...counter, help: '' }],
    "error HELP_MISSING [0].help: metric 'm' must contain a help string under 'help: ' field",
  ],
  ['a help is a text', [{ ...counter, help: {} }], 'error SPEC_INVALID [0].help: must be a text'],
  [
    'labels are a list',
    [{ ...counter, labels: { a: 'b' } }],
    'error SPEC_INVALID [0].labels: labels must be a list of key and value',
  ],
  [
    'a label is an object',
    [labelled('a')],
    'error SPEC_INVALID [0].labels[0]: a label must have a key and a value',
  ],
  [
    'a list of labels has no holes',
    [{ ...counter, labels: new Array(1) }],
    'error SPEC_INVALID [0].labels[0]: a label must have a key and a value',
  ],
  [
    'a key has letters, digits and _',
    [labelled({ key: 'a.b', value: '1' })],
    "error LABEL_INVALID [0].labels[0].key: metric label 'a.b' is invalid: keys may only contain alphanumeric characters or '_'",
  ],
  [
    'a key is given once',
    [labelled({ key: 'a', value: '1' }, { key: 'a', value: '2' })],
    "warning LABEL_DUPLICATED [0].labels[1]: label 'a' is given twice, the last one counts",
  ],
  [
    '__name__ is the name of the metric',
    [labelled({ key: '__name__', value: '1' })],
    "error LABEL_RESERVED [0].labels[0].key: label '__name__' is reserved: Prometheus keeps the name of the metric in it",
  ],
  [
    'other keys with __ are internal',
    [labelled({ key: '__a', value: '1' })],
    "warning LABEL_RESERVED [0].labels[0].key: label '__a' is reserved: Prometheus drops labels that begin with '__'",
  ],
  [
    'le is for histograms',
    [labelled({ key: 'le', value: '1' })],
    "warning LABEL_RESERVED [0].labels[0].key: label 'le' is reserved for the bounds of histogram buckets",
  ],
  [
    'le is not for their labels',
    [{ ...histogram({ value: '1' }), labels: [{ key: 'le', value: '1' }] }],
    "error LABEL_INVALID [0].labels[0].key: a histogram cannot have a label 'le': its buckets have it",
  ],
  [
    'a metric has a type',
    [{ name: 'm', help: 'M' }],
    "error METRIC_TYPE_MISSING [0]: could not construct metric 'm': invalid metric spec",
  ],
  [
    'a metric has one type',
    [{ ...counter, gauge: { value: '1' } }],
    'warning METRIC_TYPE_AMBIGUOUS [0].counter: only gauge counts of gauge, counter',
  ],
  [
    'the others have values all the same',
    [{ ...gauge({ value: '1' }), counter: {} }],
    'warning METRIC_TYPE_AMBIGUOUS [0].counter: only gauge counts of gauge, counter',
    'warning VALUE_MISSING [0].counter.value: missing counter.value',
  ],
  [
    'a type is an object',
    [{ ...counter, counter: '1' }],
    'error SPEC_INVALID [0].counter: counter must be an object',
  ],
  [
    'a gauge has a value',
    [gauge({ realtime: false })],
    'error VALUE_MISSING [0].gauge.value: missing gauge.value',
  ],
  [
    'a counter has a value',
    [{ ...counter, counter: {} }],
    'error VALUE_MISSING [0].counter.value: missing counter.value',
  ],
  [
    'a histogram has a value',
    [histogram({ value: '' })],
    'error VALUE_MISSING [0].histogram.value: missing histogram.value',
  ],
  [
    'a value is a number',
    [gauge({ value: ' 5' })],
    'error VALUE_INVALID [0].gauge.value: could not construct metric \'m\': strconv.ParseFloat: parsing " 5": invalid syntax',
  ],
  [
    'a value fits into 64 bits',
    [gauge({ value: '1e999' })],
    'error VALUE_INVALID [0].gauge.value: could not construct metric \'m\': strconv.ParseFloat: parsing "1e999": value out of range',
  ],
  ...['-1', 'NaN', 'Inf'].map((value): Rule => [
    `a counter does not grow by ${value}`,
    [{ ...counter, counter: { value } }],
    `error COUNTER_VALUE_INVALID [0].counter.value: counter 'm' cannot be increased by ${value === 'Inf' ? 'Infinity' : value}`,
  ]),
  [
    'a histogram counts numbers',
    [histogram({ value: 'nan' })],
    "error HISTOGRAM_VALUE_INVALID [0].histogram.value: histogram 'm' cannot count NaN",
  ],
  [
    'operations are Set, Add and Sub',
    [gauge({ value: '1', operation: 'Mul' })],
    'warning OPERATION_UNKNOWN [0].gauge.operation: unknown operation "Mul", taken as Set',
  ],
  [
    'realtime is a boolean',
    [gauge({ value: '1', realtime: 'true' })],
    'error SPEC_INVALID [0].gauge.realtime: realtime must be true or false, without quotes',
  ],
  [
    'realtime gauges show one variable',
    [gauge({ value: '5', realtime: true })],
    'error REALTIME_VALUE_INVALID [0].gauge.value: real time metrics can only be used with metric variables',
  ],
  [
    'realtime gauges show no used resources',
    [gauge({ value: '{{resourcesDuration.cpu}}', realtime: true })],
    "error REALTIME_VALUE_INVALID [0].gauge.value: 'resourcesDuration.*' metrics cannot be used in real-time",
  ],
  [
    'realtime gauges show no more than one',
    [gauge({ value: '{{duration}}/{{workflow.duration}}', realtime: true })],
    "error REALTIME_VARIABLE_UNKNOWN [0].gauge.value: 'duration}}/{{workflow.duration' is not available as a real time metric",
  ],
  [
    'realtime gauges are set',
    [gauge({ value: '{{duration}}', realtime: true, operation: 'Add' })],
    'warning OPERATION_IGNORED [0].gauge.operation: operation Add has no effect on a realtime gauge',
  ],
  [
    'buckets are a list',
    [histogram({ value: '1', buckets: 5 })],
    'error BUCKETS_INVALID [0].histogram.buckets: buckets must be a list of numbers',
  ],
  [
    'buckets have no quotes',
    [histogram({ value: '1', buckets: [1, '2'] })],
    `error BUCKETS_INVALID [0].histogram.buckets[1]: ${BUCKET_MESSAGE}`,
  ],
  [
    'buckets are finite',
    [histogram({ value: '1', buckets: [1, Infinity] })],
    `error BUCKETS_INVALID [0].histogram.buckets[1]: ${BUCKET_MESSAGE}`,
  ],
  [
    'buckets ascend',
    [histogram({ value: '1', buckets: [2, 1] })],
    "error BUCKETS_INVALID [0].histogram.buckets[1]: could not construct metric 'm': explicit bucket histogram: non-monotonic boundaries: [2 1]",
  ],
  [
    'buckets differ',
    [histogram({ value: '1', buckets: [1, 2, 2] })],
    "error BUCKETS_INVALID [0].histogram.buckets[2]: could not construct metric 'm': explicit bucket histogram: non-monotonic boundaries: [1 2 2]",
  ],
  [
    'when can be read',
    [{ ...counter, when: 'a ==' }],
    "error WHEN_INVALID [0].when: unable to compute 'when' clause for metric 'm': Invalid 'when' expression 'a ==': Unexpected end of expression",
  ],
  [
    'when can be read whatever its tags are',
    [{ ...counter, when: '{{status}} ==' }],
    "error WHEN_INVALID [0].when: unable to compute 'when' clause for metric 'm': Invalid 'when' expression 'x ==': Unexpected end of expression",
  ],
  [
    'tags end',
    [{ ...counter, help: 'a {{b' }],
    'error TAG_UNCLOSED [0].help: Cannot find end tag="}}" in the template="a {{b" starting from "b"',
  ],
  [
    'tags with the prefixes of Argo are its variables',
    [labelled({ key: 'a', value: '{{workflow.nmae}}' })],
    'warning TAG_UNKNOWN [0].labels[0].value: failed to resolve {{workflow.nmae}}',
  ],
  [
    'fields are known',
    [{ ...counter, lables: [] }],
    "warning FIELD_UNKNOWN [0].lables: unknown field 'lables' has no effect",
  ],
  [
    'a help does not change',
    [counter, { ...counter, help: 'N' }],
    "error HELP_CONFLICT [1].help: could not construct metric 'm': help for metric m is already set to M, it cannot be changed",
  ],
  [
    'a type does not change',
    [counter, gauge({ value: '1' })],
    "error TYPE_CONFLICT [1].gauge: could not construct metric 'm': found existing counter for custom metric m of type Gauge",
  ],
  [
    'keys do not change',
    [counter, labelled({ key: 'a', value: '1' })],
    'warning LABELS_DIFFER [1].labels: labels of metric m are [a] here and [] there',
  ],
  [
    'buckets do not change',
    [histogram({ value: '1', buckets: [1, 2] }), histogram({ value: '1', buckets: [1, 3] })],
    'warning BUCKETS_DIFFER [1].histogram.buckets: buckets of metric m are [1, 2]; [1, 3] has no effect',
  ],
  [
    'a value of a gauge is short for the CRDs',
    [gauge({ value: `{{a}}${'0'.repeat(252)}` })],
    'warning CRD_VIOLATED [0].gauge.value: Too long: may not be more than 256 bytes',
  ],
  [
    'a name has no tags for the CRDs',
    [{ ...counter, name: 'a_{{b}}' }],
    'warning CRD_VIOLATED [0].name: Invalid value: "a_{{b}}": should match \'^[a-zA-Z_][a-zA-Z0-9_]*$\'',
  ],
];

function said(metrics: readonly unknown[]): string[] {
  return compileMetrics(metricsOf(...metrics), '').diagnostics.map(
    ({ code, severity, path, message }) =>
      `${severity} ${code} ${path.replace('prometheus', '')}: ${message}`,
  );
}

describe('the rules of a metrics object', () => {
  it('should have nothing to say of good ones', () => {
    expect(
      said([counter, { ...histogram({ value: '{{duration}}', buckets: [1, 2] }), name: 'h' }]),
    ).to.deep.equal([]);
    expect(said([counter, { ...counter, when: '{{status}} == Failed && {{a}} != 1' }])).to.deep.equal([]);
  });

  for (const [rule, metrics, ...expected] of RULES)
    it(`should see that ${rule}`, () => expect(said(metrics)).to.deep.equal(expected));

  it('should warn of more metrics than the CRDs allow', () => {
    const metrics = Array.from({ length: 101 }, (_, index) => ({ ...counter, name: `m${index}` }));
    expect(said(metrics)).to.deep.equal([
      'warning CRD_VIOLATED : Too many: 101: must have at most 100 items',
    ]);
  });

  it('should name the place of the metric that came first', () => {
    const { diagnostics } = compileMetrics(metricsOf(counter, { ...counter, help: 'N' }), 'spec.metrics');
    expect(diagnostics[0]?.hint).to.equal('The first one is at spec.metrics.prometheus[0].');
  });
});

describe('hostile metrics objects', () => {
  const codes = (metrics: unknown): string[] => [
    ...new Set(compileMetrics(metrics, 'p').diagnostics.map(({ code }) => code)),
  ];
  const thrower = new Proxy(
    {},
    {
      get: () => {
        throw new Error('get');
      },
      ownKeys: () => {
        throw new Error('keys');
      },
    },
  );

  it('should say that an object throws, and compile the others', () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const getter = {
      ...counter,
      get labels() {
        throw new Error('labels');
      },
    };
    const { metrics, diagnostics } = compileMetrics(metricsOf(thrower, getter, counter), 'p');
    expect(metrics.map(({ path }) => path)).to.deep.equal(['p.prometheus[2]']);
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      'SPEC_INVALID p.prometheus[0]',
      'SPEC_INVALID p.prometheus[1]',
    ]);
    for (const metrics of [thrower, proxy, { prometheus: proxy }])
      expect(codes(metrics)).to.deep.equal(['SPEC_INVALID']);
  });

  it('should take no endless list', () => {
    expect(codes({ prometheus: new Array(4e9) })).to.deep.equal([
      'SPEC_TOO_LARGE',
      'SPEC_INVALID',
      'LIMIT_EXCEEDED',
    ]);
    expect(codes(metricsOf({ ...counter, labels: new Array(4e9) }))).to.deep.equal(['SPEC_TOO_LARGE']);
    expect(codes(metricsOf(histogram({ value: '1', buckets: new Array(4e9) })))).to.deep.equal([
      'SPEC_TOO_LARGE',
    ]);
  });

  it('should take what leads back to itself, and what is very long', () => {
    const circular: Record<string, unknown> = { ...counter };
    circular['labels'] = circular['help'] = circular;
    expect(codes(metricsOf(circular))).to.deep.equal(['SPEC_INVALID']);
    const { diagnostics } = compileMetrics(
      metricsOf({ ...counter, name: '-'.repeat(5e6), help: '{{'.repeat(2e6) }),
      '',
    );
    expect(Math.max(...diagnostics.map(({ message }) => message.length))).to.be.below(3000);
  });

  it('should compile a manifest of five megabytes', () => {
    const list = Array.from({ length: 40_000 }, (_, index) => ({
      ...counter,
      name: `metric_${index}`,
      labels: [{ key: 'status', value: '{{status}}' }],
      when: '{{status}} == Failed',
    }));
    expect(JSON.stringify(list).length).to.be.greaterThan(5e6);
    expect(compileMetrics(metricsOf(...list), '').metrics).to.have.length(40_000);
  });
});
