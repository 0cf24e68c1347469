// The shape that killed the Argo 3.6.2 controller: a gauge and a histogram with ever new label values, and first uses of
// new metric names, while somebody scrapes.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, CustomMetrics } from '../../../dist/esm/index.js';

const { handle, id, rounds } = workerData;
const custom = new CustomMetrics({ store: attachStore(handle) });
const spec = suffix => ({
  prometheus: [
    {
      name: `depth${suffix}`,
      help: 'Depth',
      labels: [{ key: 'item', value: '{{item}}' }],
      gauge: { operation: 'Add', value: '1', realtime: false },
    },
    {
      name: `size${suffix}`,
      help: 'Size',
      labels: [{ key: 'item', value: '{{item}}' }],
      histogram: { value: '{{size}}', buckets: [1, 10, 100] },
    },
  ],
});
const common = custom.compile(spec(''));
parentPort.postMessage('ready');
let problems = [...common.diagnostics];
for (let n = 0; n < rounds; n++) {
  const scope = { variables: { item: `${id}-${n}`, size: String(n % 200) } };
  problems.push(...common.emit(scope, { owner: `owner-${id}` }));
  // Every now and then a name that nobody has used before, by two threads at once.
  if (n % 500 === 0) {
    const fresh = custom.compile(spec(`_${id >> 1}_${n}`));
    problems.push(...fresh.diagnostics, ...fresh.emit(scope, { owner: `owner-${id}` }));
  }
}
parentPort.postMessage({ problems });
