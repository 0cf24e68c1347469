// Goal: an event is one record, with everything that it did and nothing else.
import { expect } from 'chai';
import { CustomMetrics } from '../../../lib/argo/emit/custom-metrics.js';
import { WorkflowObserver, type WorkflowEvent } from '../../../lib/argo/observe/workflow-observer.js';
import type { StateRecord } from '../../../lib/argo/state/state-record.js';
import { StateRecorder } from '../../../lib/argo/state/state-recorder.js';
import { SteadyClock } from '../../../lib/argo/state/steady-clock.js';
import { createStore } from '../../../lib/index.js';
import { coreOf } from '../../../lib/store/store-core.js';

const TIME = '2026-11-27T10:00:00Z';
const METRICS = {
  prometheus: [
    { name: 'runs', help: 'Runs', counter: { value: '2' } },
    { name: 'clock', help: 'Clock', gauge: { realtime: true, value: '{{workflow.duration}}' } },
  ],
};

function event(version: number, phase: string, type: WorkflowEvent['type'] = 'MODIFIED'): WorkflowEvent {
  const times = { startedAt: TIME, ...(phase === 'Running' ? {} : { finishedAt: TIME }) };
  const node = { id: 'w', name: 'w', type: 'Pod', phase, templateName: 'main', ...times };
  const metadata = { name: 'w', uid: 'u', resourceVersion: String(version) };
  const spec = { entrypoint: 'main', templates: [{ name: 'main' }], metrics: METRICS };
  return { type, object: { metadata, spec, status: { phase, ...times, nodes: { w: node } } } };
}

function fixture() {
  const clock = new SteadyClock({ now: () => 5000 });
  const store = createStore({ shared: false, maxBytes: 2 ** 22, clock });
  const core = coreOf(store);
  const customMetrics = new CustomMetrics({ store, prefix: '' });
  const observer = new WorkflowObserver({ customMetrics });
  const records: StateRecord[] = [];
  const errors: unknown[] = [];
  const recorder = new StateRecorder({
    ...{ core, clock },
    write: record => records.push(record),
    failed: error => errors.push(error),
  });
  customMetrics.target.logged.log = recorder;
  observer.logTo(recorder);
  return { core, observer, recorder, records, errors, customMetrics };
}

describe('StateRecorder', () => {
  it('should have all of an event in one record, and what is needed to read it', () => {
    const { observer, records, errors } = fixture();
    observer.observe(event(1, 'Running'));
    observer.observe(event(2, 'Succeeded'));
    observer.observe(event(2, 'Succeeded'));
    observer.observe(event(3, 'Succeeded', 'DELETED'));
    expect(records.map(({ o = [] }) => o.map(([kind]) => kind))).to.deep.equal([
      ['report'],
      ['add', 'report', 'complete'],
      ['complete', 'delete'],
    ]);
    expect(records.map(({ w }) => w?.length)).to.deep.equal([1, 1, 1]);
    const [first, second, third] = records;
    expect(first).to.include({ t: 5000 }).and.to.have.all.keys('t', 'd', 'j', 'o', 's', 'w');
    expect(second?.d?.map(([, { name }]) => name)).to.deep.equal(['runs']);
    expect(third).to.have.all.keys('t', 'o', 'w');
    expect(third?.w?.[0]).to.deep.equal(['u', Date.parse(TIME)]);
    expect(errors).to.deep.equal([]);
  });

  it('should say how many cuts came before, once', async () => {
    const { core, recorder, records } = fixture();
    for (let cut = 0; cut < 3; cut++) await core.cuts.request(() => true);
    recorder.cut();
    recorder.cut();
    expect(records).to.deep.equal([{ t: 5000, c: [3, 5000] }]);
    await core.cuts.request(() => true);
    recorder.restart();
    recorder.moved('7');
    expect(records.slice(1)).to.deep.equal([{ t: 5000, p: '7' }]);
  });

  it('should take what is nested into one record', () => {
    const { observer, recorder, records } = fixture();
    recorder.begin();
    expect(recorder.isInside).to.equal(true);
    observer.observe(event(1, 'Running'));
    observer.observe(event(2, 'Succeeded'));
    observer.sync([event(2, 'Succeeded').object]);
    recorder.moved('9');
    recorder.end();
    expect(recorder.isInside).to.equal(false);
    expect(records).to.have.length(1);
    expect(records[0]).to.include({ p: '9', b: true });
    expect(records[0]?.w).to.have.length(1);
  });

  it('should name a series again after a snapshot', () => {
    const { observer, recorder, records } = fixture();
    observer.observe(event(1, 'Succeeded'));
    recorder.restart();
    observer.forgetVersions();
    observer.observe(event(1, 'Running'));
    expect(records.at(-1)?.s).to.have.length(1);
  });

  it('should hand out why a record cannot be made, and go on', () => {
    const { core, recorder, records, errors } = fixture();
    const failing = new StateRecorder({
      core,
      clock: new SteadyClock({ now: () => 1 }),
      write: () => {
        throw new Error('no');
      },
      failed: error => errors.push(error),
    });
    failing.moved('1');
    expect(errors.map(String)).to.deep.equal(['Error: no']);
    expect(failing.isInside).to.equal(false);
    recorder.moved('1');
    expect(records).to.have.length(1);
  });
});
