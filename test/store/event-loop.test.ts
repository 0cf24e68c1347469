// Goal: who collects without a pause lets the thread's timers and messages through, whatever is in the store, and however
// it collects.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  collectPrometheusText,
  createStore,
  DoubleBufferedMetricReader,
  type MetricStore,
} from '../../lib/index.js';

/** A loop that nothing else ends: more turns than any timer needs that gets its chance. */
const TURNS_MAX = 2000;

const WAYS: Readonly<Record<string, (store: MetricStore) => () => Promise<unknown>>> = {
  'a cumulative reader': store => {
    const reader = new DoubleBufferedMetricReader({ store });
    return () => reader.collect();
  },
  'a delta reader': store => {
    const reader = new DoubleBufferedMetricReader({
      store,
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    });
    return () => reader.collect();
  },
  'a reader that exports': store => {
    const exporter = {
      export: (_metrics: unknown, done: (result: { code: number }) => void): void => done({ code: 0 }),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    return () => reader.forceFlush();
  },
  'the producer': store => {
    const producer = store.metricProducer();
    return () => producer.collect();
  },
  'Prometheus text': store => async () => {
    for await (const chunk of collectPrometheusText({ store })) void chunk;
  },
};

describe('a loop that collects', () => {
  for (const [name, way] of Object.entries(WAYS))
    for (const records of [0, 1])
      it(`should let the event loop turn: ${name}, ${records} series`, async () => {
        const store = createStore({ maxBytes: 2 ** 22 });
        for (let record = 0; record < records; record++) store.getMeter('m').createCounter('c').add(1);
        const collect = way(store);
        const heard = { timer: false, message: false, immediate: false };
        const { port1, port2 } = new MessageChannel();
        port2.on('message', () => (heard.message = true));
        port1.postMessage('hello');
        void setTimeout(1).then(() => (heard.timer = true));
        void setImmediate().then(() => (heard.immediate = true));
        for (let turn = 0; turn < TURNS_MAX && Object.values(heard).includes(false); turn++) await collect();
        port2.close();
        expect(heard).to.deep.equal({ timer: true, message: true, immediate: true });
        await store.shutdown();
      });
});
