import { expect } from 'chai';
import type { CutResult, Swap } from '../../../lib/memory/swap.js';
import { CutQueue } from '../../../lib/store/collect/cut-queue.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

describe('CutQueue', () => {
  let core: StoreCore;
  beforeEach(() => (core = createCore({ shared: false, maxBytes: 2 ** 22 })));
  afterEach(() => core.shutdown());

  it('makes one swap for those who ask in one turn of the event loop, and the next for who asks later', async () => {
    const rights = await Promise.all([1, 2, 3].map(() => core.cuts.request(right => right)));
    expect(new Set(rights.map(({ value }) => value)).size, 'one right').to.equal(1);
    expect(core.swap.epoch()).to.equal(1n);
    await core.cuts.request(() => true);
    expect(core.swap.epoch()).to.equal(2n);
  });

  it('turns the event loop before each swap', async () => {
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    while (turns < 3) await core.cuts.request(() => true);
    clearInterval(count);
  });

  it('lets a reader that throws fail alone', async () => {
    const results = await Promise.allSettled([
      core.cuts.request(() => 'a'),
      core.cuts.request(() => {
        throw new Error('broken');
      }),
      core.cuts.request(() => 'c'),
    ]);
    const told = results.map(result =>
      result.status === 'fulfilled' ? result.value.value : String(result.reason),
    );
    expect(told).to.deep.equal(['a', 'Error: broken', 'c']);
  });

  it('lets all read again when one of them lost the right', async () => {
    const reads = [0, 0];
    const results = await Promise.all([
      core.cuts.request(() => ++reads[0]!),
      core.cuts.request(() => (++reads[1]! === 1 ? undefined : reads[1])),
    ]);
    expect(results.map(({ value }) => value)).to.deep.equal([2, 2]);
  });

  it('tells all who read again that one of them lost the right', async () => {
    const told: boolean[][] = [[], []];
    await Promise.all(
      told.map((again, index) =>
        core.cuts.request((_, isAgain) => (again.push(isAgain) === 1 && index === 1 ? undefined : true)),
      ),
    );
    expect(told).to.deep.equal([
      [false, true],
      [false, true],
    ]);
  });

  it('lets a swap that fails fail those who asked for it, and no other', async () => {
    let cuts = 0;
    const cut = async <T>(read: (right: number) => Promise<T>): Promise<CutResult<T>> => {
      if (++cuts === 1) throw new Error('no swap');
      return { outcome: 'fresh', waitMillis: 0, value: await read(1) };
    };
    const queue = new CutQueue({ cut, epoch: () => 0n } as unknown as Swap, 1000, () => 0);
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
