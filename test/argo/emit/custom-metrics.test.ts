import { expect } from 'chai';
import { CustomMetrics } from '../../../lib/argo/emit/custom-metrics.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import type { MetricScope } from '../../../lib/argo/variables/metric-scope.js';
import { CustomStore, metricsOf } from '../custom-store.js';

const counter = { name: 'runs', help: 'Runs', labels: [{ key: 's', value: '{{s}}' }], counter: { value: 1 } };
const age = { name: 'age', help: 'Age', gauge: { realtime: true, value: '{{d}}' } };

describe('CustomMetrics', () => {
  it('should count with the prefix that was asked for', async () => {
    const store = new CustomStore({ prefix: '' });
    const metrics = store.customMetrics.compile(metricsOf(counter));
    metrics.emit({ variables: { s: 'a' } }, { owner: 'o' });
    metrics.emit({ variables: { s: 'a' } }, { owner: 'p' });
    expect(await store.collect()).to.deep.equal({ 'runs{s=a}': 2 });
  });

  it('should make an emission once, until its owner is deleted', async () => {
    const store = new CustomStore();
    const metrics = store.customMetrics.compile(metricsOf(counter));
    const emit = (): unknown => metrics.emit({ variables: { s: 'a' } }, { owner: 'o', emissionId: '1' });
    emit();
    emit();
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{s=a}': 1 });
    store.customMetrics.delete('o');
    emit();
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{s=a}': 2 });
    expect(store.customMetrics.forgottenEmissionIds).to.equal(0);
  });

  it('should grow, freeze and remove realtime gauges', async () => {
    const store = new CustomStore();
    const metrics = store.customMetrics.compile(metricsOf(counter, age));
    metrics.emit({ variables: {}, realtime: { d: store.now } }, { owner: 'o', realtimeOnly: true });
    store.now += 3000;
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
    store.customMetrics.complete('o');
    store.now += 3000;
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
    store.customMetrics.delete('o');
    expect(await store.collect()).to.deep.equal({});
  });

  it('api-realtime-nan: should refuse a realtime value that is no time, for that metric alone', async () => {
    const store = new CustomStore();
    const metrics = store.customMetrics.compile(metricsOf(counter, age));
    const values = [
      '3',
      NaN,
      Infinity,
      null,
      true,
      {},
      [5],
      { start: 5 },
      { start: 5, end: '6' },
      () => 3,
      5n,
    ];
    for (const [index, d] of values.entries()) {
      const scope = { variables: { s: String(index) }, realtime: { d } } as unknown as MetricScope;
      const [diagnostic, ...others] = metrics.emit(scope, { owner: 'o' });
      expect(diagnostic?.code, String(index)).to.equal('EMISSION_INVALID');
      expect(diagnostic?.metric).to.equal('age');
      expect(others).to.deep.equal([]);
    }
    const collected = await store.collect();
    expect(Object.keys(collected)).to.have.length(values.length);
    expect(Object.keys(collected).join()).to.not.contain('age');
    metrics.emit({ variables: { s: 'x' }, realtime: { d: { start: 0, end: 2000 } } }, { owner: 'o' });
    expect(await store.collect()).to.have.property('argo_workflows_age{}', 2);
  });

  it('should leave realtime gauges out of an emission that says so', async () => {
    const store = new CustomStore();
    const metrics = store.customMetrics.compile(metricsOf(counter, age));
    metrics.emit({ variables: { s: 'a' }, realtime: { d: 0 } }, { owner: 'o', omitsRealtime: true });
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{s=a}': 1 });
  });

  it('should leave out the attributes and the metrics that modifiers switch off', async () => {
    const metricsConfig = { modifiers: { runs: { disabledAttributes: ['s'] }, age: { disabled: true } } };
    const store = new CustomStore({ metricsConfig });
    const metrics = store.customMetrics.compile(metricsOf(counter, age));
    for (const s of ['a', 'b']) metrics.emit({ variables: { s }, realtime: { d: 0 } }, { owner: 'o' });
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{}': 2 });
  });

  it('should obey another configuration from then on, and keep what is there', async () => {
    const found: Diagnostic[] = [];
    const store = new CustomStore({
      metricsConfig: { metricsTTL: '1h', modifiers: { sizes: { histogramBuckets: [1] } } },
      onDiagnostic: diagnostic => found.push(diagnostic),
    });
    const sizes = { name: 'sizes', help: 'Sizes', histogram: { value: '3', buckets: [9] } };
    const declared = [counter, { ...counter, name: 'off' }, sizes];
    const metrics = store.customMetrics.compile(metricsOf(...declared));
    const emit = (): unknown => metrics.emit({ variables: { s: 'a' } }, { owner: 'o' });
    emit();
    const before = await store.collect();
    store.customMetrics.configure({
      metricsTTL: '1s',
      secure: true,
      modifiers: {
        runs: { disabledAttributes: ['s'] },
        off: { disabled: true },
        sizes: { histogramBuckets: [2] },
      },
    });
    expect(found.map(({ path }) => path)).to.deep.equal(['metricsConfig.secure']);
    emit();
    store.now += 2000;
    const after = await store.collect();
    expect(after).to.include({
      'argo_workflows_runs{s=a}': 1,
      'argo_workflows_runs{}': 1,
      'argo_workflows_off{s=a}': 1,
    });
    const bucketsOf = (series: object): string[] =>
      Object.keys(series)
        .filter(key => key.includes('sizes'))
        .sort();
    expect(bucketsOf(after)).to.deep.equal(bucketsOf(before)).and.not.empty;
    const late = store.customMetrics.compile(metricsOf({ ...counter, name: 'late' }));
    late.emit({ variables: { s: 'a' } }, { owner: 'o' });
    expect(await store.collect()).to.include({ 'argo_workflows_late{s=a}': 1 });
    store.now += 2000;
    const later = await store.collect();
    expect(later).to.not.have.property('argo_workflows_late{s=a}');
    expect(later).to.have.property('argo_workflows_runs{}', 1);
    store.customMetrics.configure({});
    emit();
    expect(await store.collect()).to.include({ 'argo_workflows_runs{s=a}': 2, 'argo_workflows_off{s=a}': 2 });
  });

  it('should give every diagnostic to the listener, and survive one that throws', () => {
    const heard: Diagnostic[] = [];
    const store = new CustomStore({
      metricsConfig: { metricsTTL: '-1h', secure: true },
      onDiagnostic: diagnostic => {
        heard.push(diagnostic);
        throw new Error('from the listener');
      },
    });
    const metrics = store.customMetrics.compile(metricsOf(counter, {}), { path: 'spec.metrics' });
    expect(metrics.diagnostics).to.not.be.empty;
    metrics.emit({ variables: {} }, { owner: 'o' });
    expect(heard.map(({ code }) => code)).to.deep.equal([
      'CONFIG_INVALID',
      'CONFIG_UNSUPPORTED',
      ...metrics.diagnostics.map(({ code }) => code),
      'TAG_UNRESOLVED',
    ]);
  });

  it('should refuse what is no store, and a prefix that no name can have', () => {
    expect(() => new CustomMetrics({ store: {} as never }))
      .to.throw()
      .with.property('code', 'NOT_A_STORE_HANDLE');
    expect(() => new CustomStore({ prefix: 'a.' }))
      .to.throw()
      .with.property('code', 'INVALID_OPTION');
  });
});
