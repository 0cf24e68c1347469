// What a snapshot has when others come between two of its steps is in test/memory/snapshot.test.ts.
import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { RightPace } from '../../../lib/store/collect/right-pace.js';
import type { SnapshotInUse } from '../../../lib/store/collect/snapshots.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { collectElsewhere } from '../../support/sequential-collector.js';

const TTL = 1000;
const ALL = { firstSeen: true, usedAt: true };
const LEAST = { firstSeen: false, usedAt: false };

describe('Snapshots', () => {
  let now = 0;
  let core: StoreCore;
  beforeEach(() => {
    now = 1_000_000;
    core = createCore({
      maxBytes: 2 ** 21,
      maxSeries: 4,
      stripes: 1,
      seriesTtlMillis: TTL,
      clock: { now: () => now },
    });
  });
  afterEach(() => core.shutdown());

  const take = (right: number, parts = ALL): Promise<SnapshotInUse | undefined> =>
    core.snapshots.take(new RightPace(core.region, right), parts);
  const inOneCut = async (...parts: (typeof ALL)[]): Promise<SnapshotInUse[]> => {
    const { value } = await core.cuts.request(async right => {
      const taken: SnapshotInUse[] = [];
      for (const wanted of parts) taken.push((await take(right, wanted))!);
      return taken;
    });
    return value ?? [];
  };

  it('should be one for all who read the same cut, if it has what they want', async () => {
    const [first, second] = await inOneCut(ALL, LEAST);
    expect(second?.snapshot).to.equal(first?.snapshot);
    const [less, more] = await inOneCut(LEAST, ALL);
    expect(more?.snapshot).to.not.equal(less?.snapshot);
  });

  it('should be copied anew for another cut, into memory that nobody reads any more', async () => {
    const [first] = await inOneCut(ALL);
    const [second] = await inOneCut(ALL);
    expect(second?.snapshot, 'the first is read').to.not.equal(first?.snapshot);
    second?.giveBack();
    const [third, shared] = await inOneCut(ALL, ALL);
    expect(third?.snapshot).to.equal(second?.snapshot);
    third?.giveBack();
    third?.giveBack();
    const [fourth] = await inOneCut(ALL);
    expect(fourth?.snapshot, 'another reads it').to.not.equal(shared?.snapshot);
  });

  it('should have the series of its slots, whoever has them later', async () => {
    const counter = meterOf(core, 'm').createCounter('c');
    for (const k of ['a', 'b']) counter.add(1, { k });
    const [taken] = await inOneCut(ALL);
    const textsOf = ({ rows }: SnapshotInUse): string[] =>
      rows.flatMap(row => Array.from(row.slots, (_, index) => row.at(index).text));
    const before = textsOf(taken!);
    const slots = taken!.rows.map(row => [...row.slots]);
    for (let collections = 0; collections < 4; collections++) collectElsewhere(core.region, (now += TTL));
    for (const k of ['x', 'y', 'z']) counter.add(1, { k });
    const [later] = await inOneCut(ALL);
    expect(later?.rows.map(row => row.slots.length)).to.deep.equal([4]);
    expect(textsOf(later!)).to.include.members(['{"k":"x"}', '{"k":"y"}', '{"k":"z"}']);
    expect([textsOf(taken!), taken!.rows.map(row => [...row.slots])]).to.deep.equal([before, slots]);
    expect(before).to.include.members(['{"k":"a"}', '{"k":"b"}']);
  });

  it('should be none when the right was lost, and whole the next time', async () => {
    meterOf(core, 'm').createCounter('c').add(1, { k: 'a' });
    expect(await take(12_345)).to.equal(undefined);
    const [taken] = await inOneCut(ALL);
    const [rows] = taken?.rows ?? [];
    expect(Array.from(rows?.slots ?? [], (_, row) => rows?.at(row).text)).to.include('{"k":"a"}');
  });
});
