import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import type { MetricStoreError } from '../../lib/errors.js';
import { cardinalityLimitedView, limitViews } from '../../lib/otel/cardinality-limited-view.js';
import {
  checkRuleCount,
  checkRules,
  readLabelPolicies,
  type LabelPolicy,
} from '../../lib/otel/label-policy.js';
import { CustomMetrics } from '../../lib/index.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { toStoreViews } from '../../lib/otel/view.js';

const read = (policy: unknown): unknown => readLabelPolicies({ pod: policy as LabelPolicy });

/** What is refused, and what the message must say: the name, the bound, the value. */
const REFUSED: readonly [policy: unknown, ...words: string[]][] = [
  [undefined, 'labels["pod"]', 'an object', 'undefined'],
  [[], 'labels["pod"]', 'an object'],
  [{}, 'labels["pod"]', '{ drop: true }', '{ map }', '{ allow }', '{ maxValues }', 'no rule'],
  [{ overflowValue: 'x' }, '{ maxValues }', 'overflowValue'],
  [{ drop: false }, '{ drop: true }', 'drop'],
  [{ drop: true, maxValues: 3 }, '{ drop: true }', 'drop, maxValues'],
  [{ drop: true, overflowValue: 'x' }, '{ drop: true }', 'drop, overflowValue'],
  [{ map: 'x' }, 'labels["pod"].map', 'a function', '"x"'],
  [{ allow: [] }, 'labels["pod"].allow', '1 to 10000', '[]'],
  [{ allow: 'GET' }, 'labels["pod"].allow', 'a list', '"GET"'],
  [{ allow: ['GET', 1] }, 'labels["pod"].allow', 'texts or regular expressions'],
  [{ allow: Array.from({ length: 10_001 }, String) }, 'labels["pod"].allow', '10000', 'a list of 10001'],
  [{ maxValues: 0 }, 'labels["pod"].maxValues', 'from 1 to 10000', '0'],
  [{ maxValues: 10_001 }, 'labels["pod"].maxValues', 'from 1 to 10000', '10001'],
  [{ maxValues: 1.5 }, 'labels["pod"].maxValues', 'whole', '1.5'],
  [{ maxValues: '3' }, 'labels["pod"].maxValues', 'whole', '"3"'],
  [{ maxValues: 3, overflowValue: '' }, 'labels["pod"].overflowValue', 'of 1 to', '""'],
  [{ maxValues: 3, overflowValue: 7 }, 'labels["pod"].overflowValue', 'a string', '7'],
  [{ maxValues: 3, choose: 'first' }, 'labels["pod"]', '"choose"'],
  [{ maxvalues: 3 }, 'labels["pod"]', '"maxvalues"', 'did you mean "maxValues"'],
];

