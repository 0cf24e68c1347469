import { expect } from 'chai';
import { LIST_ITEMS_MAX } from '../../lib/limits.js';
import { canonicalize, parseAttributes, readLabels } from '../../lib/store/attributes.js';

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

describe('readLabels', () => {
  it('should read each attribute once, in the order of the caller, also inherited ones', () => {
    let reads = 0;
    const attributes = Object.create({ inherited: true }) as Record<string, unknown>;
    Object.defineProperty(attributes, 'b', { get: () => ++reads, enumerable: true });
    Object.assign(attributes, { a: 'x', none: undefined, nil: null });
    expect([...readLabels(attributes)]).to.deep.equal([
      ['b', 1],
      ['a', 'x'],
      ['inherited', true],
    ]);
    expect(reads).to.equal(1);
  });
});
