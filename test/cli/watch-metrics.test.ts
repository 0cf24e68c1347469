// Goal: what is counted is shown under its name, nothing is shown that nobody counts, and nothing of the user's touches it. Method: the
// texts of real endpoints' collections.
import { expect } from 'chai';
import { WatchMetrics } from '../../lib/cli/watch-metrics.js';
import { textsOf } from '../../lib/exposition/chunk-texts.js';
import { TEXT_FORMAT, UTF8_TEXT_FORMAT } from '../../lib/exposition/negotiation/exposition-format.js';
import { PrometheusCollector } from '../../lib/exposition/prometheus-collector.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { ownRows } from './own-rows.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';

describe(WatchMetrics.name, () => {
  let metrics: WatchMetrics;
  let store: MetricStore;

  beforeEach(() => {
    metrics = new WatchMetrics();
    store = createStore({ shared: false });
  });

  afterEach(async () => {
    await metrics.close();
    await store.shutdown();
  });

  /** Rows by name and labels, without the scope. */
  async function shown(zeroStartMillis = 0, format = TEXT_FORMAT): Promise<Record<string, number>> {
    const options = { targetInfo: false, zeroStartMillis, metricProducers: [metrics.producer()] };
    const collector = new PrometheusCollector(store, options);
    const { exposition } = await collector.collect();
    let text = '';
    for (const chunk of textsOf(await exposition.chunks(format))) text += chunk;
    collector.close();
    return Object.fromEntries(ownRows(text));
  }

  it('should show what it counts itself, and of the other parts nothing', async () => {
    expect(await shown()).to.deep.equal({
      'events_total{type="ADDED"}': 0,
      'events_total{type="DELETED"}': 0,
      'events_total{type="MODIFIED"}': 0,
      relists_total: 0,
    });
  });

  it('should show each part that counts, from the first collection on', async () => {
    metrics.event('ADDED');
    metrics.event('ADDED');
    metrics.reconnected('gone');
    metrics.relisted();
    metrics.configReloaded(true);
    metrics.configReloaded(false);
    metrics.diagnostic('VALUE_INVALID', 'etl');
    metrics.observe({ isReady: () => true, lagMillis: () => 1500 });
    metrics.observe({
      ...{
        workflows: () => ({ running: 2, finished: 40 }),
        emissions: () => 7,
        forgotten: () => 3,
        lost: () => 0,
      },
      state: () => ({ bytes: 1000, ageMillis: 250, errors: 1 }),
    });
    // Counters that are young are not shown as 0: they begin there anyway.
    expect(await shown(3_600_000)).to.deep.equal({
      config_reload_success: 0,
      'diagnostics_total{code="VALUE_INVALID",template="etl"}': 1,
      emissions_total: 7,
      'events_total{type="ADDED"}': 2,
      'events_total{type="DELETED"}': 0,
      'events_total{type="MODIFIED"}': 0,
      forgotten_total: 3,
      ready: 1,
      'reconnects_total{reason="gone"}': 1,
      relists_total: 1,
      state_age_seconds: 0.25,
      state_bytes: 1000,
      state_errors_total: 1,
      watch_lag_seconds: 1.5,
      'workflows{state="finished"}': 40,
      'workflows{state="running"}': 2,
      'workflows_lost_total{reason="deleted"}': 0,
    });
  });

  it('should have the same names where names in UTF-8 are asked for, as Prometheus 3 does', async () => {
    metrics.observe({ isReady: () => true, lagMillis: () => 1500 });
    const names = Object.keys(await shown());
    expect(names).to.include('watch_lag_seconds');
    expect(Object.keys(await shown(0, UTF8_TEXT_FORMAT))).to.deep.equal(names);
  });

  it('should tell 500 templates apart, and the rest from none of them', async () => {
    for (let index = 0; index < 600; index++) metrics.diagnostic('VALUE_INVALID', `t${index}`);
    metrics.diagnostic('NAME_INVALID', 't599');
    metrics.diagnostic('NAME_INVALID', 't7');
    const all = await shown();
    const names = Object.keys(all).filter(name => name.startsWith('diagnostics_total'));
    expect(names).to.have.length(503);
    expect(all['diagnostics_total{code="VALUE_INVALID",template="other"}']).to.equal(100);
    expect(all['diagnostics_total{code="NAME_INVALID",template="other"}']).to.equal(1);
    expect(all['diagnostics_total{code="NAME_INVALID",template="t7"}']).to.equal(1);
  });

  it('should say what the store of the custom metrics says of itself', async () => {
    store.getMeter('jobs').createCounter('done').add(1);
    metrics.observeStore(store);
    const all = await shown();
    const names = Object.keys(all);
    expect(names.filter(name => name.startsWith('store_series{'))).to.have.length(1);
    expect(names.filter(name => /^stream_series\{.*"done"/.test(name))).to.have.length(1);
  });
});
