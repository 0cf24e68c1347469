import { expect } from 'chai';
import { HANDLE_CACHE_BYTES_PER_SET, HANDLE_CACHE_SET_LENGTH_MAX } from '../../../lib/limits.js';
import { AttributeReader, type Labels } from '../../../lib/store/series/attributes.js';
import { CacheGenerations, HandleCache } from '../../../lib/store/record/handle-cache.js';
import { SeriesHandle } from '../../../lib/store/record/series-handle.js';
import { usedHeapBytes } from '../../support/heap.js';

const readLabels = (attributes: object): Labels => new AttributeReader().read(attributes).labels;

const handleOf = (slot: number): SeriesHandle =>
  new SeriesHandle({ slot, live: 0 }, `{"slot":${slot}}`, handle => handle);

/** As a stream writer uses it: what is not known is made and remembered. */
class Fixture {
  readonly cache: HandleCache;
  made = 0;

  constructor(generations: CacheGenerations) {
    this.cache = new HandleCache(generations);
  }

  use(attributes: object): SeriesHandle {
    const known = this.cache.get(attributes) ?? this.cache.recall(readLabels(attributes));
    if (known !== undefined) return known;
    const handle = handleOf(this.made++);
    this.cache.set(readLabels(attributes), handle);
    return handle;
  }
}

const fixtureOf = (setsMax: number): Fixture => new Fixture(new CacheGenerations(setsMax));

/** Bytes that are kept after this, with the fixture alive. */
function keptBytes(fixture: Fixture, act: () => void): number {
  const before = usedHeapBytes();
  act();
  const kept = usedHeapBytes() - before;
  expect(fixture.made).to.be.greaterThan(0);
  return kept;
}

const MEGABYTE = 1_000_000;

describe('HandleCache', () => {
  it('should find a set by all its names and values, and none by a part of them', () => {
    const fixture = fixtureOf(100);
    const sets = [
      {},
      { a: 1 },
      { a: '1' },
      { a: true },
      { b: 1 },
      { a: 1, b: 2 },
      { a: 1, c: 2 },
      { a: NaN },
    ];
    const handles = sets.map(set => fixture.use(set));
    expect(new Set(handles).size).to.equal(sets.length);
    expect(sets.map(set => fixture.cache.get({ ...set }))).to.deep.equal(handles);
    expect(fixture.cache.get({ a: 1, b: 3 })).to.equal(undefined);
    expect(fixture.cache.get({ b: 1, a: 1 })).to.equal(undefined);
  });

  it('should pass over what is undefined or null, wherever it stands', () => {
    const fixture = fixtureOf(100);
    const handle = fixture.use({ user: undefined, a: 1, host: null, b: 2 });
    expect(fixture.made).to.equal(1);
    for (const set of [
      { a: 1, b: 2 },
      { a: 1, b: 2, c: undefined },
      { n: null, a: 1, b: 2 },
    ])
      expect(fixture.cache.get(set)).to.equal(handle);
    expect(fixture.cache.get({ a: 1, b: undefined })).to.equal(undefined);
  });

  it('should keep what is used for as long as it is, and forget what is not used in two generations', () => {
    const fixture = fixtureOf(4);
    const used = fixture.use({ id: 'used' });
    const idle = fixture.use({ id: 'idle' });
    for (let id = 0; id < 20; id++) {
      fixture.use({ id });
      expect(fixture.use({ id: 'used' })).to.equal(used);
    }
    expect(fixture.use({ id: 'idle' })).to.not.equal(idle);
  });

  it('should remember at most two generations of sets', () => {
    const fixture = fixtureOf(10);
    for (let id = 0; id < 1000; id++) fixture.use({ id });
    let known = 0;
    for (let id = 0; id < 1000; id++)
      if ((fixture.cache.get({ id }) ?? fixture.cache.recall(readLabels({ id }))) !== undefined) known++;
    expect(known).to.be.within(1, 20);
  });

  it('should remember nothing when it has no room', () => {
    const fixture = fixtureOf(0);
    fixture.use({ a: 1 });
    expect(fixture.cache.get({ a: 1 })).to.equal(undefined);
    expect(fixture.cache.recall(readLabels({ a: 1 }))).to.equal(undefined);
  });

  for (const [what, value] of Object.entries({
    undefined: undefined,
    null: null,
    'a list': ['a'],
    'an object': {},
  }))
    it(`should keep no more than its bound when a label beside others is ${what}`, () => {
      const fixture = fixtureOf(100);
      const kept = keptBytes(fixture, () => {
        for (let n = 0; n < 30_000; n++) fixture.use({ id: `user ${n} of many`, value });
      });
      expect(kept).to.be.lessThan(MEGABYTE);
    });

  it('should not keep long texts, nor what a text was a part of', () => {
    const fixture = fixtureOf(1000);
    const kept = keptBytes(fixture, () => {
      for (let n = 0; n < 50; n++) {
        const text = `${n} `.padEnd(MEGABYTE, 'xyz');
        fixture.use({ text });
        fixture.use({ text: text.slice(0, 40) });
      }
    });
    expect(kept).to.be.lessThan(2 * MEGABYTE);
    const half = 'x'.repeat(HANDLE_CACHE_SET_LENGTH_MAX / 2 - 1);
    fixture.use({ a: half, b: half });
    expect(fixture.cache.get({ a: half, b: half })).to.not.equal(undefined);
    fixture.use({ a: half, b: `${half}x` });
    expect(fixture.cache.get({ a: half, b: `${half}x` })).to.equal(undefined);
    fixture.use({ [`${half}${half}xxx`]: 1 });
    expect(fixture.cache.get({ [`${half}${half}xxx`]: 1 })).to.equal(undefined);
  });

  it('should count the labels of a set, not only sets', () => {
    const setsMax = 200;
    const fixture = fixtureOf(setsMax);
    const kept = keptBytes(fixture, () => {
      for (let n = 0; n < 5000; n++) {
        const set: Record<string, number> = {};
        for (let label = 0; label < 64; label++) set[`l${label}`] = n;
        fixture.use(set);
      }
    });
    // Two generations, and what one set may be too long by.
    expect(kept).to.be.lessThan(2 * setsMax * HANDLE_CACHE_BYTES_PER_SET + MEGABYTE);
  });

  it('should have one bound for all streams, also for those that are not used any more', () => {
    const generations = new CacheGenerations(1000);
    const fixtures = Array.from({ length: 100 }, () => new Fixture(generations));
    const [first = new Fixture(generations)] = fixtures;
    const kept = keptBytes(first, () => {
      for (const fixture of fixtures) for (let n = 0; n < 900; n++) fixture.use({ id: `set ${n} of many` });
    });
    expect(kept).to.be.lessThan(3 * MEGABYTE);
    const idle = fixtures[50]?.use({ id: 'idle' });
    for (let n = 0; n < 2000; n++) first.use({ id: `later ${n}` });
    expect(fixtures[50]?.use({ id: 'idle' })).to.not.equal(idle);
  });
});
