import { Writable } from 'node:stream';
import { expect } from 'chai';
import { paced } from '../../lib/exposition/paced.js';
import { pourChunks } from '../../lib/exposition/http/pour-chunks.js';
import { hurriedAt, signHurry } from '../../lib/guard/hurry.js';
import { TimeSlice } from '../../lib/guard/time-slice.js';
import { createStore } from '../../lib/store-entry.js';

describe('hurry', () => {
  /** A moment later than the latest sign. */
  const laterOn = (): number => {
    let now = performance.now();
    while (now <= hurriedAt()) now = performance.now();
    return now;
  };
  const isSignedBy = async (work: () => unknown): Promise<boolean> => {
    const from = laterOn();
    await work();
    return hurriedAt() >= from;
  };

  it('should be known once it is signed', async () => {
    expect(await isSignedBy(signHurry)).to.equal(true);
  });

  it('should be signed by each piece of what somebody waits for', async () => {
    const store = createStore({ shared: false });
    expect(await isSignedBy(() => store.metricProducer().collect()), 'a collection').to.equal(true);
    const slice = new TimeSlice();
    expect(await isSignedBy(() => slice.next()), 'long work in turns').to.equal(true);
    const items = paced([1, 2]);
    await items.next();
    expect(await isSignedBy(() => items.next()), 'an answer that is taken').to.equal(true);
    await store.shutdown();
  });

  it('should be signed by each chunk that is sent', async () => {
    const signed: boolean[] = [];
    const to = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done) });
    let from = laterOn();
    const chunks = function* (): Generator<Uint8Array, void> {
      for (let number = 0; number < 3; number++) {
        signed.push(hurriedAt() >= from);
        from = laterOn();
        yield new Uint8Array(1);
      }
    };
    await pourChunks(chunks(), to, { gzipLevel: 0, signal: new AbortController().signal });
    expect(signed).to.deep.equal([true, true, true]);
  });
});
