// Goal: every series that is shown is read, in whatever state, and nothing else.
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../../lib/index.js';
import { slotWord } from '../../../lib/memory/tables.js';
import * as words from '../../../lib/memory/words.js';
import { LabelWalk } from '../../../lib/store/collect/label-walk.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import { coreOf, type StoreCore } from '../../../lib/store/store-core.js';

describe('LabelWalk', () => {
  let store: MetricStore;
  let core: StoreCore;
  beforeEach(() => {
    store = createStore({ maxSeries: 2000, maxStreams: 4 });
    core = coreOf(store);
  });
  afterEach(() => store.shutdown());

  const walked = (between: () => void = () => {}, step = 1): LabelWalk => {
    const walk = new LabelWalk(core.region, core.registry);
    for (const _ of walk.read(step)) between();
    return walk;
  };
  const valuesOf = (walk: LabelWalk, stream = 0): string[] =>
    walk
      .labelsOf(stream)
      ?.report(100)[0]
      ?.top.map(({ value }) => value) ?? [];

  it('should read texts of all lengths', () => {
    const counter = store.getMeter('m').createCounter('c');
    const pods = [1, 7, 8, 9, 200, 250, 251, 1000, 2000].map(length => 'x'.repeat(length)).sort();
    for (const pod of pods) counter.add(1, { pod });
    expect(valuesOf(walked()).sort()).to.deep.equal(pods);
  });

  it('should read series that retire and none that is gone or removed', () => {
    const counter = store.getMeter('m').createCounter('c');
    for (const pod of ['a', 'b', 'c', 'd']) counter.add(1, { pod });
    const { region } = core;
    const slotAt = (index: number): number => region.layout.maxStreams + index;
    const put = (index: number, state: number): void => {
      const at = region.layout.slotWords / 4 + slotAt(index);
      region.i32[at] = (slotWord(region, slotAt(index)) & ~words.SLOT_STATE_MASK) | state;
    };
    put(0, words.SLOT_RETIRING);
    put(1, words.SLOT_DEAD);
    put(2, words.SLOT_LEAVING);
    expect(valuesOf(walked()).sort()).to.deep.equal(['a', 'd']);
  });

  it('should read who has the slot now when its series goes meanwhile', () => {
    const counter = store.getMeter('m').createCounter('c');
    for (let pod = 0; pod < 256; pod++) counter.add(1, { pod: `p${pod}` });
    let isFirst = true;
    const walk = walked(() => {
      if (isFirst) for (let pod = 0; pod < 256; pod++) counter.remove({ pod: `p${pod}` });
      isFirst = false;
    });
    const found = walk.labelsOf(0)?.report(1)[0]?.distinct;
    expect(found).to.equal(64);
  });

  it('should read every k-th slot', () => {
    const counter = store.getMeter('m').createCounter('c');
    for (let pod = 0; pod < 1000; pod++) counter.add(1, { pod: `p${pod}` });
    expect(walked(undefined, 4).labelsOf(0)?.sets.count).to.equal(250);
  });

  it('should read nothing of a hidden stream', () => {
    const definition: StreamDefinition = {
      ...{ scope: { name: 'm' }, name: 'hidden', description: '', unit: '', kind: 'COUNTER', valueType: 0 },
      ...{ boundaries: [], limit: 10, verbatim: false, hidden: true },
    };
    const hidden = core.registry.register(definition, 0);
    store.getMeter('m').createCounter('c').add(1, { pod: 'a' });
    const walk = walked();
    expect(walk.labelsOf(hidden?.index ?? -1)).to.equal(undefined);
    expect(valuesOf(walk, 1)).to.deep.equal(['a']);
  });
});
