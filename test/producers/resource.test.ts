import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect } from 'chai';
import { emptyResource, plainResource } from '../../lib/producers/resource.js';

describe('emptyResource', () => {
  it("merges into one of the SDK's, and the other way round", () => {
    const other = resourceFromAttributes({ a: 1 });
    expect(emptyResource().merge(other)).to.equal(other);
    expect(other.merge(emptyResource()).attributes).to.deep.equal({ a: 1 });
  });
});

describe('plainResource', () => {
  it("has its attributes, and merges with those of one of the SDK's, of which the other's count", () => {
    const resource = plainResource({ a: 1, b: 2 });
    expect(resource.getRawAttributes()).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ]);
    const merged = resource.merge(resourceFromAttributes({ b: 3, c: 4 }));
    expect(merged.attributes).to.deep.equal({ a: 1, b: 3, c: 4 });
    expect(resource.merge(null).attributes).to.deep.equal({ a: 1, b: 2 });
  });
});
