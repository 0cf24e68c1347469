import { expect } from 'chai';
import fc from 'fast-check';
import { isMetricStoreError } from '../../lib/errors.js';
import { attachCore, createCore, type StoreCore } from '../../lib/store/store-core.js';
import { readHandle, viewsOf, viewWithoutFunctions } from '../../lib/store/store-handle.js';
import type { View } from '../../lib/store/definition/view.js';

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

describe('a handle that was forged or changed', () => {
  let core: StoreCore;
  before(() => {
    core = createCore({ maxBytes: 2 ** 20, maxSeries: 20, maxLabelBytes: 1024, stripes: 2, maxStreams: 4 });
  });
  after(() => core.shutdown());

  /** Like one that came from another thread: its store is not known here. */
  const copyOf = (): Record<string, unknown> =>
    structuredClone({ ...core.handle, id: `${Math.random()}`, memory: undefined });
  const genuine = (): Record<string, unknown> => ({ ...copyOf(), memory: core.region.memory });

  function answerTo(handle: unknown): string {
    try {
      attachCore(handle).shutdown();
      return 'attached';
    } catch (error) {
      if (isMetricStoreError(error)) return error.code;
      throw error;
    }
  }

  const CODES = ['NOT_A_STORE_HANDLE', 'NOT_SHARED', 'LAYOUT_MISMATCH', 'HANDLE_CROSSED_PROCESS'];
  const anything = fc.oneof(
    fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
    fc.constantFrom<unknown>(
      new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
      new SharedArrayBuffer(64),
      { buffer: new SharedArrayBuffer(64) },
      -1,
      0,
      NaN,
      1e300,
      2 ** 31,
      'number',
    ),
  );

  it('should attach to the one that it was made of', () => {
    expect(answerTo(genuine())).to.equal('attached');
  });

  it('should be refused with a code when any part of it is missing or something else', () => {
    for (const key of Object.keys(genuine())) {
      const { [key]: _, ...rest } = genuine();
      expect(answerTo(rest), `without ${key}`).to.be.oneOf(CODES);
      fc.assert(
        fc.property(anything, value => {
          const changed = { ...genuine(), [key]: value };
          const expected = key === 'id' || key === 'number' ? [...CODES, 'attached'] : CODES;
          const isSame = key === 'views' && Array.isArray(value) && value.length === 0;
          expect(answerTo(changed), key).to.be.oneOf(isSame ? ['attached'] : expected);
        }),
      );
    }
  });

  it('should be refused with a code when any option of it is missing or something else', () => {
    const { options } = genuine() as { options: { layout: object } };
    const paths = [
      ...Object.keys(options).map(key => [key]),
      ...Object.keys(options.layout).map(key => ['layout', key]),
    ];
    expect(paths.length).to.be.greaterThan(12);
    /** With another value at the path; undefined: with none. */
    const changed = ([first = '', second]: string[], value: unknown): object => {
      const handle = genuine() as { options: Record<string, unknown> & { layout: Record<string, unknown> } };
      handle.options = { ...handle.options, layout: { ...handle.options.layout } };
      if (second === undefined) handle.options[first] = value;
      else handle.options.layout[second] = value;
      return JSON.parse(JSON.stringify({ ...handle, memory: undefined })) as object;
    };
    const withMemory = (handle: object): object => ({ ...handle, memory: core.region.memory });
    for (const path of paths) {
      expect(answerTo(withMemory(changed(path, undefined))), `without ${path.join('.')}`).to.be.oneOf(CODES);
      for (const value of [null, 'x', -1, 0.5, NaN, 1e300, [], {}, [5], '5', true])
        expect(
          answerTo(withMemory(changed(path, value))),
          `${path.join('.')} ${JSON.stringify(value)}`,
        ).to.be.oneOf(path[0] === 'shared' ? [...CODES, 'attached'] : CODES);
    }
  });

  it('should be refused with a code when it is no object, or one that does not let itself be read', () => {
    fc.assert(
      fc.property(anything, value => {
        expect(answerTo(value)).to.equal('NOT_A_STORE_HANDLE');
      }),
    );
    const locked = (): never => {
      throw new Error('locked');
    };
    expect(answerTo(new Proxy({}, { get: locked }))).to.equal('NOT_A_STORE_HANDLE');
    expect(answerTo(new Proxy(genuine(), { ownKeys: locked }))).to.equal('NOT_A_STORE_HANDLE');
    for (const key of Object.keys(genuine()))
      expect(answerTo(Object.defineProperty(genuine(), key, { get: locked })), key).to.be.oneOf(CODES);
    const cyclic: unknown[] = [];
    cyclic.push({ hasProcess: false, cyclic });
    for (const views of [cyclic, [{ hasProcess: false, big: 5n }], [null], [{}], 'views'])
      expect(answerTo({ ...genuine(), views })).to.equal('NOT_A_STORE_HANDLE');
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
    const nested: View = { selector: { instrumentName: 'a', meterName: 'm' }, drop: true };
    const turned: View = { selector: { meterName: 'm', instrumentName: 'a' }, drop: true };
    expect(viewsOf(handleOf(nested), [turned])).to.deep.equal([turned]);
    expect(viewsOf(handleOf(plain, withFunction), [plain, withFunction])).to.deep.equal([
      plain,
      withFunction,
    ]);
    expect(viewsOf(handleOf(plain), undefined)).to.deep.equal([plain]);
  });

  describe('with policies of labels', () => {
    const overflowValue = '_OTHER';
    const allowing = (source: string, flags = ''): View => ({
      selector: { instrumentName: 'a' },
      labels: [{ label: 'l', allow: ['x', { source, flags }], overflowValue }],
    });
    const mapped: View = {
      selector: { instrumentName: 'a' },
      labels: [{ label: 'l', map: value => value, maxValues: 3, overflowValue }],
    };

    it('should carry them where none has a function, a clone away', () => {
      const data = handleOf(allowing('^y'));
      const { views } = structuredClone({ views: data.views });
      expect(viewsOf({ ...data, views }, undefined)).to.deep.equal([allowing('^y')]);
      expect(viewsOf(data, [allowing('^y')])).to.deep.equal([allowing('^y')]);
    });

    it('should tell regular expressions apart, and ask for functions', () => {
      for (const other of [allowing('^z'), allowing('^y', 'i'), { selector: allowing('').selector }, mapped])
        expect(() => viewsOf(handleOf(allowing('^y')), [other])).to.throw(/VIEWS_MISMATCH/);
      expect(() => viewsOf(handleOf(mapped), undefined)).to.throw(/VIEW_MISSING/);
      expect(viewsOf(handleOf(mapped), [mapped])).to.deep.equal([mapped]);
      expect(() => viewsOf(handleOf(mapped), [allowing('^y')])).to.throw(/VIEWS_MISMATCH/);
    });

    it('should have a stand-in for who records nothing, which is taken for the same', () => {
      for (const view of [mapped, allowing('^y'), withFunction, plain]) {
        const data = handleOf(view);
        const standIns = data.views.map(viewWithoutFunctions);
        expect(viewsOf(data, standIns)).to.deep.equal(standIns);
      }
    });
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
