// Whole collections are in test/collection.test.ts, what a scrape shows as 0 in test/exposition/zero-start.test.ts.
import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { defineCustomInstrument } from '../../../lib/instruments/custom-instrument.js';
import { CumulativeReader } from '../../../lib/store/collect/cumulative-reader.js';
import { ColumnSpaces } from '../../../lib/store/collect/column-space.js';
import { RightPace } from '../../../lib/store/collect/right-pace.js';
import { StreamPoints } from '../../../lib/store/collect/stream-points.js';
import { ZeroStart } from '../../../lib/store/collect/zero-start.js';
import type { CollectedStream, InstrumentKind } from '../../../lib/store/definition/stream.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';

const TTL = 10_000;

describe('CumulativeReader', () => {
  let now = 0;
  let core: StoreCore;
  beforeEach(() => {
    now = 1000;
    core = createCore({ shared: false, maxBytes: 2 ** 24, seriesTtlMillis: TTL, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  const open = (
    zeroStartMillis = 0,
    isShown: (kind: InstrumentKind) => boolean = () => true,
  ): CumulativeReader => new CumulativeReader(core, new ZeroStart(core.region, zeroStartMillis), isShown);
  /** What a cut had, as columns. */
  const collect = async (reader: CumulativeReader): Promise<CollectedStream[]> => {
    const { value } = await core.cuts.request(right =>
      core.snapshots.take(new RightPace(core.region, right), reader.parts()),
    );
    const points = new StreamPoints(() => 'cumulative');
    await reader.read(value!, { at: now, space: new ColumnSpaces().open(), only: () => true, points });
    value?.giveBack();
    reader.end();
    return points.streams();
  };
  /** Name, start and value of each point. */
  const read = async (reader: CumulativeReader): Promise<unknown> =>
    (await collect(reader)).flatMap(({ definition, points }) =>
      pointsIn(points).map(({ startUnixMillis, value: shown }) => [definition.name, startUnixMillis, shown]),
    );

  it('should show all of a series since it began, in every collection', async () => {
    const reader = open();
    const counter = meterOf(core, 'm').createCounter('c').bind();
    counter.add(1);
    expect(await read(reader)).to.deep.equal([['c', 1000, 1]]);
    now = 2000;
    counter.add(2);
    expect(await read(reader)).to.deep.equal([['c', 1000, 3]]);
    expect(await read(reader)).to.deep.equal([['c', 1000, 3]]);
  });

  it('should show only the kinds that it is asked for', async () => {
    meterOf(core, 'm').createCounter('c').add(1);
    meterOf(core, 'm').createUpDownCounter('u').add(2);
    expect(await read(open(0, kind => kind !== 'COUNTER'))).to.deep.equal([['u', 1000, 2]]);
  });

  it('should not show what nobody wrote for as long as a series lives', async () => {
    const reader = open();
    meterOf(core, 'm').createCounter('c').add(1, { k: 'a' });
    expect(await read(reader)).to.have.length(1);
    now += TTL + 1;
    expect(await read(reader)).to.deep.equal([]);
  });

  it('should show the numbers of a series once that was shown as 0, though it has expired', async () => {
    const reader = open(2 * TTL);
    await read(reader);
    now = 2000;
    meterOf(core, 'm').createCounter('c').add(5, { k: 'a' });
    expect(await read(reader)).to.deep.equal([['c', 2000, 0]]);
    now += TTL + 1;
    expect(await read(reader)).to.deep.equal([['c', 2000, 5]]);
    expect(await read(reader)).to.deep.equal([]);
  });

  it('should show one of the copies of a gauge that several hold', async () => {
    const defined = defineCustomInstrument(core, { name: 'g', help: 'G', type: 'gauge' });
    if (!('instrument' in defined)) throw new Error('no instrument');
    defined.instrument.series({ k: 'a' }, 'one').set(1);
    defined.instrument.series({ k: 'a' }, 'two').recordElapsed(0);
    defined.instrument.series({ k: 'b' }, 'one').set(3);
    expect(await read(open())).to.have.deep.members([
      ['g', 1000, 1],
      ['g', 1000, 3],
    ]);
  });

  it('should hand out one array of series while none of them came or went', async () => {
    const reader = open();
    const counter = meterOf(core, 'm').createCounter('c');
    const seriesOf = async (): Promise<unknown> => (await collect(reader))[0]?.points.series;
    for (const k of ['a', 'b']) counter.add(1, { k });
    const first = await seriesOf();
    counter.add(1, { k: 'b' });
    expect(await seriesOf()).to.equal(first);
    counter.bind({ k: 'nothing was recorded' });
    expect(await seriesOf(), 'nobody is shown who was not').to.equal(first);
    counter.add(1, { k: 'c' });
    expect(await seriesOf()).to.not.equal(first);
  });
});
