import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { READ_STEPS } from '../../../lib/limits.js';
import { DONE, LOST, RIGHT } from '../../../lib/memory/words.js';
import { SeriesWalk } from '../../../lib/store/collect/series-walk.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

describe('SeriesWalk', () => {
  let core: StoreCore;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 24 });
    const meter = meterOf(core, 'm');
    for (const name of ['a', 'b']) meter.createCounter(name).add(1, { k: 'x' });
  });
  afterEach(() => core.shutdown());

  const take = (): number => {
    const word = Atomics.load(core.region.i64, RIGHT / 8);
    return core.region.kernel.takeRight(
      0,
      Number(BigInt.asIntN(32, word)),
      Number(BigInt.asIntN(32, word >> 32n)),
    );
  };
  const seenBy = async (walk: SeriesWalk, slots = walk.all()): Promise<string[]> => {
    const seen: string[] = [];
    await walk.visit(slots, ({ stream, text }) => seen.push(`${stream.definition.name} ${text}`));
    return seen;
  };

  it('should visit the series of the streams that are asked for, overflow series too', async () => {
    const walk = new SeriesWalk(core, take(), ({ name }) => name === 'b');
    expect(await seenBy(walk)).to.have.members(['b {"k":"x"}', 'b {"otel.metric.overflow":true}']);
  });

  it('should skip slots that nobody has', async () => {
    const walk = new SeriesWalk(core, take(), () => true);
    const free = core.region.layout.maxStreams + 100;
    expect(await seenBy(walk, [free])).to.deep.equal([]);
  });

  it('should go on without the right for as long as no sign of life is due, and no longer', async () => {
    const lost = new SeriesWalk(core, take() + 1, () => true, 0);
    let visited = 0;
    const visit = (times: number): Promise<boolean> =>
      lost.visit(Array<number>(times).fill(0), () => void ++visited);
    expect(await visit(READ_STEPS - 2), 'the sign of life covers all visits of a walk').to.equal(true);
    expect(await visit(1)).to.equal(true);
    expect(await visit(5)).to.equal(false);
    expect(visited).to.equal(READ_STEPS - 1);
  });

  /** Walks for as long as a few turns take. */
  const walkLong = (walk: SeriesWalk, visited: () => void = () => undefined): Promise<boolean> => {
    const until = performance.now() + 50;
    const slots = function* (): Generator<number> {
      while (performance.now() < until) yield 0;
    };
    return walk.visit(slots(), visited);
  };

  it('should let the thread do other things, until others have waited long enough', async () => {
    const turns = async (until: number): Promise<number> => {
      let count = 0;
      const turn = (): void => {
        count++;
        next = setImmediate(turn);
      };
      let next = setImmediate(turn);
      const right = take();
      expect(await walkLong(new SeriesWalk(core, right, () => true, until))).to.equal(true);
      clearImmediate(next);
      core.region.kernel.giveRight(right);
      return count;
    };
    expect(await turns(Infinity)).to.be.at.least(3);
    expect(await turns(performance.now() + 15)).to.be.within(1, 3);
    expect(await turns(0)).to.equal(0);
  });

  it('should stop at once when the right was lost while the thread did other things', async () => {
    const right = take();
    const walk = new SeriesWalk(core, right, () => true);
    let isLost = false;
    let after = 0;
    setImmediate(() => {
      core.region.kernel.giveRight(right);
      isLost = true;
    });
    expect(await walkLong(walk, () => (after += Number(isLost)))).to.equal(false);
    expect(isLost).to.equal(true);
    expect(after).to.equal(0);
  });

  it('should keep the right from being taken over on the way', async () => {
    const right = take();
    const word = core.region.kernel.beat(right);
    const walk = new SeriesWalk(core, right, () => true);
    expect(word).to.equal(DONE);
    expect(await walk.visit(Array<number>(3 * READ_STEPS).fill(0), () => undefined)).to.equal(true);
    expect(core.region.kernel.beat(right), 'still its own').not.to.equal(LOST);
  });
});
