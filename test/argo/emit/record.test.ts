import { expect } from 'chai';
import { recordElapsed, recordNumber } from '../../../lib/argo/emit/record.js';
import type { CustomSeries } from '../../../lib/instruments/custom-instrument.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { CustomStore, emitted, metricsOf } from '../custom-store.js';

/** Notes what is called on it. */
function notingSeries(): { series: CustomSeries; calls: string[] } {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (value?: number): void => {
      calls.push(`${name} ${value}`);
    };
  const [add, set, record, hold] = ['add', 'set', 'record', 'hold'].map(note);
  const series = { add, set, record, hold, recordElapsed: note('elapsed'), clear: note('clear') };
  return { series: series as CustomSeries, calls };
}

describe('recordNumber', () => {
  it('should do what the kind of the metric and its operation say', () => {
    const { series, calls } = notingSeries();
    const values = [
      { counter: { value: '1' } },
      { gauge: { value: '1' } },
      { gauge: { value: '1', operation: 'Sub' } },
      { histogram: { value: '1' } },
    ];
    const { metrics } = compileMetrics(
      metricsOf(...values.map(value => ({ name: 'm', help: 'H', ...value }))),
      '',
    );
    for (const { value } of metrics) if (value.kind !== 'realtime') recordNumber(value, series, 2);
    expect(calls).to.deep.equal(['add 2', 'set 2', 'add -2', 'record 2']);
  });

  it('should set, add and subtract', async () => {
    const store = new CustomStore();
    const gauge = (operation: string, value: string): unknown => ({
      name: 'g',
      help: 'G',
      gauge: { operation, value },
    });
    emitted(store, gauge('Set', '10'));
    emitted(store, gauge('Add', '5'));
    emitted(store, gauge('Sub', '1.5'));
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_g{}': 13.5 });
  });
});

describe('recordElapsed', () => {
  it('should let grow what has no end, and keep the seconds of what has one, held until it may expire', () => {
    const { series, calls } = notingSeries();
    recordElapsed(series, { start: 1000 }, false);
    recordElapsed(series, { start: 1000, end: 3500 }, false);
    recordElapsed(series, { start: 1000, end: 3500 }, true);
    recordElapsed(series, { start: 5000, end: 3500 }, false);
    expect(calls).to.deep.equal(['elapsed 1000', 'hold 2.5', 'set 2.5', 'hold 0']);
  });
});
