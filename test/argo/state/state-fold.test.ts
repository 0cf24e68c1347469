// Goal: records lead to the state that they tell of, a snapshot of it leads to the same, and nonsense leads to none.
import { expect } from 'chai';
import { FinishedWorkflows } from '../../../lib/argo/observe/finished-workflows.js';
import { packRuns } from '../../../lib/argo/observe/packed-runs.js';
import { endRun, newRun } from '../../../lib/argo/observe/run.js';
import type { TrackerState } from '../../../lib/argo/observe/tracker-state.js';
import { StateFold, type FoldedState } from '../../../lib/argo/state/state-fold.js';
import type { StateRecord } from '../../../lib/argo/state/state-record.js';
import { snapshotOf } from '../../../lib/argo/state/state-snapshot.js';
import { createCore } from '../../../lib/store/store-core.js';

const DEFINITIONS: StateRecord['d'] = [
  [1, { name: 'runs', help: 'R', type: 'counter', ttlMillis: 100 }],
  [2, { name: 'sizes', help: 'S', type: 'histogram', boundaries: [1, 5] }],
  [3, { name: 'clock', help: 'C', type: 'gauge' }],
];
const RECORDS: readonly StateRecord[] = [
  { t: 1000, d: DEFINITIONS, s: [[1, 1, '{"k":"a"}']], o: [['add', 1, 0.1]], p: '1', h: 'me' },
  {
    t: 1010,
    s: [
      [2, 2, '{}'],
      [3, 3, '{"\\u0000holder":"me"}'],
    ],
    o: [
      ['record', 2, 7],
      ['report', 'u', '', 'm', 3, 500, null],
    ],
  },
  { t: 1020, c: [1, 1015], o: [['add', 1, 0.2]], w: [['u', { v: '5', p: 'Running' }]] },
  { t: 1030, c: [1, 1025] },
  // The first series has expired here: what comes then begins anew.
  {
    t: 1300,
    c: [2, 1250],
    o: [['add', 1, 0.4]],
    w: [
      ['v', { v: '6' }],
      ['old', 700],
    ],
    b: true,
  },
  {
    t: 1310,
    s: [[4, 1]],
    o: [
      ['add', 4, 'Infinity'],
      ['complete', 'u', 1500],
    ],
    w: [['v', '-Infinity']],
    p: '2',
  },
];

async function foldOf(records: Iterable<StateRecord>, at = 1400): Promise<FoldedState> {
  const like = createCore({ shared: false, maxBytes: 2 ** 22 });
  const fold = new StateFold(like, { isExact: false });
  try {
    for (const record of records) await fold.take(record);
    return await fold.finish(at);
  } finally {
    fold.close();
    like.shutdown();
  }
}

/** What can be compared. */
function dataOf({ streams, held, workflows, gone, ...rest }: FoldedState): unknown {
  return {
    ...rest,
    streams: streams.map(({ definition: { name, boundaries, ttlMillis }, series }) => ({
      name,
      boundaries,
      ttlMillis,
      series,
    })),
    held,
    workflows: [...workflows],
    gone: [...gone],
  };
}

/** What no cut had had was used when it went on; and what has had no data begins to have some behind that. */
function withoutTimes(data: unknown): unknown {
  return JSON.parse(
    JSON.stringify(data, (key, value: unknown) => (/^(?:used|start)UnixMillis$/.test(key) ? 0 : value)),
  );
}

describe('StateFold', () => {
  it('should lead to totals as they were shown, with what expired gone, and to all else that was remembered', async () => {
    const { streams, held, workflows, gone, position, hasBaseline, holder, cutAt } = await foldOf(RECORDS);
    const runs = streams.find(({ definition }) => definition.name === 'runs');
    expect(runs?.series).to.deep.equal([
      { attributes: undefined, value: Number.MAX_VALUE, startUnixMillis: 1250, usedUnixMillis: 1400 },
      { attributes: { k: 'a' }, value: 0.4, startUnixMillis: 1300, usedUnixMillis: 1400 },
    ]);
    expect(held).to.deep.equal([
      {
        reporter: { owner: 'u', subject: '', metric: 'm' },
        ...{ start: 500, end: 1500, isComplete: true, text: '{"\\u0000holder":"me"}' },
        definition: { name: 'clock', help: 'C', type: 'gauge', ttlMillis: 0 },
      },
    ]);
    expect([...workflows.keys()]).to.deep.equal(['u']);
    expect([...gone]).to.deep.equal([
      ['old', 700],
      ['v', -Infinity],
    ]);
    expect({ position, hasBaseline, holder, cutAt }).to.deep.equal({
      ...{ position: '2', hasBaseline: true, holder: 'me', cutAt: 1250 },
    });
  });

  it('should lead to the same from a snapshot, and from a snapshot of that', async () => {
    let folded = await foldOf(RECORDS);
    const wanted = dataOf(folded);
    for (let times = 0; times < 2; times++) {
      const records = [...snapshotOf(folded)].map(
        record => JSON.parse(JSON.stringify(record)) as StateRecord,
      );
      folded = await foldOf(records);
      expect(dataOf(folded)).to.deep.equal(wanted);
    }
  });

  it('should lead to the same with a snapshot between any two records', async () => {
    const wanted = withoutTimes(dataOf(await foldOf(RECORDS)));
    for (let count = 1; count < RECORDS.length; count++) {
      // Numbers of series and definitions are given anew behind a snapshot.
      const before = RECORDS.slice(0, count);
      const folded = await foldOf(before, before.at(-1)?.t);
      const d = before.flatMap(record => record.d ?? []);
      const s = before.flatMap(record => record.s ?? []);
      const rest = [{ d, s }, ...RECORDS.slice(count)];
      expect(withoutTimes(dataOf(await foldOf([...snapshotOf(folded), ...rest]))), `${count}`).to.deep.equal(
        wanted,
      );
    }
  });

  it('should refuse what no recorder wrote', async () => {
    const wrong: StateRecord[] = [
      { o: [['add', 9, 1]] },
      { s: [[9, 9]] },
      { o: [['what'] as never] },
      { w: [['u', { l: 3 }]] },
      { m: [1, [[{ k: 'a' }, -1, 0, 0]]] },
    ];
    for (const record of wrong) {
      const failed = await foldOf([record]).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failed, JSON.stringify(record)).to.be.an('error');
    }
  });

  it('should keep apart the values of what bytes could not hold before, and can now', async () => {
    const run = newRun(0);
    endRun(run, { startedAt: 1000, finishedAt: 2000 });
    const over = (labels: unknown, first?: unknown): TrackerState => ({
      ...{ versions: '7', runs: packRuns([run]), newestTime: 2000, phase: 'Succeeded', startedAt: 1000 },
      ...{ labels, annotations: undefined, saidHidden: false },
      written: { first, started: undefined, written: [] },
    });
    // JSON of it is deeper than a stack, so it is in no record.
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const finished = new FinishedWorkflows();
    for (const uid of ['u', 'v', 'w']) finished.set(uid, over({ a: 'x' }, { prometheus: [] }));
    const state = { ...(await foldOf([])), finished };
    const workflows = [['deep', over({ z: 'q' }, deep)]] as const;
    const folded = await foldOf(snapshotOf({ ...state, workflows }));
    expect(folded.finished.get('deep')?.labels).to.deep.equal({ z: 'q' });
    expect(folded.finished.get('w')?.labels).to.deep.equal({ a: 'x' });
  });
});
