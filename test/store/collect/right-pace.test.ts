// That walks keep the right and notice its loss is in series-walk.test.ts.
import { expect } from 'chai';
import { RIGHT } from '../../../lib/memory/words.js';
import { RightPace } from '../../../lib/store/collect/right-pace.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

describe('RightPace', () => {
  let core: StoreCore;
  beforeEach(() => (core = createCore({ shared: false, maxBytes: 2 ** 22 })));
  afterEach(() => core.shutdown());

  const take = (): number => {
    const word = Atomics.load(core.region.i64, RIGHT / 8);
    return core.region.kernel.takeRight(
      0,
      Number(BigInt.asIntN(32, word)),
      Number(BigInt.asIntN(32, word >> 32n)),
    );
  };
  const pieces = function* (
    done: number[],
    onPiece: (piece: number) => void = () => undefined,
  ): Generator<void> {
    try {
      for (let piece = 0; piece < 5; piece++) {
        done.push(piece);
        onPiece(piece);
        yield;
      }
    } finally {
      done.push(-1);
    }
  };

  it('should do all pieces of a work while it has the right, with a sign of life after each', async () => {
    const right = take();
    const done: number[] = [];
    const words: bigint[] = [];
    const note = (): void => void words.push(Atomics.load(core.region.i64, RIGHT / 8));
    expect(await new RightPace(core.region, right).through(pieces(done, note))).to.equal(true);
    expect(done).to.deep.equal([0, 1, 2, 3, 4, -1]);
    expect(new Set(words).size, 'the word moves').to.equal(5);
  });

  it('should stop behind the piece in which the right was lost, and end the work', async () => {
    const right = take();
    const done: number[] = [];
    const lose = (piece: number): void => {
      if (piece === 2) core.region.kernel.giveRight(right);
    };
    expect(await new RightPace(core.region, right).through(pieces(done, lose))).to.equal(false);
    expect(done).to.deep.equal([0, 1, 2, -1]);
  });

  it('should let the thread do other things until it is told to hurry', async () => {
    const right = take();
    const pace = new RightPace(core.region, right);
    const hurried = new RightPace(core.region, right, 0);
    const until = performance.now() + 20;
    while (performance.now() < until);
    expect([pace.isTurnOver(), hurried.isTurnOver()]).to.deep.equal([true, false]);
    let turns = 0;
    setImmediate(() => turns++);
    expect([await hurried.goesOn(), turns]).to.deep.equal([true, 0]);
    expect([await pace.goesOn(), turns]).to.deep.equal([true, 1]);
  });
});
