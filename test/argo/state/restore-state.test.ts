// Goal: what can be given back is, what cannot is said, and nothing is given back too late.
import { expect } from 'chai';
import { isMetricStoreError } from '../../../lib/errors.js';
import { CustomMetrics } from '../../../lib/argo/emit/custom-metrics.js';
import { FinishedWorkflows } from '../../../lib/argo/observe/finished-workflows.js';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import { restoreState } from '../../../lib/argo/state/restore-state.js';
import type { FoldedState } from '../../../lib/argo/state/state-fold.js';
import { createStore } from '../../../lib/index.js';
import { coreOf } from '../../../lib/store/store-core.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import { pointsIn } from '../../support/points.js';

const TIMES = { startUnixMillis: 1000, usedUnixMillis: 2000 };
const COUNTER: StreamDefinition = {
  ...{
    scope: { name: 'otel-argo-metrics' },
    name: 'runs',
    description: 'Runs',
    unit: '{item}',
    kind: 'COUNTER',
  },
  ...{ valueType: 1, boundaries: [], limit: 10, verbatim: true },
};
const STATE: FoldedState = {
  streams: [
    { definition: COUNTER, series: [{ attributes: { k: 'a' }, value: 5, ...TIMES }] },
    // No series of a counter is a histogram.
    {
      definition: { ...COUNTER, name: 'broken' },
      series: [{ attributes: {}, value: { count: 1, sum: 1, min: 1, max: 1, counts: [1] }, ...TIMES }],
    },
  ],
  held: [
    {
      reporter: { owner: 'u', subject: '', metric: 'm' },
      ...{ start: 500, isComplete: false, text: '{"\\u0000holder":"before"}' },
      definition: { name: 'clock', help: 'C', type: 'gauge' },
    },
  ],
  ...{
    hasBaseline: true,
    workflows: new Map(),
    finished: new FinishedWorkflows(),
    forgottenUntil: -Infinity,
    gone: new Map(),
    position: '7',
    cutAt: 0,
    at: 3000,
    holder: 'before',
  },
};

describe('restoreState', () => {
  const fixture = () => {
    const store = createStore({ shared: false, maxBytes: 2 ** 22, clock: { now: () => 3000 } });
    const customMetrics = new CustomMetrics({ store, prefix: '' });
    const parts = { customMetrics, observer: new WorkflowObserver({ customMetrics }) };
    const errors: string[] = [];
    return {
      store,
      parts,
      errors,
      restore: () => restoreState(STATE, parts, error => errors.push(String(error))),
    };
  };

  it('should give back all that can be, and say what cannot', async () => {
    const { store, parts, errors, restore } = fixture();
    restore();
    const { streams } = await coreOf(store)
      .openReader(() => 'cumulative')
      .collect();
    expect(
      streams.map(({ definition, points }) => [definition.name, pointsIn(points).map(({ value }) => value)]),
    ).to.deep.equal([['runs', [5]]]);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.match(/broken/);
    expect([...parts.customMetrics.target.realtime.held()]).to.have.length(1);
    expect(parts.customMetrics.target.holder).to.equal('before');
  });

  it('should give nothing back to a store that was collected', async () => {
    const { store, restore } = fixture();
    await coreOf(store)
      .openReader(() => 'cumulative')
      .collect();
    let code: string | undefined;
    try {
      restore();
    } catch (error) {
      code = isMetricStoreError(error) ? error.code : String(error);
    }
    expect(code).to.equal('RESTORE_TOO_LATE');
  });
});
