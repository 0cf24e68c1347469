import { expect } from 'chai';
import { createCore } from '../../lib/store/store-core.js';
import { readHandle, viewsOf } from '../../lib/store/store-handle.js';
import type { View } from '../../lib/store/view.js';

describe('readHandle', () => {
  it('should refuse the handle of another version, whose cores this thread must not share', () => {
    const core = createCore({ shared: false });
    expect(readHandle(core.handle)).to.equal(core.handle);
    for (const shape of [undefined, 2, '2.3', '1.4', '99.4'])
      expect(() => readHandle({ ...core.handle, shape }))
        .to.throw('one version of the package')
        .with.property('code', 'LAYOUT_MISMATCH');
    core.shutdown();
  });
});

describe('viewsOf', () => {
  const plain: View = { selector: { instrumentName: 'a' }, drop: true };
  const withFunction: View = {
    instrumentName: 'b',
    process: (attributes: object) => attributes,
  } as unknown as View;
  const handleOf = (...views: View[]): Parameters<typeof viewsOf>[0] => {
    const core = createCore({ shared: false, views });
    core.shutdown();
    return readHandle(core.handle);
  };

  it('should take the same Views again, however their properties are ordered', () => {
    const again = { drop: true, selector: { meterName: undefined, instrumentName: 'a' } } as unknown as View;
    expect(viewsOf(handleOf(plain), [again])).to.deep.equal([again]);
    expect(viewsOf(handleOf(plain, withFunction), [plain, withFunction])).to.deep.equal([
      plain,
      withFunction,
    ]);
    expect(viewsOf(handleOf(plain), undefined)).to.deep.equal([plain]);
  });

  it('should refuse other Views, fewer, or none where one has a function', () => {
    const code = (data: Parameters<typeof viewsOf>[0], given: View[] | undefined): unknown => {
      try {
        return viewsOf(data, given);
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    };
    for (const other of [
      { ...plain, drop: false },
      { selector: plain.selector },
      { ...plain, selector: { instrumentName: 'c' } },
    ])
      expect(code(handleOf(plain), [other])).to.equal('VIEWS_MISMATCH');
    expect(code(handleOf(plain, plain), [plain])).to.equal('VIEWS_MISMATCH');
    expect(code(handleOf(plain), [{ ...plain, process: withFunction.process } as View])).to.equal(
      'VIEWS_MISMATCH',
    );
    expect(code(handleOf(withFunction), undefined)).to.equal('VIEW_MISSING');
  });
});
