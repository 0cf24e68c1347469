import { expect } from 'chai';
import * as table from '../../lib/memory/observer-table.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { OBSERVER_COUNT } from '../../lib/memory/words.js';

describe('the table of observers', () => {
  let region: Region;
  const enter = (thread: number): boolean => new table.ObserverEntry(region, thread).enter();
  beforeEach(() => {
    region = createRegion({
      maxBytes: 2 ** 20,
      stripes: 1,
      maxStreams: 1,
      maxBoundaries: 1,
      maxSeries: 1,
      maxLabelBytes: 64,
    });
  });

  it('should wait for a thread until it is silent, and again when it answers', () => {
    for (const thread of [7, 8]) expect(enter(thread)).to.equal(true);
    table.markSilent(region, 7);
    expect(table.expectedObservers(region)).to.deep.equal([8]);
    expect(table.hasObservers(region, 8), 'the silent one is asked').to.equal(true);
    table.markAnswering(region, 7);
    table.markAnswering(region, 9);
    expect(table.expectedObservers(region)).to.deep.equal([7, 8]);
    table.markSilent(region, 8);
    for (const thread of [7, 8]) new table.ObserverEntry(region, thread).leave();
    expect([table.expectedObservers(region), table.hasObservers(region, 1)]).to.deep.equal([[], false]);
  });

  it('should give a newcomer the place of a silent thread when it is full, and never that of one that answers', () => {
    for (let thread = 1; thread <= OBSERVER_COUNT; thread++) expect(enter(thread)).to.equal(true);
    expect(enter(1000), 'all answer').to.equal(false);
    table.markSilent(region, 5);
    expect(enter(1000)).to.equal(true);
    expect(enter(1001)).to.equal(false);
    table.markAnswering(region, 5); // Too late: it has lost its place.
    const expected = table.expectedObservers(region);
    expect(expected).to.have.length(OBSERVER_COUNT).and.to.include(1000).and.not.to.include(5);
  });
});
