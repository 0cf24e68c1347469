import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { READ_STEPS } from '../../../lib/limits.js';
import { DONE, LOST } from '../../../lib/memory/words.js';
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

  const take = (force = 0): number => core.region.kernel.takeRight(0, 0, force);
  const seenBy = (walk: SeriesWalk, slots = walk.all()): string[] => {
    const seen: string[] = [];
    walk.visit(slots, ({ stream, text }) => seen.push(`${stream.definition.name} ${text}`));
    return seen;
  };

  it('should visit the series of the streams that are asked for, overflow series too', () => {
    const walk = new SeriesWalk(core, take(), ({ name }) => name === 'b');
    expect(seenBy(walk)).to.have.members(['b {"k":"x"}', 'b {"otel.metric.overflow":true}']);
  });

  it('should skip slots that nobody has', () => {
    const walk = new SeriesWalk(core, take(), () => true);
    const free = core.region.layout.maxStreams + 100;
    expect(seenBy(walk, [free])).to.deep.equal([]);
  });

  it('should go on without the right for as long as no sign of life is due, and no longer', () => {
    const lost = new SeriesWalk(core, take() + 1, () => true);
    let visited = 0;
    const visit = (times: number): boolean => lost.visit(Array<number>(times).fill(0), () => void ++visited);
    expect(visit(READ_STEPS - 2), 'the sign of life covers all visits of a walk').to.equal(true);
    expect(visit(1)).to.equal(true);
    expect(visit(5)).to.equal(false);
    expect(visited).to.equal(READ_STEPS - 1);
  });

  it('should keep the right from being taken over on the way', () => {
    const right = take();
    const word = core.region.kernel.beat(right);
    const walk = new SeriesWalk(core, right, () => true);
    expect(word).to.equal(DONE);
    expect(walk.visit(Array<number>(3 * READ_STEPS).fill(0), () => undefined)).to.equal(true);
    expect(core.region.kernel.beat(right), 'still its own').not.to.equal(LOST);
  });
});
