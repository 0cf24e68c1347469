// Processes that really end are in register.test.ts. Here: who else listens, and who survives.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { beforeEndingSignals } from '../../lib/register/ending-signals.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

describe('beforeEndingSignals', () => {
  const before = new Map(SIGNALS.map(signal => [signal, process.listeners(signal)] as const));
  const kill = process.kill.bind(process);
  let done: string[];
  beforeEach(() => {
    done = [];
    for (const signal of SIGNALS) process.removeAllListeners(signal);
    // The signal is raised and the process lives: it is the first one of a container.
    process.kill = (pid, signal) => {
      done.push(
        `${pid === process.pid ? 'raise' : pid} ${signal}, ${process.listenerCount(signal as 'SIGINT')}`,
      );
      return true;
    };
    beforeEndingSignals(() => done.push('act'));
  });
  afterEach(() => {
    process.kill = kill;
    for (const [signal, listeners] of before) {
      process.removeAllListeners(signal);
      for (const listener of listeners) process.on(signal, listener);
    }
  });

  it('should act, and raise the signal again when nobody listens any more', async () => {
    for (const signal of SIGNALS) {
      process.emit(signal, signal);
      expect(done).to.deep.equal(['act', `raise ${signal}, 0`]);
      await nextTurn();
      done.length = 0;
    }
  });

  it('should act again for a process that survives', async () => {
    for (let times = 0; times < 3; times++) {
      process.emit('SIGTERM', 'SIGTERM');
      await nextTurn();
    }
    expect(done.filter(what => what === 'act')).to.have.length(3);
    expect(process.listenerCount('SIGTERM')).to.equal(1);
  });

  it('should leave it to others that listen, which see nobody but themselves', async () => {
    const seen: number[] = [];
    process.on('SIGTERM', () => seen.push(process.listenerCount('SIGTERM')));
    process.on('SIGTERM', () => seen.push(process.listenerCount('SIGTERM')));
    for (let times = 0; times < 2; times++) {
      process.emit('SIGTERM', 'SIGTERM');
      await nextTurn();
    }
    expect([done, seen]).to.deep.equal([[], [2, 2, 2, 2]]);
    expect(process.listenerCount('SIGTERM')).to.equal(3);
  });

  it('should act before one who handled it raises it again at once, and leave process.kill as it was', async () => {
    const given: unknown = Reflect.get(process, 'kill');
    process.once('SIGTERM', () => {
      process.kill(process.pid, 0);
      process.kill(process.ppid, 'SIGTERM');
      process.kill(process.pid, 'SIGTERM');
    });
    process.emit('SIGTERM', 'SIGTERM');
    expect(done).to.deep.equal(['raise 0, 0', `${process.ppid} SIGTERM, 0`, 'act', 'raise SIGTERM, 0']);
    await nextTurn();
    expect(Reflect.get(process, 'kill')).to.equal(given);
  });
});
