// A process whose files may not grow beyond a limit, which its starter set: a full disk. Observes, says what it could show, then
// gets room and says it again. argv: the folder, what may wait.
import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createStore, CustomMetrics, WorkflowObserver } from '../../../dist/index.js';
import { WatchState } from '../../../dist/cli/watch-state.js';
import { coreOf } from '../../../dist/store/store-core.js';

const [folder, maxPendingBytes] = process.argv.slice(2);
// Without a listener the signal ends the process.
process.on('SIGXFSZ', () => undefined);
let errors = 0;
const state = new WatchState({
  ...{ folder, identity: {}, whenLost: 'refuse', clock: Date, maxPendingBytes: Number(maxPendingBytes) },
  onError: () => errors++,
});
const store = createStore({ shared: false, maxBytes: 2 ** 24, clock: state.clock });
const customMetrics = new CustomMetrics({ store });
const observer = new WorkflowObserver({ customMetrics });
await state.begin({ store, customMetrics, observer });

const metrics = { prometheus: [{ name: 'runs', help: 'Runs', counter: { value: '1' } }] };
const TIME = '2026-11-27T10:00:00Z';
let version = 0;
function observe(count) {
  for (; count > 0; count--) {
    const name = `w-${++version}`;
    const times = { phase: 'Succeeded', startedAt: TIME, finishedAt: TIME };
    const node = { id: name, name, type: 'Pod', templateName: 'main', ...times };
    const metadata = { name, uid: name, resourceVersion: String(version) };
    const spec = { entrypoint: 'main', templates: [{ name: 'main' }], metrics };
    const object = { metadata, spec, status: { ...times, nodes: { [name]: node } } };
    state.apply(String(version), () => observer.observe({ type: 'ADDED', object }));
  }
}

async function isShown() {
  await coreOf(store).cuts.request(() => true);
  return state.shown();
}

const said = [];
observe(10);
said.push(await isShown());
observe(500);
const before = errors;
said.push(await isShown(), before > 0);
execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited:']);
observe(10);
// Behind the pause after a snapshot that failed.
for (let tries = 0; tries < 50 && !said.at(-1).done; tries++) {
  await new Promise(resolve => setTimeout(resolve, 100));
  if (await isShown()) said.push({ done: true, position: state.position });
}
writeSync(1, JSON.stringify(said));
// Nothing is put in order at the end.
process.kill(process.pid, 'SIGKILL');
