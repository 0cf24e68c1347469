import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { ResourceMetrics, SumMetricData, ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { cardinalityLimitedView, limitViews } from '../../lib/otel/cardinality-limited-view.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';

/** A real provider, and what its one metric has: attributes as text, and value. */
function hostWith(views: ViewOptions[]): {
  provider: MeterProvider;
  points: () => Promise<[string, number][]>;
} {
  const store = createStore({ maxBytes: 4 * 1024 * 1024, shared: false });
  const reader = new DoubleBufferedMetricReader({ store });
  const provider = new MeterProvider({ views, readers: [reader] });
  return { provider, points: async () => pointsOf((await reader.collect()).resourceMetrics) };
}

function pointsOf({ scopeMetrics }: ResourceMetrics): [string, number][] {
  const metrics = scopeMetrics.flatMap(scope => scope.metrics) as SumMetricData[];
  const points = metrics.flatMap(({ dataPoints }) => dataPoints);
  return points.map(({ attributes, value }) => [JSON.stringify(attributes), value]);
}

const OVERFLOW = '{"otel.metric.overflow":true}';

describe('cardinalityLimitedView', () => {
  it('B01 B02 B33: on a MeterProvider exactly the limit, across collections, and known series go on', async () => {
    const { provider, points } = hostWith([cardinalityLimitedView({ instrumentName: 'c', limit: 2 })]);
    const counter = provider.getMeter('m').createCounter('c');
    counter.add(1, { k: 'a' });
    counter.add(1, { k: 'b' });
    expect(await points()).to.deep.equal([
      ['{"k":"a"}', 1],
      ['{"k":"b"}', 1],
    ]);
    for (const k of ['x', 'y', 'z', 'a']) counter.add(1, { k });
    expect(await points()).to.have.deep.members([
      ['{"k":"a"}', 2],
      ['{"k":"b"}', 1],
      [OVERFLOW, 3],
    ]);
  });

  it('B06 B07 B37: neither a changed object, nor a bad value, nor a failing processor gets into add()', async () => {
    const failing = {
      process: (): never => {
        throw new Error('no');
      },
    };
    const { provider, points } = hostWith([
      cardinalityLimitedView({ instrumentName: 'c', limit: 5 }),
      cardinalityLimitedView({ instrumentName: 'd', limit: 5, attributesProcessors: [failing] }),
    ]);
    const counter = provider.getMeter('m').createCounter('c');
    const attributes = { k: 'a' };
    counter.add(1, attributes);
    attributes.k = 'b';
    counter.add(1, { k: 1n } as never);
    provider.getMeter('m').createCounter('d').add(4, { k: 'a' });
    expect(await points()).to.have.deep.members([
      ['{"k":"a"}', 1],
      ['{}', 1],
      [OVERFLOW, 4],
    ]);
  });

  it('limits each stream of a store, also with a wildcard, and runs the given processors', async () => {
    const upper = { process: ({ k }: { k?: unknown }) => ({ k: String(k).toUpperCase() }) };
    const view = cardinalityLimitedView({ instrumentName: 'c*', limit: 1, attributesProcessors: [upper] });
    const store = createStore({ maxBytes: 4 * 1024 * 1024, views: [view] });
    const reader = new DoubleBufferedMetricReader({ store });
    for (const name of ['c1', 'c2']) {
      const counter = store.getMeter('m').createCounter(name);
      for (const k of ['a', 'b', 'A']) counter.add(1, { k });
    }
    const points = pointsOf((await reader.collect()).resourceMetrics);
    const ofEach = [
      ['{"k":"A"}', 2],
      [OVERFLOW, 1],
    ];
    expect(points).to.have.deep.members([...ofEach, ...ofEach]);
  });

  it("refuses a wildcard on a MeterProvider, unless scope: 'view' says that sharing is meant", async () => {
    const options = { instrumentName: 'c*', limit: 1 };
    expect(() => new MeterProvider({ views: [cardinalityLimitedView(options)] })).to.throw(/INVALID_OPTION/);
    const { provider, points } = hostWith([cardinalityLimitedView({ ...options, scope: 'view' })]);
    provider.getMeter('m').createCounter('c1').add(1, { k: 'a' });
    provider.getMeter('m').createCounter('c2').add(1, { k: 'b' });
    expect(await points()).to.have.deep.members([
      ['{"k":"a"}', 1],
      [OVERFLOW, 1],
    ]);
  });

  it('B03: leaves observable instruments of a MeterProvider alone', async () => {
    const { provider, points } = hostWith([cardinalityLimitedView({ instrumentName: 'g', limit: 1 })]);
    const gauge = provider.getMeter('m').createObservableGauge('g');
    gauge.addCallback(result => ['a', 'b'].forEach((k, i) => result.observe(i, { k })));
    expect(await points()).to.have.deep.members([
      ['{"k":"a"}', 0],
      ['{"k":"b"}', 1],
    ]);
  });

  for (const bad of [
    { instrumentName: '*', limit: 5 },
    { limit: 5 },
    { instrumentName: 'c', limit: 0 },
    { instrumentName: 'c', limit: 1.5 },
    { instrumentName: 'c', limit: 5, label: {} } as { limit: number },
    { instrumentName: 'c', limit: 5, scope: 'provider' as 'view' },
  ])
    it(`refuses ${JSON.stringify(bad)}`, () => {
      expect(() => cardinalityLimitedView(bad)).to.throw(/INVALID_OPTION/);
    });
});

describe('limitViews', () => {
  it('B38: merges a limit into the View with the same selector, so that nothing counts twice', async () => {
    const views = limitViews([{ instrumentName: 'c', name: 'renamed' }], [{ instrumentName: 'C', limit: 1 }]);
    expect(
      views.map(({ name, aggregationCardinalityLimit }) => [name, aggregationCardinalityLimit]),
    ).to.deep.equal([['renamed', 3]]);
    const { provider, points } = hostWith(
      limitViews([{ instrumentName: 'c' }], [{ instrumentName: 'c', limit: 1 }]),
    );
    provider.getMeter('m').createCounter('c').add(1, { k: 'a' });
    expect(await points()).to.deep.equal([['{"k":"a"}', 1]]);
  });

  it('adds a View where none has the selector, and refuses one that may overlap', () => {
    expect(limitViews([{ instrumentName: 'a*' }], [{ instrumentName: 'b', limit: 1 }])).to.have.lengthOf(2);
    expect(() => limitViews([{ instrumentName: 'a*' }], [{ instrumentName: 'ab', limit: 1 }])).to.throw(
      /twice/,
    );
  });
});
