// Goal: no value that has a place, or may get one, is ever refused here; in the end each one that has none is.
import { expect } from 'chai';
import * as fc from 'fast-check';
import { SLOT_LIVE, SLOT_WORD_MAX } from '../../../lib/memory/words.js';
import { AdmittedValues, type RefusedCount } from '../../../lib/store/record/admitted-values.js';
import { SeriesPlaces } from '../../../lib/store/record/series-places.js';
import { createCore } from '../../../lib/store/store-core.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';

const DEFINITION: StreamDefinition = {
  ...{ scope: { name: 's' }, name: 'values', description: '', unit: '', kind: 'COUNTER', valueType: 1 },
  ...{ boundaries: [], verbatim: false, limit: 3, hidden: true },
};

const SILENT: RefusedCount = { add: () => {}, addNoMore: () => {} };

const open = (others = 0, refused = SILENT) => {
  const core = createCore({ maxBytes: 2 ** 24, shared: false, cardinalityLimit: 100_000 });
  const options = { region: core.region, now: () => 0, refuse: () => {} };
  const other = new SeriesPlaces(
    core.registry.register({ ...DEFINITION, hidden: false, name: 'o', limit: others + 1 }, 0)!,
    options,
  );
  for (let n = 0; n < others; n++) other.admit(`{"n":${n}}`);
  const stream = core.registry.register(DEFINITION, 0)!;
  const places = new SeriesPlaces(stream, options);
  const valueOf = (text: string): unknown => JSON.parse(text);
  const values = new AdmittedValues(core.region, stream, 100, valueOf, refused);
  const bring = (value: unknown): boolean => {
    const { slot, live } = places.admit(JSON.stringify(value));
    if (slot !== stream.index) return true;
    values.refused(live);
    return false;
  };
  return { core, stream, places, values, bring, other };
};

describe('AdmittedValues', () => {
  it('should refuse nothing while there is a place', () => {
    const { values, bring } = open();
    for (const value of ['a', 'b']) expect(bring(value)).to.equal(true);
    for (const value of ['a', 'b', 'c']) expect(values.isRefused(value)).to.equal(false);
  });

  it('should refuse what has no place, once all slots were looked at, a few for each value', () => {
    const { values, bring, core } = open(5000);
    for (const value of ['a', 1, true]) bring(value);
    expect(bring('d')).to.equal(false);
    const looks = Array.from({ length: 10 }, (_, n) => values.isRefused(`v${n}`));
    expect(looks.lastIndexOf(false)).to.be.within(4, 6);
    for (const value of ['1', 'true', 'd', 2, false])
      expect(values.isRefused(value), String(value)).to.equal(true);
    for (const value of ['a', 1, true]) expect(values.isRefused(value), String(value)).to.equal(false);
    core.shutdown();
  });

  it('should not judge what stands in a place as something else: what is cut, lists, and what is no value', () => {
    const { values, bring } = open();
    for (const value of ['a', 'b', 'c', 'd']) bring(value);
    values.isRefused('x');
    expect(values.isRefused('x'.repeat(100))).to.equal(true);
    for (const value of ['x'.repeat(101), ['x'], {}, 1n]) expect(values.isRefused(value)).to.equal(false);
  });

  it('should tell of a refused value once, and of a flood that there are more', () => {
    const told: unknown[] = [];
    let noMore = 0;
    const { values, bring, core } = open(0, {
      add: value => void told.push(value),
      addNoMore: () => noMore++,
    });
    for (const value of ['a', 'b', 'c', 'd', 'd']) bring(value);
    values.isRefused('x');
    const ask = (asked: readonly unknown[]): void => {
      for (const value of asked) expect(values.isRefused(value)).to.equal(true);
    };
    const few = ['d', 'y', 1, true, 'z'.repeat(100)];
    for (let round = 0; round < 3; round++) ask(few);
    expect([told, noMore]).to.deep.equal([few, 0]);
    for (let round = 0; round < 2; round++) ask(Array.from({ length: 3000 }, (_, n) => 'z'.repeat(32) + n));
    expect([told.length, noMore]).to.deep.equal([few.length + 975, 1]);
    for (const value of ['a', 'b', 'c']) expect(values.isRefused(value)).to.equal(false);
    core.shutdown();
  });

  it('should refuse nothing any more once there is no other word that could tell of a place', () => {
    const { core, stream, values, bring } = open();
    const { region } = core;
    Atomics.store(region.i32, region.layout.slotWords / 4 + stream.index, SLOT_WORD_MAX | SLOT_LIVE);
    for (const value of ['a', 'b', 'c', 'd']) bring(value);
    for (const value of ['x', 'y']) expect(values.isRefused(value)).to.equal(false);
    core.shutdown();
  });

  it('should forget what it knew when a place was given back', () => {
    const { core, stream, values, bring } = open();
    for (const value of ['a', 'b', 'c', 'd']) bring(value);
    values.isRefused('x');
    expect(values.isRefused('d')).to.equal(true);
    const right = core.region.kernel.takeRight(0, 0, 0);
    core.region.kernel.renewOverflow(right, stream.index);
    core.region.kernel.giveRight(right);
    expect(values.isRefused('d')).to.equal(false);
    core.shutdown();
  });

  it('should not take a store without room for a label without places', () => {
    const core = createCore({ maxBytes: 2 ** 22, maxSeries: 2, shared: false });
    const options = { region: core.region, now: () => 0, refuse: () => {} };
    const stream = core.registry.register(DEFINITION, 0)!;
    const places = new SeriesPlaces(stream, options);
    const values = new AdmittedValues(core.region, stream, 10, text => JSON.parse(text) as unknown, SILENT);
    for (const value of ['"a"', '"b"', '"c"']) {
      const { slot, live } = places.admit(value);
      if (slot === stream.index) values.refused(live);
    }
    for (let n = 0; n < 5; n++) expect(values.isRefused('c')).to.equal(false);
    core.shutdown();
  });

  it('should agree with the tables, whatever comes', () => {
    const value = fc.oneof(
      fc.constantFrom('a', 'b', 'c', 'd', 'e', '1', ''),
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), given => {
        const { core, values, bring, places, stream } = open();
        for (const each of given) {
          const isRefused = values.isRefused(each);
          const has = places.admit(JSON.stringify(each)).slot !== stream.index;
          if (isRefused) expect(has, String(each)).to.equal(false);
          else bring(each);
        }
        core.shutdown();
      }),
      { numRuns: 30 },
    );
  });
});
