// Takes an event from its standard input, and prints how many milliseconds its first look takes: to parse it, and to count what is
// new in it. `late`: as `watch` reads it.
import { buffer } from 'node:stream/consumers';
import { CustomMetrics } from '../../dist/argo/emit/custom-metrics.js';
import { WorkflowObserver } from '../../dist/argo/observe/workflow-observer.js';
import { WorkflowParser } from '../../dist/argo/workflow/written-workflow.js';
import { keepHeapFlat } from '../../dist/cli/flat-heap.js';
import { createStore } from '../../dist/otel/metric-store.js';

const bytes = await buffer(process.stdin);
keepHeapFlat();
const observer = new WorkflowObserver({ customMetrics: new CustomMetrics({ store: createStore() }) });
const parser = new WorkflowParser();
const begin = performance.now();
const event = process.argv[2] === 'late' ? parser.parse(bytes) : JSON.parse(bytes.toString());
const parsed = performance.now();
const diagnostics = observer.observe(event);
const end = performance.now();
if (diagnostics.length > 0) throw new Error(diagnostics[0].message);
console.log(JSON.stringify({ parse: parsed - begin, look: end - parsed }));
process.exit();
