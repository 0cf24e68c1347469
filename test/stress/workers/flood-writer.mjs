// Brings label values that nobody has brought before, until it is told to stop. Notes each record before and after, so that
// of a thread that was terminated it is known what it had recorded at least and at most.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, CustomMetrics } from '../../../dist/esm/index.js';

const { handle, notes, life, isArgo } = workerData;
const store = attachStore(handle);

const label = key => ({ key, value: `{{${key}}}` });
const spec = {
  prometheus: [
    { name: 'jobs', help: 'Jobs', labels: [label('pod'), label('queue')], counter: { value: '1' } },
    {
      name: 'times',
      help: 'Times',
      labels: [label('pod'), label('queue')],
      histogram: { value: '1', buckets: [1, 10] },
    },
  ],
};

function emitter() {
  const custom = new CustomMetrics({ store }).compile(spec);
  return variables => {
    const problems = custom.emit({ variables }, { owner: variables.pod });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  };
}

function recorder() {
  const meter = store.getMeter('flood');
  const counter = meter.createCounter('jobs');
  const histogram = meter.createHistogram('times');
  return (labels, n) => {
    if (n % 8 === 0) counter.bind(labels).add(1);
    else counter.add(1, labels);
    histogram.record(1, labels);
  };
}

const record = isArgo ? emitter() : recorder();
parentPort.postMessage('ready');
for (let n = 0; Atomics.load(notes, 0) === 0; n++) {
  Atomics.add(notes, 2 * life + 2, 1);
  record({ pod: `pod-${life}-${n}`, queue: `q${n % 40}` }, n);
  Atomics.add(notes, 2 * life + 3, 1);
}
parentPort.postMessage('done');
