import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { whenThreadEnds } from '../../../lib/store/collect/thread-end.js';

describe('whenThreadEnds', () => {
  for (const how of ['return', 'exit', 'fail'])
    it(`should run what was not taken back, by one listener, when the thread ends by itself: ${how}`, async () => {
      const notes = new Int32Array(new SharedArrayBuffer(8));
      const worker = new Worker(new URL('../workers/ending.mjs', import.meta.url), {
        workerData: { how, notes: notes.buffer },
      });
      worker.on('error', () => undefined);
      await new Promise(resolve => worker.once('exit', resolve));
      expect([...notes]).to.deep.equal([2, 1]);
    });

  it('should do nothing in the main thread, with which everything else ends too', () => {
    const before = process.listenerCount('exit');
    const forget = whenThreadEnds(() => undefined);
    expect(process.listenerCount('exit')).to.equal(before);
    forget();
  });
});
