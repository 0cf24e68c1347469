import { expect } from 'chai';
import { ReplayClock } from '../../lib/cli/replay-clock.js';
import { running, START, workflowOf } from '../argo/workflow-fixture.js';

const T0 = Date.parse(START);
const objectAt = (seconds: number): unknown =>
  workflowOf({ nodes: [running('n', { finishedAt: new Date(T0 + seconds * 1000).toISOString() })] });

describe('ReplayClock', () => {
  it('should follow the newest time that was shown, never beyond the end, and end there', async () => {
    const clock = new ReplayClock(() => T0 + 50_000, 0);
    const times: number[] = [];
    for (const seconds of [10, 5, 30, 70]) {
      await clock.see(objectAt(seconds));
      times.push((clock.now() - T0) / 1000);
    }
    await clock.see('no workflow');
    await clock.finish();
    times.push((clock.now() - T0) / 1000);
    expect(times).to.deep.equal([10, 10, 30, 50, 50]);
  });

  it('should collect before and after each tenth of the time to live, and not without one', async () => {
    const collectedAt = async (ttlMillis: number): Promise<number[]> => {
      const clock = new ReplayClock(() => T0 + 300_000, ttlMillis);
      const seen: number[] = [];
      clock.collect = () => Promise.resolve(seen.push(Math.max(0, clock.now() - T0) / 1000));
      for (const seconds of [1, 5, 11, 12]) await clock.see(objectAt(seconds));
      await clock.finish();
      return seen;
    };
    expect(await collectedAt(0)).to.deep.equal([]);
    expect(await collectedAt(100_000)).to.deep.equal([
      ...[0, 1, 1, 1, 1],
      ...[5, 11, 11, 11, 11],
      ...[12, 300, 300, 300, 300],
    ]);
  });
});
