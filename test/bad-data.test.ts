// Goal: bad data never throws out of a record, is counted by cause, and takes no other record along.
import { diag, DiagLogLevel, type Attributes, type DiagLogger } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore } from '../lib/index.js';

function capture(): string[] {
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const warn = (...words: unknown[]): void => void warnings.push(words.join(' '));
  const logger: DiagLogger = { error: ignore, warn, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return warnings;
}

describe('bad data', () => {
  afterEach(() => diag.disable());

  it('should be counted by cause, said once, and never throw', async () => {
    const warnings = capture();
    const store = createStore();
    const meter = store.getMeter('bad');
    const counter = meter.createCounter('c');
    const bound = counter.bind({});
    const histogram = meter.createHistogram('h');
    for (const value of [NaN, '5', 5n, undefined, {}] as unknown[] as number[]) {
      counter.add(value);
      bound.add(value);
      histogram.record(value);
      meter.createUpDownCounter('u').add(value);
    }
    for (const value of [-1, Infinity, -Infinity]) counter.add(value);
    meter.createUpDownCounter('u').add(Infinity);
    for (const value of [Infinity, -Infinity, -5]) histogram.record(value);
    bound.add(2);
    const { resourceMetrics } = await store.metricProducer().collect();
    const [c, h] = resourceMetrics.scopeMetrics[0]?.metrics ?? [];
    expect(c?.dataPoints.map(({ value }) => value)).to.deep.equal([2]);
    expect((h?.dataPoints[0]?.value as { count: number }).count).to.equal(1);
    expect(store.statistics().refused).to.include({ notANumber: 20, negative: 4, notFinite: 2 });
    expect(warnings.filter(text => text.includes('instead of a number'))).to.have.length(1);
    await store.shutdown();
  });

  it('should be left out of labels, and the record be kept', async () => {
    capture();
    const store = createStore({ maxLabelValueLength: 100 });
    const counter = store.getMeter('bad').createCounter('c');
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const getter = Object.defineProperty({ ok: 1 }, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    const bad: unknown[] = [
      null,
      circular,
      { big: 1n },
      { f: () => 0 },
      { ok: 'x', s: Symbol('s') },
      { long: 'x'.repeat(8_000_000) },
    ];
    for (const attributes of bad) counter.add(1, attributes as Attributes);
    const unreadable = [proxy, getter];
    for (const attributes of unreadable) counter.add(1, attributes);
    counter.add(1, JSON.parse('{"__proto__":"kept","lone":"\\ud800","nul":"\\u0000\\n"}') as Attributes);
    const { resourceMetrics } = await store.metricProducer().collect();
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    const total = points.reduce((sum, { value }) => sum + (value as number), 0);
    expect(total).to.equal(bad.length + 1);
    expect(store.statistics().refused.attributes).to.be.at.least(4 + unreadable.length);
    expect(store.statistics().refused.truncatedLabels).to.equal(1);
    const kept = points.find(({ attributes }) => Object.keys(attributes).includes('__proto__'));
    expect(kept?.attributes['lone']).to.equal('\ud800');
    const long = points.find(({ attributes }) => 'long' in attributes)?.attributes['long'];
    expect(long).to.have.length(100);
    await store.shutdown();
  });

  it('should not let the caller change a series afterwards', async () => {
    const store = createStore();
    const counter = store.getMeter('m').createCounter('c');
    const reused: Attributes = { path: '/a' };
    counter.add(1, reused);
    reused['path'] = '/b';
    counter.add(10, reused);
    const { resourceMetrics } = await store.metricProducer().collect();
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    expect(points.map(({ attributes, value }) => [attributes['path'], value])).to.have.deep.members([
      ['/a', 1],
      ['/b', 10],
    ]);
    await store.shutdown();
  });
});

describe('bad data of observables', () => {
  it('should not take the callback along, and a set should be one whatever the order of its keys', async () => {
    const store = createStore();
    const gauge = store.getMeter('m').createObservableUpDownCounter('u');
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    gauge.addCallback(result => {
      result.observe(1, circular as Attributes);
      result.observe(2, { a: 1, b: 2 });
      result.observe(3, { b: 2, a: 1 });
      result.observe(4, { big: 1n } as unknown as Attributes);
    });
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    expect(points.map(({ attributes, value }) => [{ ...attributes }, value])).to.have.deep.members([
      [{}, 4],
      [{ a: 1, b: 2 }, 3],
    ]);
    await store.shutdown();
  });

  it('should survive a list whose own map answers nonsense', async () => {
    class Odd extends Array<string> {
      override map(): never[] {
        return ['not JSON'] as never[];
      }
    }
    const store = createStore();
    store
      .getMeter('m')
      .createCounter('c')
      .add(1, { list: Odd.from(['x', 'y']) });
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.attributes).to.deep.equal({
      list: ['x', 'y'],
    });
    await store.shutdown();
  });
});