describe('readLabelPolicies', () => {
  for (const [policy, ...words] of REFUSED)
    it(`should refuse a policy that is ${JSON.stringify(policy)?.slice(0, 60)}, and say why`, () => {
      const error = thrownBy(() => read(policy));
      expect(error.code).to.equal('INVALID_OPTION');
      for (const word of words) expect(error.message).to.include(word);
    });

  for (const labels of [[], 'pod', 3, null])
    it(`should refuse labels that are ${JSON.stringify(labels)}`, () => {
      expect(thrownBy(() => readLabelPolicies(labels as never)).message).to.include(
        'labels must be an object',
      );
    });

  it('should refuse labels that would be taken for none: a Map, a promise', () => {
    const labels = { pod: { maxValues: 3 } };
    for (const given of [new Map(Object.entries(labels)), Promise.resolve(labels), new Set(['pod'])])
      expect(thrownBy(() => readLabelPolicies(given as never)).message).to.include(
        'labels must be an object with properties of its own',
      );
    expect(thrownBy(() => read(new Map([['maxValues', 3]]))).message).to.include('labels["pod"]');
    expect(readLabelPolicies({})).to.deep.equal([]);
  });

  it('should refuse options of a View that there are not', () => {
    for (const key of ['windowMillis', 'dryRun'])
      expect(
        thrownBy(() => cardinalityLimitedView({ instrumentName: 'c', limit: 1, [key]: 1000 })).message,
      ).to.include(key);
  });

  it('should read each policy once, in the order of names, with what flags mean once for all', () => {
    const map = (value: string): string => value;
    const policies = {
      pod: { maxValues: 3 },
      m: { map, allow: ['GET', /^x/giy], overflowValue: '?' },
      a: { drop: true },
    };
    expect(readLabelPolicies(policies as never)).to.deep.equal([
      { label: 'a', drop: true, overflowValue: '_OTHER' },
      { label: 'm', map, allow: ['GET', { source: '^x', flags: 'i' }], overflowValue: '?' },
      { label: 'pod', maxValues: 3, overflowValue: '_OTHER' },
    ]);
    expect(readLabelPolicies(undefined)).to.deep.equal([]);
    expect(readLabelPolicies({})).to.deep.equal([]);
  });

  it('should say that a getter failed, whatever it throws', () => {
    const hostile = Object.defineProperty({}, 'maxValues', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(thrownBy(() => read(hostile)).code).to.equal('INVALID_OPTION');
  });

  it('should refuse a regular expression that nobody can make again', () => {
    const allow = [Object.defineProperty(/a/, 'source', { value: '(' })];
    expect(thrownBy(() => read({ allow })).code).to.equal('INVALID_OPTION');
  });
});

describe('checkRuleCount', () => {
  it('should refuse more than 16 policies in one View', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, { drop: true } as const]));
    expect(readLabelPolicies(many(16))).to.have.lengthOf(16);
    expect(thrownBy(() => readLabelPolicies(many(17))).message).to.match(/at most 16 policies, got 17/);
    expect(checkRuleCount(readLabelPolicies({ b: { drop: true }, a: { drop: true } }))[0]?.label).to.equal(
      'a',
    );
  });
});

describe('checkRules', () => {
  it('should refuse what a store would cut, or has no room for', () => {
    const rules = readLabelPolicies({ pod: { maxValues: 3, overflowValue: 'x'.repeat(40) } });
    expect(() => checkRules('view 0', rules, 40)).not.to.throw();
    expect(thrownBy(() => checkRules('view 0', rules, 39)).message).to.include('maxLabelValueLength');
    const views = [
      cardinalityLimitedView({
        instrumentName: 'c',
        limit: 1,
        labels: { a: { maxValues: 6 }, b: { maxValues: 5 } },
      }),
    ];
    expect(thrownBy(() => createStore({ views, maxSeries: 10 })).message).to.match(/maxSeries.*11/);
    expect(() => createStore({ views, maxSeries: 11 })).not.to.throw();
  });
});

