// Goal: a stream with policies has the series that a plain reading of the rules gives, through the cache and beside it,
// whatever comes in which order; and removing takes only what was meant.
import { diag, type Attributes } from '@opentelemetry/api';
import type { SumMetricData } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  cardinalityLimitedView,
  createStore,
  type LabelPolicy,
  type MetricStore,
} from '../../../lib/index.js';
import { LabelPolicies, LabelPolicy as Policy } from '../../../lib/store/record/label-policies.js';
import { RuledLabel } from '../../../lib/store/record/ruled-label.js';
import { captureWarnings } from '../../faults/warnings.js';

type Labels = Record<string, LabelPolicy>;

function storeWith(labels: Labels, options: Parameters<typeof createStore>[0] = {}): MetricStore {
  const views = [cardinalityLimitedView({ instrumentName: 'c*', limit: 1000, labels })];
  return createStore({ maxBytes: 2 ** 23, shared: false, views, ...options });
}

async function pointsOf(store: MetricStore): Promise<Record<string, number>> {
  const { resourceMetrics } = await store.metricProducer().collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics) as SumMetricData[];
  const points = metrics.flatMap(({ dataPoints }) => dataPoints);
  return Object.fromEntries(points.map(({ attributes, value }) => [keyOf(attributes), value]));
}

/** A list whose item is another one from the second, third, … time on that it is read. */
function changing(times: number, first: string, then: string): string[] {
  let reads = 0;
  return Object.defineProperty([''], 0, { get: () => (reads++ <= times % 4 ? first : then) });
}

/** Whatever the order of its labels. */
function keyOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same rules, read plainly. */
class Reference {
  readonly points: Record<string, number> = {};
  readonly #labels: Labels;
  readonly #values = new Map<string, Set<unknown>>();

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  add(value: number, attributes: Attributes): void {
    const decided: Attributes = {};
    for (const [label, given] of Object.entries(attributes)) {
      const after = this.#after(label, given);
      if (after !== undefined) decided[label] = after as string;
    }
    const key = keyOf(decided);
    this.points[key] = (this.points[key] ?? 0) + value;
  }

  #after(label: string, given: unknown): unknown {
    const { drop, map, allow, maxValues, overflowValue = '_OTHER' } = this.#labels[label] ?? {};
    if (drop === true) return undefined;
    if (given === overflowValue) return given;
    let value = map === undefined ? given : map(String(given));
    if (
      allow !== undefined &&
      !allow.some(each => (typeof each === 'string' ? each === String(value) : each.test(String(value))))
    )
      value = overflowValue;
    if (maxValues === undefined || value === overflowValue) return value;
    const values = this.#values.get(label) ?? new Set();
    this.#values.set(label, values);
    if (!values.has(value) && values.size >= maxValues) return overflowValue;
    values.add(value);
    return value;
  }
}

const VALUES = ['', 'a', 'aa', 'aaa', 'ab', 'b', 'bb', '_OTHER', 'x', 0, 1, '1', true, 'true', NaN];
const LABELS = ['k', 'l', 'm'];

const policy: fc.Arbitrary<LabelPolicy> = fc.oneof(
  fc.constant({ drop: true } as const),
  fc
    .record(
      {
        // None of them stays with what it made.
        map: fc.constantFrom<(value: string) => string>(
          value => value.slice(1),
          value => `${value}a`.slice(-2),
          value => (value === 'a' ? 'b' : value === 'b' ? 'a' : value),
        ),
        allow: fc.subarray<string | RegExp>(['a', 'aa', 'b', '1', /^x/, /b$/], { minLength: 1 }),
        maxValues: fc.integer({ min: 1, max: 4 }),
      },
      { requiredKeys: [] },
    )
    .filter(rules => Object.keys(rules).length > 0),
);

