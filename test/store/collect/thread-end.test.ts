import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { whenThreadEnds } from '../../../lib/store/collect/thread-end.js';

describe('whenThreadEnds', () => {
  /** How often an action ran, and the listeners there were with one action, with none again, and with several. */
  const notesOf = async (workerData: { how: string; isAlone: boolean }): Promise<number[]> => {
    const notes = new Int32Array(new SharedArrayBuffer(16));
    const worker = new Worker(new URL('../workers/ending.mjs', import.meta.url), {
      workerData: { ...workerData, notes: notes.buffer },
    });
    worker.on('error', () => undefined);
    await new Promise(resolve => worker.once('exit', resolve));
    return [...notes];
  };

  for (const how of ['return', 'exit', 'fail'])
    it(`should run what was not taken back, by one listener, when the thread ends by itself: ${how}`, async () => {
      expect(await notesOf({ how, isAlone: false })).to.deep.equal([2, 1, 0, 1]);
    });

  it('should run also the only one that was not taken back', async () => {
    expect(await notesOf({ how: 'return', isAlone: true })).to.deep.equal([1, 1, 0, 1]);
  });

  it('should do nothing in the main thread, with which everything else ends too', () => {
    const before = process.listenerCount('exit');
    const forget = whenThreadEnds(() => undefined);
    expect(process.listenerCount('exit')).to.equal(before);
    forget();
  });
});
