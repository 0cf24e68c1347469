// Attaches with attributes of its own, records into one of each kind, and stays until it is terminated.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, CustomMetrics, observeStore } from '../../../dist/esm/index.js';

const { handle, attributes, value } = workerData;
const store = attachStore(handle, attributes === undefined ? {} : { attributes });
const meter = store.getMeter('m');
meter.createObservableGauge('heap').addCallback(result => result.observe(value));
meter.createObservableCounter('ticks').addCallback(result => result.observe(value));
meter.createCounter('count').add(value, { phase: 'a' });
meter.createGauge('level').bind({ phase: 'a' }).record(value);
observeStore({ store, meter });
const spec = { name: 'op', help: 'h', labels: [{ key: 'p', value: 'x' }], counter: { value: '1' } };
new CustomMetrics({ store }).compile({ prometheus: [spec] }).emit({ variables: {} }, { owner: `${value}` });
parentPort.postMessage('ready');
parentPort.on('message', () => undefined);
