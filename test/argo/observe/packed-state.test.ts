import { expect } from 'chai';
import fc from 'fast-check';
import { CountedValues } from '../../../lib/argo/observe/counted-values.js';
import { heldIn, packState, unpackState, versionsIn } from '../../../lib/argo/observe/packed-state.js';
import type { TrackerState } from '../../../lib/argo/observe/tracker-state.js';

const time = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: 0, max: 2 ** 32 }).map(seconds => seconds * 1000),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
);
const mark = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const texts = fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 30 }), {
  maxKeys: 5,
});
const value = fc.oneof(fc.constant(undefined), texts, fc.jsonValue());
const written = fc.record({
  first: value,
  started: fc.option(mark, { nil: undefined }),
  written: fc.array(fc.record({ mark, isChanged: fc.constant(true), original: fc.jsonValue() }), {
    maxLength: 4,
  }),
});
const state: fc.Arbitrary<TrackerState> = fc.record({
  versions: fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 100n }).map(String),
    fc.constant('["","é"]'),
    fc.string({ maxLength: 20 }),
  ),
  runs: fc.string({ maxLength: 300 }).map(text => Buffer.from(text).toString('latin1')),
  newestTime: time,
  phase: fc.constantFrom(undefined, '', 'Succeeded', 'Failed', 'é'),
  labels: value,
  annotations: value,
  startedAt: time,
  saidHidden: fc.boolean(),
  written,
});

/** As it is in another process. */
const json = (given: unknown): unknown => JSON.parse(JSON.stringify({ given }));

describe('a packed state', () => {
  it('should come out as it went in', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 8 }), states => {
        const values = new CountedValues();
        // Each of them twice: what comes again is held in another way.
        const all = [...states, ...states];
        const packed = all.map(each => Buffer.from(packState(each, values) ?? []));
        packed.forEach((bytes, index) => {
          const { labels, annotations, written: lists, ...rest } = unpackState(bytes, values);
          const { labels: l, annotations: a, written: w, ...expected } = all[index] as TrackerState;
          expect(rest).to.deep.equal(expected);
          expect(json([labels, annotations, lists])).to.deep.equal(json([l, a, w]));
          expect(versionsIn(bytes)).to.equal(expected.versions);
        });
        for (const bytes of packed) for (const held of heldIn(bytes)) values.release(held);
        expect([...values.saved()]).to.deep.equal([]);
      }),
    );
  });

  it('should hold nothing when a part of it is no JSON', () => {
    const values = new CountedValues();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const long = { text: 'x'.repeat(2000) };
    const one: TrackerState = {
      ...{ versions: '1', runs: '', newestTime: 0, phase: 'Failed', startedAt: 0, saidHidden: false },
      ...{ labels: long, annotations: { a: 'b' }, written: { first: cycle, started: 1, written: [] } },
    };
    expect(packState(one, values)).to.equal(undefined);
    expect([...values.saved()]).to.deep.equal([]);
  });

  it('should take 30 bytes beside its runs where all others have the same', () => {
    const values = new CountedValues();
    const one: TrackerState = {
      ...{ versions: '123456789', runs: 'runs', newestTime: 1.79e12, phase: 'Succeeded', startedAt: 1.79e12 },
      ...{ labels: { a: 'b' }, annotations: undefined, saidHidden: true },
      written: {
        first: { prometheus: [] },
        started: 2 ** 52,
        written: [{ mark: 1, isChanged: false, original: undefined }],
      },
    };
    packState(one, values);
    packState(one, values);
    expect(packState(one, values)?.length).to.be.at.most(30 + 'runs'.length);
  });
});
