import { diag, DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import { collectPrometheusText } from '../../lib/exposition/collect-prometheus-text.js';
import type { PrometheusTextRequest } from '../../lib/exposition/collect-prometheus-text.js';
import { defineCustomInstrument } from '../../lib/instruments/custom-instrument.js';
import { attachStore, createStore } from '../../lib/otel/metric-store.js';
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

  describe('faults: text-per-request', () => {
    it('should say once what is wrong, whichever object leads to the store', async () => {
      const warnings: string[] = [];
      const none = (): void => undefined;
      const logger = { error: none, info: none, debug: none, verbose: none };
      diag.setLogger({ ...logger, warn: message => warnings.push(message) }, DiagLogLevel.WARN);
      try {
        const store = createStore();
        for (const description of ['one', 'two'])
          store.getMeter(description).createCounter('jobs', { description }).add(1);
        const texts = new Set<string>();
        for (let call = 0; call < 5; call++) {
          texts.add(await textOf({ store }));
          texts.add(await textOf({ store: attachStore(store.handle) }));
          texts.add(await textOf({ store: { handle: store.handle }, targetInfo: false }));
        }
        expect(texts.size).to.equal(1);
        // One for each way of asking: with the resource and without.
        expect(warnings).to.have.length(2);
        expect(warnings[0]).to.contain('The HELP text "two"');
        await store.shutdown();
      } finally {
        diag.disable();
      }
    });

    it('should share a collection among calls that come before it begins', async () => {
      const store = createStore({ shared: false });
      const counter = store.getMeter('').createCounter('jobs');
      const texts = await Promise.all(
        Array.from({ length: 20 }, () => {
          counter.add(1);
          return textOf({ store });
        }),
      );
      expect(store.statistics().swaps).to.equal(1);
      expect(new Set(texts)).to.deep.equal(new Set(['# TYPE jobs_total counter\njobs_total 20\n']));
      await store.shutdown();
    });

    it('should remember only the latest ways of asking', async () => {
      const store = createStore({ shared: false });
      store.getMeter('').createCounter('jobs').add(1);
      for (let zeroStartMillis = 1; zeroStartMillis <= 50; zeroStartMillis++)
        expect(await textOf({ store, zeroStartMillis })).to.match(/^jobs_total [01]$/m);
      await store.shutdown();
    });
  });

  it('first-scrape-blocks: should let the thread do other things, at the first call in particular', async () => {
    const store = createStore({ shared: false, cardinalityLimit: 50_000 });
    const counter = store.getMeter('').createCounter('jobs');
    for (let index = 0; index < 30_000; index++) counter.add(1, { index, path: `/a/b/${index % 7}` });
    for (const isFirst of [true, false]) {
      let turns = 0;
      let isOver = false;
      const turn = (): void => {
        turns++;
        if (!isOver) setImmediate(turn);
      };
      setImmediate(turn);
      let chunks = 0;
      for await (const chunk of collectPrometheusText({ store })) chunks += Math.min(chunk.length, 1);
      isOver = true;
      // In one go it would be a turn or two.
      expect(turns - chunks).to.be.greaterThan(isFirst ? 10 : -2);
      expect(chunks).to.be.greaterThan(10);
    }
    await store.shutdown();
  });

  it('should refuse a zero start out of bounds', async () => {
    const store = createStore({ shared: false });
    const error: unknown = await textOf({ store, zeroStartMillis: -1 }).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'INVALID_OPTION');
    await store.shutdown();
  });
});
