// P19: what `watch` makes of the event that one node of a large workflow ended, from its bytes to the metrics, beside parsing it.
import { CustomMetrics } from '../dist/argo/emit/custom-metrics.js';
import { WorkflowObserver } from '../dist/argo/observe/workflow-observer.js';
import { WorkflowParser } from '../dist/argo/workflow/written-workflow.js';
import { createStore } from '../dist/otel/metric-store.js';
import { largeWorkflow } from '../scripts/kubernetes/large-workflow.mjs';
import { time } from './rounds.mjs';

const WORKFLOWS = 20;
/** Events of each: after the last of them it begins anew, as another one. */
const EVENTS = 50;

export function watchEvents({ nodes, calls }) {
  const store = createStore();
  const customMetrics = new CustomMetrics({ store });
  const lines = Array.from({ length: WORKFLOWS * EVENTS }, (_, index) => lineOf(index, nodes));
  const parser = new WorkflowParser();
  let observer = new WorkflowObserver({ customMetrics });
  let next = 0;
  const take = () => {
    if (next % lines.length === 0) observer = new WorkflowObserver({ customMetrics });
    observer.observe(parser.parse(lines[next++ % lines.length]));
  };
  const loop = act => () =>
    time(n => {
      for (let i = 0; i < n; i++) act(i);
    }, calls);
  const contestants = {
    eventParsed: loop(i => JSON.parse(lines[i % lines.length].toString())),
    eventTaken: loop(take),
  };
  return { contestants, end: () => store.shutdown() };
}

/** Of one workflow after the other the next event. */
function lineOf(index, nodes) {
  const name = `busy-${index % WORKFLOWS}`;
  const ended = Math.floor(index / WORKFLOWS);
  const object = largeWorkflow(name, nodes, Math.floor(nodes / 2) + ended);
  Object.assign(object.metadata, { uid: name, resourceVersion: `${index + 1}` });
  return Buffer.from(JSON.stringify({ type: ended === 0 ? 'ADDED' : 'MODIFIED', object }));
}
