// That the counts are right is tested where things are refused. Here: what is reported, of which stream and which label.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import * as report from '../../lib/store/store-report.js';

describe('the report of a store', () => {
  let core: StoreCore;
  beforeEach(() => {
    core = createCore({ maxBytes: 2 ** 22, maxStreams: 8, maxSeries: 100, stripes: 2, cardinalityLimit: 20 });
  });
  afterEach(() => core.shutdown());

  it('should say how full the store is, and how full it may be', async () => {
    const counter = meterOf(core, 'm').createCounter('c');
    for (const k of ['a', 'b']) counter.add(1, { k });
    counter.add(-1);
    await core.openReader(() => 'cumulative').collect();
    const { layout } = core.region;
    expect(report.reportStatistics(core)).to.deep.include({
      swaps: 1,
      stuckStripes: 0,
      stalledCuts: 0,
      series: 2,
      reclaimedSeries: 0,
      maxSeries: 100,
      streams: 1,
      maxStreams: 8,
      maxLabelBytes: layout.maxLabelBytes,
      stripes: 2,
      maxBytes: 2 ** 22,
    });
    const { refused, labelBytes } = report.reportStatistics(core);
    expect(Object.entries(refused).filter(([, times]) => times > 0)).to.deep.equal([['negative', 1]]);
    expect(refused).not.to.have.property('reclaimed');
    expect(labelBytes).to.be.within(1, layout.maxLabelBytes);
    expect(report.reportDuration(core, 'drain')).to.be.greaterThan(0);
  });

  it('should count series by stream, and what overflowed', () => {
    const [counter, gauge] = [meterOf(core, 'm').createCounter('c'), meterOf(core, 'n').createGauge('g')];
    for (let index = 0; index < 23; index++) counter.add(1, { index });
    gauge.record(1);
    const streams = report.reportStreams(core);
    expect(streams).to.deep.equal([
      { name: 'c', scopeName: 'm', kind: 'COUNTER', series: 20, limit: 20, overflowed: 3 },
      { name: 'g', scopeName: 'n', kind: 'GAUGE', series: 1, limit: 20, overflowed: 0 },
    ]);
  });

  it('should name the labels that make the series, and of their values the ten with the most', () => {
    const counter = meterOf(core, 'm').createCounter('c');
    for (let index = 0; index < 12; index++) counter.add(1, { index, kind: index < 9 ? 'many' : 'few' });
    counter.add(1, { index: 5, kind: 'few' });
    const [metric] = report.reportCardinality(core).metrics;
    expect(metric).to.deep.include({ name: 'c', series: 13, limit: 20, overflowed: 0 });
    const [index, kind] = ['index', 'kind'].map(name => metric?.labels.find(({ key }) => key === name));
    expect(kind).to.deep.equal({
      key: 'kind',
      distinct: 2,
      top: [
        { value: 'many', series: 9 },
        { value: 'few', series: 4 },
      ],
    });
    expect(index).to.deep.include({ key: 'index', distinct: 12 });
    expect(index?.top).to.have.length(10);
    expect(index?.top[0]).to.deep.equal({ value: '5', series: 2 });
  });
});
