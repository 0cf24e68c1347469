import { expect } from 'chai';
import { jsonOf, SharedObjects } from '../../../lib/argo/observe/shared-objects.js';

describe('SharedObjects', () => {
  it('should give equal objects one copy, which is not the caller’s', () => {
    const shared = new SharedObjects();
    const first = { a: '1', b: { c: [2] } };
    const copy = shared.share(first);
    first.a = 'changed';
    expect(copy).to.deep.equal({ a: '1', b: { c: [2] } });
    expect(shared.share({ a: '1', b: { c: [2] } })).to.equal(copy);
    expect(shared.share(first)).to.not.equal(copy);
  });

  it('should leave alone what is no object, no JSON, or long', () => {
    const shared = new SharedObjects();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const odd = { toJSON: () => 'text' };
    for (const value of [undefined, null, 5, 'text', [1], circle, odd, { a: 'x'.repeat(20_000) }])
      expect(shared.share(value)).to.equal(value);
    expect(jsonOf(circle)).to.equal(undefined);
  });

  it('should keep the one before while the texts are the same', () => {
    const shared = new SharedObjects();
    const kept = { a: 'x'.repeat(20_000), b: '' };
    expect(shared.keep(kept, { ...kept })).to.equal(kept);
    for (const other of [
      { ...kept, c: '' },
      { a: kept.a },
      { a: kept.a, c: '' },
      { ...kept, b: 'x' },
      undefined,
    ])
      expect(shared.keep(kept, other)).to.deep.equal(other);
    expect(shared.keep({ a: { b: 1 } }, { a: { b: 2 } })).to.deep.equal({ a: { b: 2 } });
    expect(shared.keep(undefined, undefined)).to.equal(undefined);
  });

  it('should forget those that were not used for longest', () => {
    const shared = new SharedObjects();
    const copy = shared.share({ a: 0 });
    for (let index = 1; index < 1999; index++) shared.share({ a: index });
    expect(shared.share({ a: 0 })).to.equal(copy);
    for (let index = 3000; index < 4999; index++) shared.share({ a: index });
    expect(shared.share({ a: 0 })).to.equal(copy);
    for (let index = 5000; index < 7000; index++) shared.share({ a: index });
    expect(shared.share({ a: 0 })).to.not.equal(copy);
  });
});
