import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { nextStoreNumber } from '../../lib/store/store-number.js';

describe('nextStoreNumber', () => {
  it('should count on from the store before, also if another copy of the package made that', async () => {
    const first = Number(nextStoreNumber());
    // The compiled file is a second copy.
    const path = '../../dist/store/store-number.js';
    const copy = (await import(path)) as { nextStoreNumber: typeof nextStoreNumber };
    expect([copy.nextStoreNumber(), nextStoreNumber()]).to.deep.equal([`${first + 1}`, `${first + 2}`]);
  });

  it('should name the thread in any other than the main one, and begin at 0 there', async () => {
    const worker = new Worker(new URL('./workers/numbering.mjs', import.meta.url));
    const { threadId } = worker;
    const numbers = await new Promise(resolve => worker.once('message', resolve));
    expect(numbers).to.deep.equal([`${threadId}.0`, `${threadId}.1`]);
  });
});
