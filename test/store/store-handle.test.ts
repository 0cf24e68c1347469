import { expect } from 'chai';
import { createCore } from '../../lib/store/store-core.js';
import { readHandle } from '../../lib/store/store-handle.js';

describe('readHandle', () => {
  it('should refuse the handle of another version, whose cores this thread must not share', () => {
    const core = createCore({ shared: false });
    expect(readHandle(core.handle)).to.equal(core.handle);
    for (const shape of [undefined, 1, 99])
      expect(() => readHandle({ ...core.handle, shape }))
        .to.throw('one version of the package')
        .with.property('code', 'LAYOUT_MISMATCH');
    core.shutdown();
  });
});
