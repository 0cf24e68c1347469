import { expect } from 'chai';
import type { Syntax } from '../../../../lib/argo/expression/syntax/syntax.js';
import { TreeBounds } from '../../../../lib/argo/expression/syntax/tree-bounds.js';

describe('TreeBounds', () => {
  const leaf = (): Syntax => ({ kind: 'nil', position: 7 });

  it('should bound the number of nodes', () => {
    const bounds = new TreeBounds();
    expect(() => {
      for (let count = 0; count <= 10_000; count++) bounds.admit(leaf());
    })
      .to.throw('maximum allowed nodes')
      .with.property('position', 7);
  });

  it('should bound the depth of the tree', () => {
    const bounds = new TreeBounds();
    let node = bounds.admit(leaf());
    expect(() => {
      for (;;) node = bounds.admit({ kind: 'unary', operator: '-', operand: node, position: 7 });
    }).to.throw('nested parts');
  });

  it('should bound the depth of calls', () => {
    const bounds = new TreeBounds();
    const deeper = (): never => bounds.within(7, deeper);
    expect(deeper).to.throw('nested parts');
    expect(new TreeBounds().within(0, () => 1)).to.equal(1);
  });
});
