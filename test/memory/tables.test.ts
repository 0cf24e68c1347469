import { expect } from 'chai';
import { explicitHistogram } from '../../lib/memory/aggregation.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import * as tables from '../../lib/memory/tables.js';
import * as words from '../../lib/memory/words.js';

const STREAM_KEY: tables.Key = [11, -12, 13, -14];
const SERIES_KEY: tables.Key = [21, 22, -23, -24];

describe('the tables', () => {
  let region: Region;
  let slot: number;
  beforeEach(() => {
    region = createRegion({
      maxBytes: 2 ** 20,
      stripes: 1,
      maxStreams: 2,
      maxBoundaries: 4,
      maxSeries: 3,
      maxLabelBytes: 64,
    });
    const { text } = region.layout;
    const { kernel } = region;
    kernel.admitStream(0, ...STREAM_KEY, text, 5, 2, explicitHistogram(3), text + 8, 1000, 0, 0, 1, 0);
    slot = tables.slotOf(kernel.admit(...SERIES_KEY, 0, text + 32, 7, 2000));
  });

  it('should give back a stream as it was admitted', () => {
    const { text } = region.layout;
    expect(tables.readStream(region, 0)).to.deep.equal({
      index: 0,
      textAddress: text,
      textLength: 5,
      limit: 2,
      boundariesAddress: text + 8,
      startUnixMillis: 1000,
    });
    expect(tables.streamKey(region, 0)).to.deep.equal(STREAM_KEY);
    expect(tables.streamsUsed(region)).to.equal(1);
  });

  it('should give back a series as it was admitted, in a slot behind those of the streams', () => {
    expect(slot).to.equal(2);
    const { startUnixMillis, stream, textAddress, textLength } = tables.readSlot(region, slot);
    expect({ startUnixMillis, stream, textAddress, textLength }).to.deep.equal({
      startUnixMillis: 2000,
      stream: 0,
      textAddress: region.layout.text + 32,
      textLength: 7,
    });
    expect(tables.usedAt(region, slot)).to.equal(2000);
    expect([tables.slotsUsed(region), tables.slotsEnd(region)]).to.deep.equal([1, 3]);
  });

  it('should count what each stream admitted and what it refused', () => {
    expect([0, 1].map(stream => tables.streamAdmitted(region, stream))).to.deep.equal([1, 0]);
    tables.countOverflow(region, 1);
    tables.countOverflow(region, 1);
    expect([0, 1].map(stream => tables.streamOverflowed(region, stream))).to.deep.equal([0, 2]);
  });

  it('should show by one number that a series came, and by none that one was found', () => {
    const before = tables.tableChanges(region);
    expect(tables.slotOf(region.kernel.find(...SERIES_KEY))).to.equal(slot);
    expect(region.kernel.admit(...SERIES_KEY, 0, 0, 0, 3000), 'it is there').to.equal(words.RETRY);
    expect(tables.tableChanges(region)).to.equal(before);
    region.kernel.admit(1, 2, 3, 4, 0, 0, 0, 3000);
    expect(tables.tableChanges(region)).not.to.equal(before);
  });

  it('should find a slot with its word in one number, to the last generation, and say whether it retires', () => {
    const generations = [0, 1, 5, words.SLOT_WORD_MAX / words.SLOT_GENERATION].map(
      number => number * words.SLOT_GENERATION,
    );
    const at = (region.layout.slotWords + slot * 4) / 4;
    for (const generation of generations)
      for (const state of [words.SLOT_LIVE, words.SLOT_RETIRING]) {
        region.i32[at] = generation | state;
        const found = region.kernel.find(...SERIES_KEY);
        expect([tables.slotOf(found), tables.liveWordOf(found), tables.isLive(found)]).to.deep.equal([
          slot,
          generation | words.SLOT_LIVE,
          state === words.SLOT_LIVE,
        ]);
      }
    region.i32[at] = words.SLOT_DEAD;
    expect(region.kernel.find(...SERIES_KEY)).to.equal(words.NOT_FOUND);
  });

  it('should tell the last slot that there could be from its neighbours, in the last generation too', () => {
    const last = (words.SLOT_WORD_MAX | words.SLOT_RETIRING) >> 1;
    for (const upper of [0, 1, last - 1, last])
      for (const each of [0, 1, words.PLACE_STEP - 2, words.PLACE_STEP - 1]) {
        const place = upper * words.PLACE_STEP + each;
        expect(Number.isSafeInteger(place)).to.equal(true);
        expect(tables.slotOf(place)).to.equal(each);
        expect(tables.liveWordOf(place)).to.equal(tables.liveWord(upper << 1));
      }
  });

  it('should have a series in use while it lives and while it retires, and know it by one word', () => {
    const word = tables.slotWord(region, slot);
    const states = [words.SLOT_FREE, words.SLOT_LIVE, words.SLOT_RETIRING, words.SLOT_DEAD];
    const inState = (state: number): number => (word & ~words.SLOT_STATE_MASK) | state;
    expect(states.map(state => tables.isInUse(inState(state)))).to.deep.equal([false, true, true, false]);
    for (const state of states) expect(tables.liveWord(inState(state))).to.equal(word);
  });
});
