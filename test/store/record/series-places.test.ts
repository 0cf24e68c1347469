// Goal: a text has one place, in the stream it was asked of; who finds no room is told where to go, and why.
import { expect } from 'chai';
import type { StatisticName } from '../../../lib/memory/statistics.js';
import { isInUse, isRemoved, slotWord } from '../../../lib/memory/tables.js';
import * as words from '../../../lib/memory/words.js';
import { SeriesHandle } from '../../../lib/store/record/series-handle.js';
import { SeriesPlaces } from '../../../lib/store/record/series-places.js';
import { createCore } from '../../../lib/store/store-core.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';

const LIMIT = 2;

class Fixture {
  readonly core = createCore({ maxBytes: 2 ** 22, maxSeries: 8, cardinalityLimit: LIMIT });
  readonly refused: [StatisticName, string][] = [];

  places(name: string): SeriesPlaces {
    const definition = { ...DEFINITION, name };
    const stream = this.core.registry.register(definition, 0);
    if (stream === undefined) throw new Error('no stream');
    return new SeriesPlaces(stream, {
      region: this.core.region,
      now: () => 0,
      refuse: (cause, detail) => void this.refused.push([cause, detail]),
    });
  }
}

const DEFINITION: StreamDefinition = {
  ...{ scope: { name: 's' }, name: 'c', description: '', unit: '', kind: 'COUNTER', valueType: 1 },
  ...{ boundaries: [], recordMinMax: true, verbatim: false, limit: LIMIT, ttlMillis: 0, view: '' },
} as unknown as StreamDefinition;

describe('SeriesPlaces', () => {
  it('should have one place for a text, and another one in another stream', () => {
    const fixture = new Fixture();
    const [a, b] = [fixture.places('a'), fixture.places('b')];
    const place = a.admit('{}');
    expect(a.admit('{}')).to.deep.equal(place);
    expect(b.admit('{}').slot).not.to.equal(place.slot);
    expect(a.admit('{"k":1}').slot).not.to.equal(place.slot);
    expect(fixture.refused).to.deep.equal([]);
    fixture.core.shutdown();
  });

  it('should send what is past the limit to the overflow series, and say how many there may be', () => {
    const fixture = new Fixture();
    const places = fixture.places('c');
    for (let set = 0; set < LIMIT; set++) places.admit(`{"k":${set}}`);
    expect(places.admit('{"k":"more"}')).to.deep.equal(places.overflow());
    expect(fixture.refused).to.deep.equal([
      ['overflowedSeries', `c is full (limit ${LIMIT}): further attribute sets go to its overflow series`],
    ]);
    expect(places.admit('{"k":0}'), 'one that is in').not.to.deep.equal(places.overflow());
    fixture.core.shutdown();
  });

  it('should give a handle its series back that only began to retire, and another one when it is gone', () => {
    const fixture = new Fixture();
    const { region } = fixture.core;
    const places = fixture.places('c');
    const place = places.admit('{}');
    const handle = new SeriesHandle(place, '{}', places.renew);
    const at = (region.layout.slotWords + place.slot * 4) / 4;
    region.i32[at] = place.live - words.SLOT_LIVE + words.SLOT_RETIRING;
    handle.renew();
    expect(handle).to.include(place);
    expect(slotWord(region, place.slot)).to.equal(place.live);
    region.i32[at] = place.live - words.SLOT_LIVE + words.SLOT_DEAD;
    handle.renew();
    expect(handle.slot).not.to.equal(place.slot);
    fixture.core.shutdown();
  });

  it('should remove what there is, once, and all but the overflow series at once', () => {
    const fixture = new Fixture();
    const [places, others] = [fixture.places('c'), fixture.places('other')];
    const [first, other] = [places.admit('{}'), others.admit('{}')];
    expect(places.remove('{"k":1}')).to.equal(false);
    expect(places.remove('{}')).to.equal(true);
    expect(isRemoved(slotWord(fixture.core.region, first.slot))).to.equal(true);
    expect(places.remove('{}')).to.equal(false);
    for (let set = 0; set <= LIMIT; set++) places.admit(`{"k":${set}}`);
    expect(places.clear()).to.equal(LIMIT);
    for (const { slot } of [places.overflow(), other])
      expect(isInUse(slotWord(fixture.core.region, slot))).to.equal(true);
    expect(places.clear()).to.equal(0);
    fixture.core.shutdown();
  });
});
