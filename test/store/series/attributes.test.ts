import { expect } from 'chai';
import fc from 'fast-check';
import { LIST_ITEMS_MAX } from '../../../lib/limits.js';
import {
  AttributeReader,
  canonicalize,
  parseAttributes,
  withConstants,
} from '../../../lib/store/series/attributes.js';

const MAX = 40;
const shown = (attributes: unknown): Record<string, unknown> => ({
  ...parseAttributes(canonicalize(attributes, MAX).text),
});
const faultsOf = (attributes: unknown): readonly string[] => canonicalize(attributes, MAX).faults;

describe('canonicalize', () => {
  it('should be one text for equal sets, whatever the order, without what is undefined or null', () => {
    const { text, faults } = canonicalize({ b: 1, n: null, a: 'x', u: undefined, z: -0 }, MAX);
    expect(text).to.equal('{"a":"x","b":1,"z":0}');
    expect(canonicalize({ z: 0, a: 'x', b: 1 }, MAX)).to.deep.equal({ text, faults });
  });

  it('should be what JSON makes of each name and value, names sorted by their UTF-16', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('"', '\\', '\n', '\x7f', '\ud800'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    });
    const item = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const value = fc.oneof(item, fc.array(fc.oneof(item, fc.constant(null))));
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 30 }), attributes => {
        const jsonOf = (one: unknown): string =>
          JSON.stringify(one, (_key, each: unknown) => (each === 0 ? 0 : each));
        const pairs = Object.keys(attributes)
          .sort()
          .map(name => `${JSON.stringify(name)}:${jsonOf(attributes[name])}`);
        expect(canonicalize(attributes, Infinity)).to.deep.equal({
          text: `{${pairs.join(',')}}`,
          faults: [],
        });
      }),
    );
  });

  it('should leave no trace of what is left out, wherever it stands', () => {
    const bad = { f: (): void => undefined, s: Symbol('s'), o: {}, l: [{}] };
    for (const [name, value] of Object.entries(bad))
      for (const others of [{}, { a: 1 }, { z: 1 }, { a: 1, z: 'ü' }]) {
        const { text, faults } = canonicalize({ ...others, [name]: value }, MAX);
        expect(text).to.equal(JSON.stringify(others));
        expect(faults).to.deep.equal(['attributes']);
      }
  });

  it('should keep what fits as it is', () => {
    const fitting = {
      ['n'.repeat(MAX)]: 'v'.repeat(MAX),
      list: ['x'.repeat(MAX - 4)],
      mixed: [1, null, true],
    };
    expect(shown(fitting)).to.deep.equal(fitting);
    expect(faultsOf(fitting)).to.deep.equal([]);
  });

  it('should cut a long value, so that other ones stay other ones', () => {
    const values = ['a', 'b', '\ud800', '\ud801', '\ud800\udc00'].map(end => `${'v'.repeat(MAX)}${end}`);
    const cut = values.map(v => shown({ v })['v'] as string);
    expect(new Set(cut).size).to.equal(values.length);
    for (const text of cut) expect(text).to.match(/^v{23}#[0-9a-f]{16}$/);
    expect(faultsOf({ v: values[0] })).to.deep.equal(['truncatedLabels']);
  });

  it('should not cut a character in two', () => {
    const v = shown({ v: `${'v'.repeat(22)}\u{1f600}${'v'.repeat(MAX)}` })['v'];
    expect(v).to.match(/^v{22}#[0-9a-f]{16}$/);
  });

  it('should cut a long name by the same rule', () => {
    const names = ['a', 'b'].map(end => `${'n'.repeat(MAX)}${end}`);
    const cut = names.map(name => Object.keys(shown({ [name]: 1 })).join());
    expect(new Set(cut).size).to.equal(2);
    for (const name of cut) expect(name).to.match(/^n{23}#[0-9a-f]{16}$/);
    expect(faultsOf({ [names[0] ?? '']: 1, [names[1] ?? '']: 'v'.repeat(MAX + 1) })).to.deep.equal(
      Array<string>(3).fill('truncatedLabels'),
    );
  });

  it('should have each name once, also when somebody made one that looks like a cut one', () => {
    const long = 'n'.repeat(MAX + 1);
    const [cut = ''] = Object.keys(shown({ [long]: 1 }));
    expect(shown({ [long]: 1, [cut]: 2, m: 3 })).to.deep.equal({ [cut]: 2, m: 3 });
    expect(faultsOf({ [long]: 1, [cut]: 2 })).to.include('attributes');
    // And it does not matter what the order of names was before.
    const between = 'n'.repeat(30);
    expect(canonicalize({ [long]: 1, [between]: 2 }, MAX).text).to.equal(
      canonicalize({ [between]: 2, [cut]: 1 }, MAX).text,
    );
  });

  it('should make text of a list that is long as a whole, cut by the same rule', () => {
    const lists = [
      Array<number>(20).fill(100),
      [...Array<number>(19).fill(100), 101],
      Array<string>(10).fill('x'.repeat(10)),
      ['x'.repeat(MAX * 2), 'a'],
      ['x'.repeat(MAX * 2), 'b'],
      ['x'.repeat(MAX * 3), 'b'],
    ];
    const cut = lists.map(list => shown({ list })['list']);
    expect(new Set(cut).size).to.equal(lists.length);
    for (const text of cut) expect(text).to.have.length(MAX);
    expect(cut[0]).to.match(/^\[100,100,.*#[0-9a-f]{16}$/);
    for (const list of lists) expect(faultsOf({ list })).to.deep.equal(['truncatedLabels']);
  });

  it('should leave out a list with too many items, also where no length is asked for', () => {
    expect(faultsOf({ list: Array(MAX + 1).fill(1) })).to.deep.equal(['attributes']);
    const { faults, text } = canonicalize({ a: 1, list: new Array(2 ** 32 - 1) }, Infinity);
    expect([faults, text]).to.deep.equal([['attributes'], '{"a":1}']);
    expect(canonicalize({ list: Array(LIST_ITEMS_MAX).fill(1) }, Infinity).faults).to.deep.equal([]);
  });
});

describe('AttributeReader', () => {
  it('should read each attribute once, in the order of the caller, and none of a prototype', () => {
    let reads = 0;
    const attributes = Object.create({ inherited: true }) as Record<string, unknown>;
    Object.defineProperty(attributes, 'b', { get: () => ++reads, enumerable: true });
    Object.defineProperty(attributes, 'hidden', { value: 1, enumerable: false });
    Object.assign(attributes, { a: 'x', none: undefined, nil: null });
    const { labels, dropped } = new AttributeReader().read(attributes);
    expect([...labels]).to.deep.equal([
      ['b', 1],
      ['a', 'x'],
    ]);
    expect([reads, dropped]).to.deep.equal([1, 0]);
    expect(canonicalize(attributes, MAX).text).to.equal('{"a":"x","b":2}');
  });

  it('should keep the first ones, and count the others but for those without a value', () => {
    const reader = new AttributeReader(2);
    const { labels, dropped } = reader.read({ u: undefined, c: 1, b: 2, n: null, a: 3, d: 4 });
    expect([...labels.keys()]).to.deep.equal(['c', 'b']);
    expect(dropped).to.equal(2);
    expect(reader.read({ c: 1, b: 2, n: null }).dropped).to.equal(0);
    expect([reader.isTooLarge({ a: 1, b: 2 }), reader.isTooLarge({ a: 1, b: 2, c: 3 })]).to.deep.equal([
      false,
      true,
    ]);
  });

  it('should remember the names of a huge object, not its values, until one of them is gone', () => {
    const reader = new AttributeReader(2);
    const huge: Record<string, number | undefined> = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`k${index}`, index]),
    );
    const keptOf = (): unknown[] => [...reader.read(huge).labels];
    expect(reader.isHuge(huge)).to.equal(false);
    expect(reader.read(huge).dropped).to.equal(4998);
    expect(reader.isHuge(huge)).to.equal(true);
    huge['k0'] = 7;
    huge['k1'] = undefined;
    expect(keptOf()).to.deep.equal([
      ['k0', 7],
      ['k2', 2],
    ]);
    delete huge['k0'];
    delete huge['k2'];
    expect(keptOf()).to.deep.equal([
      ['k3', 3],
      ['k4', 4],
    ]);
    const large: Record<string, number> = Object.fromEntries(Object.entries(huge).map(([name]) => [name, 1]));
    const unbounded = new AttributeReader();
    unbounded.read(large);
    large['later'] = 1;
    expect(unbounded.read(large).labels.has('later')).to.equal(true);
  });
});

describe('withConstants', () => {
  const constants = new Map<string, unknown>([
    ['t', 'mine'],
    ['u', 1],
  ]);
  const mergedOf = (labels: object, max: number): [Record<string, unknown>, number] => {
    const { labels: merged, dropped } = withConstants(new Map(Object.entries(labels)), constants, max);
    return [Object.fromEntries(merged), dropped];
  };

  it('should give way to the caller, and keep its place among too many', () => {
    expect(mergedOf({ a: 1 }, 9)).to.deep.equal([{ a: 1, t: 'mine', u: 1 }, 0]);
    expect(mergedOf({ t: 'own', a: 1 }, 9)).to.deep.equal([{ a: 1, t: 'own', u: 1 }, 0]);
    expect(mergedOf({ a: 1, b: 2, c: 3, t: 'own' }, 4)).to.deep.equal([{ a: 1, b: 2, t: 'own', u: 1 }, 1]);
  });
});
