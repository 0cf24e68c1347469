// Whole collections, readers that come and go, and other threads: test/store/torn-delta.test.ts, test/stress.
import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { DeltaReader } from '../../../lib/store/collect/delta-reader.js';
import { SeriesValues } from '../../../lib/store/collect/series-values.js';
import { RightPace } from '../../../lib/store/collect/right-pace.js';
import { SeriesWalk } from '../../../lib/store/collect/series-walk.js';
import { StreamPoints } from '../../../lib/store/collect/stream-points.js';
import type { InstrumentKind } from '../../../lib/store/definition/stream.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';

describe('DeltaReader', () => {
  let now = 0;
  let core: StoreCore;
  beforeEach(() => {
    now = 1000;
    core = createCore({
      shared: false,
      maxBytes: 2 ** 24,
      readerLeaseMillis: 5000,
      clock: { now: () => now },
    });
  });
  afterEach(() => core.shutdown());

  const open = (isShown: (kind: InstrumentKind) => boolean = () => true): DeltaReader =>
    new DeltaReader(core, new SeriesValues(core), isShown);
  /** Name, start and value of each point of a collection; undefined when the right was lost. */
  const read = async (reader: DeltaReader, lost = false): Promise<unknown> => {
    reader.begin(core.registry.all().length);
    const { value } = await core.cuts.request(async right => {
      const points = new StreamPoints(() => 'delta');
      const walk = new SeriesWalk(
        core.catalog,
        new RightPace(core.region, lost ? right + 1 : right),
        () => true,
      );
      const isRead = await reader.read(walk, points, now, now);
      return { shown: isRead ? points.streams() : undefined };
    });
    return value?.shown?.flatMap(({ definition, points }) =>
      pointsIn(points).map(({ startUnixMillis, value: shown }) => [definition.name, startUnixMillis, shown]),
    );
  };

  it('should show what is new since what arrived, and again what did not', async () => {
    const reader = open();
    const counter = meterOf(core, 'm').createCounter('c').bind();
    counter.add(1);
    now = 2000;
    expect(await read(reader)).to.deep.equal([['c', 1000, 1]]);
    counter.add(2);
    now = 3000;
    expect(await read(reader)).to.deep.equal([['c', 1000, 3]]);
    reader.acknowledge();
    counter.add(4);
    now = 4000;
    expect(await read(reader)).to.deep.equal([['c', 3000, 4]]);
    expect(reader.until).to.equal(4000);
  });

  it('should begin a stream where the last interval ended that arrived with it, else where the stream began', async () => {
    const reader = open();
    meterOf(core, 'm').createCounter('early').add(1);
    now = 2000;
    await read(reader);
    reader.acknowledge();
    now = 2500;
    const late = meterOf(core, 'm').createCounter('late');
    late.add(1);
    now = 3000;
    expect(await read(reader)).to.deep.equal([['late', 2500, 1]]);
    late.add(1);
    now = 4000;
    expect(await read(reader), 'it did not arrive').to.deep.equal([['late', 2500, 2]]);
    reader.acknowledge();
    late.add(1);
    now = 5000;
    expect(await read(reader)).to.deep.equal([['late', 4000, 1]]);
  });

  it('should begin a stream that was registered while the collection went on where it was registered', async () => {
    const reader = open();
    reader.begin(core.registry.all().length);
    now = 2000;
    const counter = meterOf(core, 'm').createCounter('c');
    await core.cuts.request(async right => {
      expect(
        await reader.read(
          new SeriesWalk(core.catalog, new RightPace(core.region, right), () => true),
          new StreamPoints(() => 'delta'),
          3000,
          3000,
        ),
      ).to.equal(true);
      return true;
    });
    reader.acknowledge();
    counter.add(1);
    now = 4000;
    expect(await read(reader)).to.deep.equal([['c', 3000, 1]]);
  });

  it('should show only the kinds that it is asked for', async () => {
    const reader = open(kind => kind === 'HISTOGRAM');
    const meter = meterOf(core, 'm');
    meter.createCounter('c').add(1);
    meter.createGauge('g').record(1);
    meter.createGauge('running').recordElapsed(500);
    meter.createHistogram('h').record(1);
    expect(await read(reader)).to.have.length(1);
  });

  it('should show a gauge that runs in each collection, one that stands only when it was written', async () => {
    const reader = open();
    const meter = meterOf(core, 'm');
    meter.createGauge('running').recordElapsed(0);
    meter.createGauge('stands').record(7);
    const first = await read(reader);
    expect(first).to.have.deep.members([
      ['running', 1000, 1],
      ['stands', 1000, 7],
    ]);
    reader.acknowledge();
    now = 2000;
    expect(await read(reader)).to.deep.equal([['running', 1000, 2]]);
  });

  it('should say that the right was lost, and read the same with the next one', async () => {
    const reader = open();
    meterOf(core, 'm').createCounter('c').add(1);
    now = 2000;
    expect(await read(reader, true)).to.equal(undefined);
    expect(await read(reader)).to.deep.equal([['c', 1000, 1]]);
  });

  it('should have nothing, and say why, when it was closed or was idle for too long', async () => {
    const [closed, idle] = [open(), open()];
    expect([closed.lossOfPlace(), idle.lossOfPlace()]).to.deep.equal([undefined, undefined]);
    closed.close();
    meterOf(core, 'm').createCounter('c').add(1);
    expect(await read(closed)).to.deep.equal([]);
    expect(closed.lossOfPlace()?.code).to.equal('READER_SHUT_DOWN');
    now += 5001;
    for (let place = 0; place < 4; place++) open();
    expect(await read(idle)).to.deep.equal([]);
    expect(idle.lossOfPlace()?.code).to.equal('TOO_MANY_DELTA_READERS');
  });
});