describe('policies of labels', () => {
  let warnings: string[] = [];
  beforeEach(() => void (warnings = captureWarnings()));
  afterEach(() => diag.disable());

  it('should be what a plain reading of the rules gives, whatever comes, with any room for what is remembered', async () => {
    const labels = fc.dictionary(fc.constantFrom(...LABELS), policy, { minKeys: 1 });
    const set = fc.dictionary(fc.constantFrom(...LABELS, 'z'), fc.constantFrom(...VALUES));
    const records = fc.array(fc.tuple(set, fc.constantFrom('add', 'bind')), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(
        labels,
        records,
        fc.constantFrom(0, 1, 5, 1000),
        async (given, sets, handleCacheSize) => {
          const store = storeWith(given, { handleCacheSize });
          const counter = store.getMeter('m').createCounter('c');
          const reference = new Reference(given);
          for (const [attributes, way] of [...sets, ...sets]) {
            if (way === 'add') counter.add(1, attributes);
            else counter.bind(attributes).add(1);
            reference.add(1, attributes);
          }
          expect(await pointsOf(store)).to.deep.equal(reference.points);
          expect(store.statistics().series).to.equal(Object.keys(reference.points).length);
          await store.shutdown();
        },
      ),
      { numRuns: 150 },
    );
    expect(warnings).to.deep.equal([]);
  });

  it('should give NaN a place as any other value, also to a bound handle', async () => {
    for (const handleCacheSize of [0, 1000]) {
      const store = storeWith({ k: { maxValues: 1 } }, { handleCacheSize });
      const counter = store.getMeter('m').createCounter('c');
      for (let times = 0; times < 2; times++) {
        counter.bind({ k: NaN }).add(1);
        counter.add(1, { k: NaN });
        counter.bind({ k: 'other' }).add(1);
      }
      expect(await pointsOf(store)).to.deep.equal({ '[["k",null]]': 4, '[["k","_OTHER"]]': 2 });
    }
  });

  it('should not take a value for one that a map made', async () => {
    const store = storeWith({ k: { map: value => value.slice(1) } });
    const counter = store.getMeter('m').createCounter('c');
    for (let n = 0; n < 4; n++) for (const k of ['aab', 'ab', 'b']) counter.add(1, { k });
    expect(await pointsOf(store)).to.deep.equal({ '[["k","ab"]]': 4, '[["k","b"]]': 4, '[["k",""]]': 4 });
  });

  it('should decide constant attributes too, and what a processor leaves', async () => {
    const views = [
      cardinalityLimitedView({
        ...{ instrumentName: 'c', limit: 10, labels: { host: { allow: ['h1'] }, k: { allow: ['A'] } } },
        attributesProcessors: [
          { process: ({ k, ...others }) => ({ ...others, k: String(k).toUpperCase() }) },
        ],
      }),
      cardinalityLimitedView({ instrumentName: 'd', limit: 10, labels: { host: { drop: true } } }),
    ];
    const store = createStore({ maxBytes: 2 ** 22, views, attributes: { host: 'h2' } });
    for (let n = 0; n < 3; n++)
      for (const name of ['c', 'd']) store.getMeter('m').createCounter(name).add(1, { k: 'a' });
    expect(await pointsOf(store)).to.deep.equal({ '[["host","_OTHER"],["k","A"]]': 3, '[["k","a"]]': 3 });
    await store.shutdown();
  });

  it('should add up observations that become one', async () => {
    const store = storeWith({ k: { maxValues: 2 } });
    store
      .getMeter('m')
      .createObservableCounter('c')
      .addCallback(result => {
        for (const k of ['a', 'b', 'c', 'd']) result.observe(5, { k });
      });
    for (let round = 0; round < 2; round++)
      expect(await pointsOf(store)).to.deep.equal({
        '[["k","a"]]': 5,
        '[["k","b"]]': 5,
        '[["k","_OTHER"]]': 10,
      });
    await store.shutdown();
  });

  it('should give a value its place again for a series that comes again', async () => {
    let now = 0;
    const store = storeWith({ k: { maxValues: 1 } }, { seriesTtlMillis: 10, clock: { now: () => now } });
    const counter = store.getMeter('m').createCounter('c');
    const bound = counter.bind({ k: 'a' });
    for (let round = 1; round < 5; round++) {
      bound.add(1);
      counter.add(1, { k: 'a' });
      counter.add(1, { k: 'b' });
      expect(await pointsOf(store)).to.deep.equal({ '[["k","a"]]': 2, '[["k","_OTHER"]]': 1 });
      for (let collections = 0; collections < 5; collections++) {
        now += 100;
        await pointsOf(store);
      }
      expect(await pointsOf(store), 'expired').to.deep.equal({});
    }
    await store.shutdown();
  });

  it('should remove what has the value, and never what stands for many', async () => {
    const store = storeWith({ k: { maxValues: 1 }, m: { allow: ['x'] }, d: { drop: true } });
    const counter = store.getMeter('m').createCounter('c');
    for (const k of ['a', 'b']) for (const m of ['x', 'y']) counter.add(1, { k, m, d: k });
    for (const meant of [
      { k: 'b', m: 'x' },
      { k: 'a', m: 'y' },
      { k: 'q', m: 'x' },
    ])
      expect(counter.remove(meant), JSON.stringify(meant)).to.equal(false);
    expect(counter.remove({ k: 'a', m: 'x', d: 'whatever' })).to.equal(true);
    expect(counter.remove({ k: '_OTHER', m: '_OTHER' })).to.equal(true);
    expect(Object.keys(await pointsOf(store))).to.have.members([
      '[["k","a"],["m","_OTHER"]]',
      '[["k","_OTHER"],["m","x"]]',
    ]);
    await store.shutdown();
  });

  it('should let in what it decided, also of a list that reads otherwise each time', async () => {
    const store = storeWith({ pod: { maxValues: 1 }, zone: { allow: ['["in"]'] } });
    const counter = store.getMeter('m').createCounter('c');
    for (let record = 0; record < 20; record++)
      counter.add(1, {
        pod: changing(record, 'first', `late${record}`),
        zone: changing(record >> 2, 'in', 'out'),
      });
    const sets = Object.keys(await pointsOf(store)).map(key =>
      Object.fromEntries(JSON.parse(key) as [string, unknown][]),
    );
    expect(new Set(sets.map(({ pod }) => String(pod))).size).to.be.at.most(2);
    expect(['in', '_OTHER']).to.include.members(sets.map(({ zone }) => String(zone)));
    await store.shutdown();
  });

  it('should let no value in where the store has no room for the places, and say so', async () => {
    const store = storeWith({ k: { maxValues: 1 } }, { maxStreams: 1 });
    const counter = store.getMeter('m').createCounter('c');
    for (let n = 0; n < 5; n++) counter.add(1, { k: `v${n}` });
    expect(await pointsOf(store)).to.deep.equal({ '[["k","_OTHER"]]': 5 });
    expect(warnings.join()).to.include('the label k of c').and.include('maxStreams');
    await store.shutdown();
  });
});

describe('LabelPolicies', () => {
  it('should put a value that was mapped beside those that come as they are', () => {
    const rule = { label: 'k', overflowValue: '_OTHER', map: (value: string) => value.slice(0, 1) };
    const policy = new Policy(new RuledLabel(rule, { maxLabelValueLength: 99, onFault: () => {} }));
    const policies = new LabelPolicies([policy]);
    const decided = policies.decide(
      new Map<string, unknown>([
        ['k', 'abc'],
        ['z', 1],
      ]),
    );
    expect([...decided]).to.deep.equal([
      ['k', 'a'],
      ['z', 1],
    ]);
    // It would stay as it is.
    expect([
      ...policies
        .pathOf(
          new Map<string, unknown>([
            ['k', 'abc'],
            ['z', 1],
          ]),
          decided,
        )
        .keys(),
    ]).to.deep.equal(['k', 'z']);
    const other = new Policy(
      new RuledLabel({ ...rule, map: value => `${value}!` }, { maxLabelValueLength: 99, onFault: () => {} }),
    );
    expect(other.nameOf('a!')).to.equal(other.mappedName);
  });
});