describe('a time to live of a View', () => {
  const ttlsOf = (views: readonly ViewOptions[]): unknown[] =>
    toStoreViews(views, { maxBoundaries: 9, maxLabelValueLength: 99 }).map(({ ttlMillis }) => ttlMillis);
  const view = (seriesTtlMillis?: number): ViewOptions =>
    cardinalityLimitedView({
      ...{ instrumentName: 'c', limit: 9 },
      ...(seriesTtlMillis !== undefined && { seriesTtlMillis }),
    });

  it('should go along when limits are merged, and give way to a later one', () => {
    const limit = { instrumentName: 'c', limit: 5 };
    expect(ttlsOf([view(), view(0), view(7)])).to.deep.equal([undefined, 0, 7]);
    expect(ttlsOf(limitViews([view(7)], [limit]))).to.deep.equal([7]);
    expect(ttlsOf(limitViews([view(7)], [{ ...limit, seriesTtlMillis: 0 }]))).to.deep.equal([0]);
  });

  for (const bad of [-1, 1.5, NaN, '1', null])
    it(`should not be ${String(bad)}`, () => {
      expect(thrownBy(() => view(bad as number)).message).to.include('seriesTtlMillis');
    });

  it('should win over that of the store, for instruments and for custom metrics', async () => {
    let time = 1e12;
    const views = ['soon', 'argo_workflows_soon'].map(instrumentName =>
      cardinalityLimitedView({ instrumentName, limit: 9, seriesTtlMillis: 1000 }),
    );
    views.push(cardinalityLimitedView({ instrumentName: 'never', limit: 9, seriesTtlMillis: 0 }));
    const store = createStore({ views, seriesTtlMillis: 10_000, clock: { now: () => time } });
    for (const name of ['soon', 'later', 'never']) store.getMeter('m').createCounter(name).add(1);
    new CustomMetrics({ store })
      .compile({ prometheus: [{ name: 'soon', help: 'h', labels: [], counter: { value: '1' } }] })
      .emit({ variables: {} }, { owner: 'o' });
    const names = async (): Promise<unknown[]> => {
      const { resourceMetrics } = await store.metricProducer().collect();
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) =>
          metrics.flatMap(({ descriptor, dataPoints }) => (dataPoints.length > 0 ? [descriptor.name] : [])),
        )
        .sort();
    };
    expect(await names()).to.deep.equal(['argo_workflows_soon', 'later', 'never', 'soon']);
    time += 1000;
    await names();
    expect(await names()).to.deep.equal(['later', 'never']);
    time += 1e9;
    await names();
    expect(await names()).to.deep.equal(['never']);
    await store.shutdown();
  });
});

describe('limitViews with policies', () => {
  it('should give way to a TTL of metricsConfig, of all metrics or of one', async () => {
    let time = 1e12;
    const names = ['all', 'one', 'view'];
    const views = names.map(name =>
      cardinalityLimitedView({
        ...{
          instrumentName: `argo_workflows_${name}`,
          limit: 9,
          seriesTtlMillis: name === 'view' ? 1000 : 0,
        },
      }),
    );
    const store = createStore({ views, clock: { now: () => time } });
    const emit = (name: string, metricsConfig?: object): void => {
      new CustomMetrics({ store, ...(metricsConfig !== undefined && { metricsConfig }) })
        .compile({ prometheus: [{ name, help: 'h', labels: [], counter: { value: '1' } }] })
        .emit({ variables: {} }, { owner: 'o' });
    };
    emit('all', { metricsTTL: '3s' });
    emit('one', { modifiers: { one: { ttl: '3s' } } });
    emit('view');
    const shown = async (): Promise<number> => {
      await store.metricProducer().collect();
      const { resourceMetrics } = await store.metricProducer().collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ dataPoints }) => dataPoints as readonly unknown[]),
      ).length;
    };
    const seen = [];
    for (const millis of [0, 1000, 2000]) {
      time += millis;
      seen.push(await shown());
    }
    expect(seen).to.deep.equal([3, 2, 0]);
    await store.shutdown();
  });

  it('should put policies of one selector together, and explain two for one label', async () => {
    const limited = cardinalityLimitedView({ instrumentName: 'c', limit: 9, labels: { a: { drop: true } } });
    const [view] = limitViews(
      [limited],
      [{ instrumentName: 'c', limit: 5, labels: { b: { allow: ['x'] } } }],
    );
    const store = createStore({ views: [view!] });
    store.getMeter('m').createCounter('c').add(1, { a: 'a', b: 'b', c: 'c' });
    const { resourceMetrics } = await store.metricProducer().collect();
    expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.attributes).to.deep.equal({
      b: '_OTHER',
      c: 'c',
    });
    await store.shutdown();
    const again = (): unknown =>
      limitViews([limited], [{ instrumentName: 'c', limit: 5, labels: { a: { allow: ['x'] } } }]);
    expect(thrownBy(again).message).to.include('"a"');
  });
});

function thrownBy(act: () => unknown): MetricStoreError {
  try {
    act();
  } catch (error) {
    return error as MetricStoreError;
  }
  throw new Error('nothing was thrown');
}
