import { expect } from 'chai';
import { CustomStore, emitted } from '../custom-store.js';

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
});
