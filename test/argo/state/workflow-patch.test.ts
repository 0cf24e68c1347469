// Goal: a state and what changed of it make the next one, whatever changed.
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { TrackerState } from '../../../lib/argo/observe/tracker-state.js';
import { SharedIds } from '../../../lib/argo/state/shared-ids.js';
import type { WorkflowPatch } from '../../../lib/argo/state/state-record.js';
import { patched, patchOf, UNSEEN } from '../../../lib/argo/state/workflow-patch.js';

const bytes = fc.uint8Array({ maxLength: 30 }).map(array => Buffer.from(array).toString('latin1'));
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const json = maybe(fc.dictionary(fc.string(), fc.string()).map(each => ({ ...each })));
const written = fc.record({
  first: json,
  started: maybe(fc.nat()),
  written: fc.array(
    fc.oneof(
      fc.record({ mark: fc.nat(), isChanged: fc.constant(true), original: json }),
      fc.record({ mark: fc.nat(), isChanged: fc.constant(false), original: fc.constant(undefined) }),
    ),
  ),
});
const state: fc.Arbitrary<TrackerState> = fc.record({
  versions: fc.string(),
  runs: bytes,
  newestTime: maybe(fc.nat()),
  phase: maybe(fc.string()),
  labels: json,
  annotations: json,
  startedAt: maybe(fc.nat()),
  saidHidden: fc.boolean(),
  written,
});

describe('a patch of a workflow', () => {
  it('should lead from one state to the next', () => {
    const chain = fc.array(state, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(chain, states => {
        const ids = new SharedIds();
        const values = new Map<number, unknown>();
        let [before, ours] = [UNSEEN, UNSEEN];
        for (const next of states) {
          const text = JSON.stringify([patchOf(before, next, ids), ids.takeFresh()]);
          const [patch, fresh] = JSON.parse(text) as [WorkflowPatch, [number, unknown][]];
          for (const [id, value] of fresh) values.set(id, value);
          ours = patched(ours, patch, id => values.get(id));
          expect(ours).to.deep.equal(next);
          before = next;
        }
      }),
    );
  });

  it('should be small where little changed', () => {
    const before: TrackerState = {
      ...UNSEEN,
      versions: '1',
      runs: 'abcdefgh'.repeat(100),
      labels: { a: 'b' },
    };
    const runs = `${before.runs.slice(0, 400)}X${before.runs.slice(401)}`;
    const patch = patchOf(before, { ...before, versions: '2', runs }, new SharedIds());
    expect(patch).to.deep.equal({ v: '2', r: [400, 399, Buffer.from('X').toString('base64')] });
    expect(patchOf(before, { ...before }, new SharedIds())).to.deep.equal({});
  });

  it('should be refused for runs that are shorter than it says', () => {
    expect(() => patched(UNSEEN, { r: [1, 0, ''] }, () => undefined)).to.throw(RangeError);
  });
});
