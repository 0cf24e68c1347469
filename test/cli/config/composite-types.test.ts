// Goal: lists and mappings are refused where they are wrong, all wrong places at once. Method: small types of each kind.
import { expect } from 'chai';
import { dictionary, list, mapping, oneOf, refuseKey } from '../../../lib/cli/config/composite-types.js';
import { ConfigReport } from '../../../lib/cli/config/config-report.js';
import { text, whole, type ConfigType } from '../../../lib/cli/config/config-type.js';

const NAME = text({ expected: 'a name', lengthMax: 5 });
const COUNT = whole(0, 9);
const PAIR = mapping(
  'a pair',
  { name: { type: NAME, description: 'A name.' }, count: { type: COUNT, description: 'A count.' } },
  ['name'],
);

/** What is read, or where it is wrong and how. */
function readOf(type: ConfigType<unknown>, given: unknown): unknown {
  const report = new ConfigReport();
  const value = type.read(given, 'k', report);
  if (report.errorCount === 0) return value;
  expect(value).to.equal(undefined);
  return report.complaints.map(({ path, message, hint }) =>
    [path, message, ...(hint === undefined ? [] : [hint])].join(' | '),
  );
}

describe('list', () => {
  const names = list(NAME, { noun: 'names', min: 1, max: 3, isUnique: true });

  it('takes a list of its length, each of whose items is good', () => {
    expect(readOf(names, ['a', 'b'])).to.deep.equal(['a', 'b']);
    expect(readOf(names, [])).to.deep.equal(['k | k must be a list of 1 to 3 names, got an empty list']);
    expect(readOf(names, ['a', 'b', 'c', 'd'])).to.deep.equal([
      'k | k must be a list of 1 to 3 names, got a list of 4',
    ]);
    expect(readOf(names, 'a')).to.deep.equal(['k | k must be a list of 1 to 3 names, got "a"']);
  });

  it('says of each wrong item where it stands', () => {
    expect(readOf(names, ['toolong', 'b', ''])).to.deep.equal([
      'k[0] | k[0] must be a name, got "toolong"',
      'k[2] | k[2] must be a name, got ""',
    ]);
  });

  it('refuses the same twice where each may come once', () => {
    expect(readOf(names, ['a', 'b', 'a'])).to.deep.equal(['k[2] | k has "a" twice']);
    expect(readOf(list(NAME, { noun: 'names', min: 0, max: 3 }), ['a', 'a'])).to.deep.equal(['a', 'a']);
  });
});

describe('mapping', () => {
  it('takes its keys, of which some may be left out', () => {
    expect(readOf(PAIR, { name: 'a', count: 3 })).to.deep.equal({ name: 'a', count: 3 });
    expect(readOf(PAIR, { name: 'a' })).to.deep.equal({ name: 'a' });
  });

  it('says all that is wrong: unknown keys with the nearest, missing keys and values', () => {
    expect(readOf(PAIR, { nmae: 'a', count: 10, zzz: 1 })).to.deep.equal([
      `k.nmae | unknown key "nmae" | Did you mean 'name'?`,
      'k.count | k.count must be a whole number from 0 to 9, got 10',
      'k.zzz | unknown key "zzz" | There are name, count.',
      "k | k must have the key 'name'",
    ]);
    expect(readOf(PAIR, [])).to.deep.equal(['k | k must be a pair, got an empty list']);
  });

  it('knows no keys but its own', () => {
    const given = JSON.parse('{"name": "a", "__proto__": {"count": 1}, "toString": 1, "a.b": 2}') as object;
    expect(readOf(PAIR, given)).to.deep.equal([
      'k.__proto__ | unknown key "__proto__" | There are name, count.',
      'k.toString | unknown key "toString" | There are name, count.',
      'k["a.b"] | unknown key "a.b" | There are name, count.',
    ]);
  });
});

describe('refuseKey', () => {
  it('names what stands elsewhere where nothing is near, and all where there is nothing', () => {
    const hintOf = (key: string, known: string[], elsewhere?: string): string | undefined => {
      const report = new ConfigReport();
      refuseKey(key, known, '', report, elsewhere);
      expect(report.complaints[0]).to.include({ code: 'FIELD_UNKNOWN', spot: 'key', path: key });
      return report.complaints[0]?.hint;
    };
    expect(hintOf('port', ['views'], 'endpoint.port')).to.equal("Did you mean 'endpoint.port'?");
    expect(hintOf('veiws', ['views'], 'other.views')).to.equal("Did you mean 'views'?");
    expect(hintOf('zzz', ['views'])).to.equal('There is only views.');
  });
});

describe('dictionary', () => {
  const counts = dictionary(COUNT, { noun: 'counts', max: 2, keyLengthMax: 9 });

  it('takes keys of any name, also of one that objects have', () => {
    const given = JSON.parse('{"__proto__": 1, "a.b": 2}') as object;
    const read = readOf(counts, given) as object;
    expect(Object.entries(read))
      .to.deep.equal([
        ['__proto__', 1],
        ['a.b', 2],
      ])
      .and.to.have.length(2);
    expect(Object.getPrototypeOf(read)).to.equal(Object.prototype);
    expect(Object.entries(counts.plain(read as Record<string, number>) as object)).to.have.length(2);
  });

  it('bounds how many there are and how long they are', () => {
    expect(readOf(counts, {})).to.deep.equal([
      'k | k must be a mapping of 1 to 2 counts, got an empty mapping',
    ]);
    expect(readOf(counts, { a: 1, b: 2, c: 3 })).to.deep.equal([
      'k | k must be a mapping of 1 to 2 counts, got a mapping',
    ]);
    expect(readOf(counts, { '': 1, abcdefghij: 99 })).to.deep.equal([
      'k[""] | a key of k must be a name of 1 to 9 characters',
      'k.abcdefghij | a key of k must be a name of 1 to 9 characters',
      'k.abcdefghij | k.abcdefghij must be a whole number from 0 to 9, got 99',
    ]);
  });
});

describe('oneOf', () => {
  const either = oneOf(
    'a count or a name',
    { type: COUNT, takes: given => typeof given === 'number', has: value => typeof value === 'number' },
    { type: NAME, takes: given => typeof given === 'string', has: value => typeof value === 'string' },
  );

  it('refuses in the words of the kind that was meant', () => {
    expect(readOf(either, 3)).to.equal(3);
    expect(readOf(either, 'a')).to.equal('a');
    expect(readOf(either, 33)).to.deep.equal(['k | k must be a whole number from 0 to 9, got 33']);
    expect(readOf(either, 'toolong')).to.deep.equal(['k | k must be a name, got "toolong"']);
    expect(readOf(either, [])).to.deep.equal(['k | k must be a count or a name, got an empty list']);
  });
});
