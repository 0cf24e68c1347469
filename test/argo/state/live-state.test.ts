// Goal: the state of a process that is at work is what its records lead to.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CustomMetrics } from '../../../lib/argo/emit/custom-metrics.js';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import { liveState } from '../../../lib/argo/state/live-state.js';
import { StateFold } from '../../../lib/argo/state/state-fold.js';
import type { StateRecord } from '../../../lib/argo/state/state-record.js';
import { StateRecorder } from '../../../lib/argo/state/state-recorder.js';
import { snapshotOf } from '../../../lib/argo/state/state-snapshot.js';
import { SteadyClock } from '../../../lib/argo/state/steady-clock.js';
import { createStore } from '../../../lib/index.js';
import { coreOf } from '../../../lib/store/store-core.js';
import { Recording } from '../golden/recording.js';
import { ROOT } from '../../support/source-tree.js';

const CASES = join(ROOT, 'test/argo/golden/cases');

/** Without an order where there is none. */
function sorted(records: Iterable<StateRecord>): string[] {
  return [...records]
    .map(record => JSON.stringify({ ...record, m: [...(record.m?.[1] ?? [])].sort() }))
    .sort();
}

describe('liveState', () => {
  for (const name of readdirSync(CASES).filter((each, index) => index % 6 === 0 || each.includes('realtime')))
    it(`should be what the records of ${name} lead to`, async () => {
      const recording = new Recording(join(CASES, name));
      let now = recording.timeOf(0);
      const clock = new SteadyClock({ now: () => now });
      const store = createStore({ shared: false, clock });
      const core = coreOf(store);
      const customMetrics = new CustomMetrics({ store, metricsConfig: recording.metricsConfig });
      const observer = new WorkflowObserver({ customMetrics });
      const records: StateRecord[] = [];
      const recorder = new StateRecorder({
        ...{ core, clock },
        write: record => records.push(JSON.parse(JSON.stringify(record)) as StateRecord),
        failed: error => expect.fail(String(error)),
      });
      customMetrics.target.logged.log = recorder;
      observer.logTo(recorder);
      for (const [index, event] of recording.events.entries()) {
        now = recording.timeOf(index);
        observer.observe(event);
        recorder.moved(`${index}`);
        const { value } = await core.cuts.request(() =>
          sorted(snapshotOf(liveState(core, { customMetrics, observer }, `${index}`))),
        );
        recorder.cut();
        const fold = new StateFold(core, { isExact: false });
        for (const record of records) await fold.take(record);
        const folded = await fold.finish(now);
        fold.close();
        const { holder } = customMetrics.target;
        expect(sorted(snapshotOf({ ...folded, holder })), `event ${index}`).to.deep.equal(value);
      }
      await store.shutdown();
    });
});
