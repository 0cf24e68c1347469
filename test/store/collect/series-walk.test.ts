import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { READ_STEPS } from '../../../lib/limits.js';
import { DONE, LOST, RIGHT } from '../../../lib/memory/words.js';
import { RightPace } from '../../../lib/store/collect/right-pace.js';
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
    const walk = new SeriesWalk(core.catalog, new RightPace(core.region, take()), ({ name }) => name === 'b');
    expect(await seenBy(walk)).to.have.members(['b {"k":"x"}', 'b {"otel.metric.overflow":true}']);
  });

  it('should skip slots that nobody has', async () => {
    const walk = new SeriesWalk(core.catalog, new RightPace(core.region, take()), () => true);
    const free = core.region.layout.maxStreams + 100;
    expect(await seenBy(walk, [free])).to.deep.equal([]);
  });

  it('should go on without the right for as long as no sign of life is due, and no longer', async () => {
    const lost = new SeriesWalk(core.catalog, new RightPace(core.region, take() + 1, 0), () => true);
    let visited = 0;
    const visit = (times: number): Promise<boolean> =>
      lost.visit(Array<number>(times).fill(0), () => void ++visited);
    expect(await visit(READ_STEPS - 2), 'the sign of life covers all visits of a walk').to.equal(true);
    expect(await visit(1)).to.equal(true);
    expect(await visit(5)).to.equal(false);
    expect(visited).to.equal(READ_STEPS - 1);
  });

  /** Slots until somebody has seen enough, or nothing will come any more. */
  const slotsUntil = function* (isEnough: () => boolean): Generator<number> {
    for (let slots = 0; slots < 1e8 && !isEnough(); slots++) yield 0;
  };
  /** Walks until `isEnough` of the turns that the thread had meanwhile, and says when they were. */
  const turnsOf = async (turnsUntil: number, isEnough: (turns: number[]) => boolean): Promise<number[]> => {
    const turns: number[] = [];
    const turn = (): void => {
      turns.push(performance.now());
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    const right = take();
    const walk = new SeriesWalk(core.catalog, new RightPace(core.region, right, turnsUntil), () => true);
    const isWhole = await walk.visit(
      slotsUntil(() => isEnough(turns)),
      () => undefined,
    );
    clearImmediate(next);
    core.region.kernel.giveRight(right);
    expect(isWhole).to.equal(true);
    return turns;
  };

  it('should let the thread do other things', async () => {
    expect(await turnsOf(Infinity, turns => turns.length >= 3)).to.have.length(3);
  });

  it('should go on in one turn when others have waited long enough', async () => {
    const until = performance.now() + 15;
    const isOver = (): boolean => performance.now() > until + 30;
    // The last turn may have begun in time.
    expect((await turnsOf(until, isOver)).filter(at => at > until).length).to.be.at.most(1);
    expect(await turnsOf(0, () => performance.now() > until + 60)).to.deep.equal([]);
  });

  it('should stop at once when the right was lost while the thread did other things', async () => {
    const right = take();
    const walk = new SeriesWalk(core.catalog, new RightPace(core.region, right), () => true);
    let isLost = false;
    let after = 0;
    setImmediate(() => {
      core.region.kernel.giveRight(right);
      isLost = true;
    });
    const slots = slotsUntil(() => after > 0);
    expect(await walk.visit(slots, () => (after += Number(isLost)))).to.equal(false);
    expect(after).to.equal(0);
  });

  it('should keep the right from being taken over on the way', async () => {
    const right = take();
    const word = core.region.kernel.beat(right);
    const walk = new SeriesWalk(core.catalog, new RightPace(core.region, right), () => true);
    expect(word).to.equal(DONE);
    expect(await walk.visit(Array<number>(3 * READ_STEPS).fill(0), () => undefined)).to.equal(true);
    expect(core.region.kernel.beat(right), 'still its own').not.to.equal(LOST);
  });
});
