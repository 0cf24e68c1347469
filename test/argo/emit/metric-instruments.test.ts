import { expect } from 'chai';
import { ObjectWork, PLAIN_STEPS_MIN } from '../../../lib/argo/budget/object-work.js';
import { DEFINITION_COST } from '../../../lib/argo/emit/emission-cost.js';
import { failureIn } from '../../../lib/argo/emit/emission-failure.js';
import { MetricInstruments } from '../../../lib/argo/emit/metric-instruments.js';
import type { Place } from '../../../lib/argo/emit/metric-places.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { coreOf } from '../../../lib/store/store-core.js';
import { CustomStore, emitted, metricsOf } from '../custom-store.js';

const counter = { name: 'runs', help: 'Runs', counter: { value: '{{v}}' } };

describe('MetricInstruments', () => {
  it('should report another help and another type, and keep the first', async () => {
    const store = new CustomStore();
    emitted(store, counter, { v: '1' });
    expect(emitted(store, { ...counter, help: 'Other' }, { v: '1' })).to.deep.equal([
      "HELP_CONFLICT: could not construct metric 'runs': help for metric runs is already set to Runs, it cannot be changed",
    ]);
    expect(emitted(store, { name: 'runs', help: 'Runs', gauge: { value: '1' } })).to.deep.equal([
      "TYPE_CONFLICT: could not construct metric 'runs': found existing counter for custom metric runs of type gauge",
    ]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{}': 1 });
  });

  it('should charge for asking the store, as long as it has not given the metric', () => {
    const store = new CustomStore();
    const core = coreOf(store.store);
    const instruments = new MetricInstruments(core, 0, false);
    const [metric] = compileMetrics(metricsOf(counter), 'p').metrics;
    if (!metric) return expect.fail('the metric was refused');
    const costOf = (help: string): number => {
      const work = new ObjectWork({ now: () => 0 }, 0);
      const definition = { name: 'runs', help, type: 'counter' as const };
      const place = { name: 'runs', definition, labels: {} } as Place;
      try {
        instruments.series(metric, place, work);
      } catch (error) {
        expect(failureIn(error).code).to.equal('HELP_CONFLICT');
      }
      let left = 0;
      while (work.spendPlain(1)) left++;
      return PLAIN_STEPS_MIN - left;
    };
    expect([costOf('Runs'), costOf('Runs')]).to.deep.equal([DEFINITION_COST, 0]);
    expect([costOf('Other'), costOf('Other')]).to.deep.equal([DEFINITION_COST, DEFINITION_COST]);
  });
});
