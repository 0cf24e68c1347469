import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect } from 'chai';
import { emptyResource } from '../../lib/producers/resource.js';

describe('emptyResource', () => {
  it("merges into one of the SDK's, and the other way round", () => {
    const other = resourceFromAttributes({ a: 1 });
    expect(emptyResource().merge(other)).to.equal(other);
    expect(other.merge(emptyResource()).attributes).to.deep.equal({ a: 1 });
  });
});
