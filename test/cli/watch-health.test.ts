import { expect } from 'chai';
import { WatchHealth } from '../../lib/cli/watch-health.js';

const MINUTE = 60_000;

describe(WatchHealth.name, () => {
  let now: number;
  let health: WatchHealth;
  let end: AbortController;

  beforeEach(() => {
    now = 1000;
    end = new AbortController();
    health = new WatchHealth(() => now);
  });

  const begin = (...places: string[]) => health.begin(places, [end.signal]);

  it('should be alive and not ready while the state is read, however long that takes', () => {
    now += 60 * MINUTE;
    expect(health.stillReason()).to.equal(undefined);
    expect(health.unreadyReason()).to.equal('what was counted before is not there yet');
  });

  it('should be ready when every watch knows all that there was, until it ends', () => {
    const [first, second] = begin('namespace a', 'namespace b');
    expect(health.unreadyReason()).to.equal('not all workflows of namespace a are known yet');
    first?.step({ kind: 'caughtUp' });
    expect(health.unreadyReason()).to.equal('not all workflows of namespace b are known yet');
    second?.step({ kind: 'caughtUp' });
    expect(health.unreadyReason()).to.equal(undefined);
    second?.step({ kind: 'disconnected', error: undefined });
    expect(health.unreadyReason()).to.equal(undefined);
    end.abort();
    expect(health.unreadyReason()).to.equal('it ends');
    expect(health.stillReason()).to.equal(undefined);
  });

  it('should stand still five minutes after the longest wait that a watch has said', () => {
    const [first, second] = begin('namespace a', 'namespace b');
    first?.step({ kind: 'waits', millisMax: 6 * MINUTE });
    second?.step({ kind: 'waits', millisMax: 0 });
    now += 5 * MINUTE;
    expect(health.stillReason()).to.equal(undefined);
    second?.step({ kind: 'waits', millisMax: 30 * MINUTE });
    now += 6 * MINUTE;
    expect(health.stillReason()).to.equal(undefined);
    now++;
    expect(health.stillReason()).to.equal(
      'the watch of workflows of namespace a stands still: nothing of it was heard for 660 s',
    );
    first?.step({ kind: 'connected' });
    expect(health.stillReason()).to.equal(undefined);
  });

  it('should be behind until it is connected and knows all, and from the end of the connection on', () => {
    expect(health.lagMillis).to.equal(0);
    const [first, second] = begin('namespace a', 'namespace b');
    second?.step({ kind: 'caughtUp' });
    second?.step({ kind: 'connected' });
    now += 10;
    expect(health.lagMillis).to.equal(10);
    first?.step({ kind: 'connected' });
    now += 10;
    expect(health.lagMillis).to.equal(20);
    first?.step({ kind: 'caughtUp' });
    expect(health.lagMillis).to.equal(0);
    now += 10;
    first?.step({ kind: 'disconnected', error: undefined });
    now += 5;
    first?.step({ kind: 'waits', millisMax: 100 });
    second?.step({ kind: 'disconnected', error: undefined });
    now += 5;
    expect(health.lagMillis).to.equal(10);
    first?.step({ kind: 'connected' });
    expect(health.lagMillis).to.equal(5);
  });
});
