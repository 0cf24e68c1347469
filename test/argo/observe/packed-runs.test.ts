import { expect } from 'chai';
import fc from 'fast-check';
import { packRuns, unpackRuns } from '../../../lib/argo/observe/packed-runs.js';
import type { Run } from '../../../lib/argo/observe/run.js';

const times = fc.oneof(
  fc.constant(undefined),
  // As Kubernetes writes them, and anything that an object of another origin may have.
  fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }).map(seconds => seconds * 1000),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
);
const mark = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const over = fc
  .record({ mark, startedAt: times, finishedAt: times })
  .map((fields): Run => ({ isDone: true, wasRunning: false, reported: 0, seen: 0, ...fields }));
const open = fc
  .record({ mark, wasRunning: fc.boolean(), reported: fc.oneof(fc.constant(0), mark) })
  .map((fields): Run => ({ isDone: false, startedAt: undefined, finishedAt: undefined, seen: 0, ...fields }));

describe('packed runs', () => {
  it('should come out as they went in, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(over, open), { maxLength: 30 }), runs => {
        expect(unpackRuns(packRuns(runs))).to.deep.equal(runs);
      }),
    );
  });

  it('should take few bytes for what is over, and one byte for each character', () => {
    const start = Date.UTC(2026, 0, 1);
    const runs = Array.from({ length: 5000 }, (_, index): Run => {
      const startedAt = start + (index >> 3) * 1000;
      const done = { isDone: true, wasRunning: false, reported: 0, seen: 0 };
      return { ...done, mark: 2 ** 52 + index, startedAt, finishedAt: startedAt + 60_000 };
    });
    const packed = packRuns(runs);
    expect(packed.length).to.be.lessThan(5000 * 11);
    expect(Buffer.from(packed, 'latin1').toString('latin1')).to.equal(packed);
    expect(unpackRuns(packed)).to.deep.equal(runs);
  });

  it('should forget what no step asks for any more', () => {
    const run: Run = {
      mark: 7,
      isDone: true,
      wasRunning: true,
      reported: 9,
      startedAt: 1,
      finishedAt: 2,
      seen: 3,
    };
    expect(unpackRuns(packRuns([run]))).to.deep.equal([{ ...run, wasRunning: false, reported: 0, seen: 0 }]);
  });
});
