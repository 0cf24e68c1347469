import { expect } from 'chai';
import type { CutResult, Swap } from '../../../lib/memory/swap.js';
import type { Region } from '../../../lib/memory/region.js';
import { CutQueue } from '../../../lib/store/collect/cut-queue.js';
import { FirstSeen } from '../../../lib/store/collect/first-seen.js';

describe('CutQueue', () => {
  it('lets a swap that fails fail those who asked for it, and no other', async () => {
    let cuts = 0;
    const cut = <T>(read: (right: number) => T): Promise<CutResult<T>> => {
      if (++cuts === 1) throw new Error('no swap');
      return Promise.resolve({ outcome: 'fresh', waitMillis: 0, value: read(1) } as CutResult<T>);
    };
    const queue = new CutQueue(
      { cut, epoch: () => 0n } as unknown as Swap,
      new FirstSeen({} as Region),
      1000,
      () => 0,
    );
    const ask = (value: string): Promise<unknown> =>
      queue
        .request(() => value)
        .then(
          result => result.value,
          (error: unknown) => String(error),
        );
    expect(await Promise.all([ask('a'), ask('b')])).to.deep.equal(['Error: no swap', 'Error: no swap']);
    expect(await Promise.all([ask('c'), ask('d')])).to.deep.equal(['c', 'd']);
    expect(cuts).to.equal(2);
  });
});
