import { expect } from 'chai';
import { collectPrometheusText } from '../../lib/exposition/collect-prometheus-text.js';
import type { PrometheusTextRequest } from '../../lib/exposition/collect-prometheus-text.js';
import { defineCustomInstrument } from '../../lib/instruments/custom-instrument.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { coreOf } from '../../lib/store/store-core.js';

describe('collectPrometheusText', () => {
  const textOf = async (request: PrometheusTextRequest): Promise<string> => {
    let text = '';
    for await (const chunk of collectPrometheusText(request)) text += chunk;
    return text;
  };

  it('should give all of a store, or the custom metrics alone', async () => {
    const store = createStore({ shared: false });
    store.getMeter('').createCounter('jobs').add(1);
    const custom = defineCustomInstrument(coreOf(store), { name: 'argo_x', help: 'X', type: 'gauge' });
    if (!('instrument' in custom)) throw new Error('no room');
    custom.instrument.series({}).set(-2);
    const resource = { attributes: { a: 'b' } };
    // As another copy of the package has it.
    const given = { handle: store.handle, resource };
    const customText = '# HELP argo_x X\n# TYPE argo_x gauge\nargo_x -2\n';
    const jobsText = '# TYPE jobs_total counter\njobs_total 1\n';
    const targetText = '# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{a="b"} 1\n';
    expect(await textOf({ store: given })).to.equal(customText + jobsText + targetText);
    expect(await textOf({ store: given, targetInfo: false })).to.equal(customText + jobsText);
    expect(await textOf({ store: given, customMetricsOnly: true })).to.equal(customText);
    expect(await textOf({ store: given, customMetricsOnly: true, targetInfo: true })).to.equal(
      customText + targetText,
    );
    await store.shutdown();
  });

  it('should refuse what is not a store', async () => {
    const error: unknown = await textOf({ store: {} as never }).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'NOT_A_STORE_HANDLE');
  });
});
