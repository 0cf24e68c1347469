// Goal: a value is taken or refused with what it must be, and read back from what it is printed as.
import { expect } from 'chai';
import { ConfigReport } from '../../../lib/cli/config/config-report.js';
import {
  BOOLEAN,
  quoteHint,
  text,
  whole,
  word,
  type ConfigType,
} from '../../../lib/cli/config/config-type.js';

/** What a type makes of it, or the complaint. */
function readOf(type: ConfigType<unknown>, given: unknown): unknown {
  const report = new ConfigReport();
  const value = type.read(given, 'k', report);
  expect(value === undefined, String(report.complaints[0]?.message)).to.equal(report.errorCount > 0);
  return value ?? report.complaints[0]?.message;
}

function hintOf(type: ConfigType<unknown>, given: unknown): string | undefined {
  const report = new ConfigReport();
  type.read(given, 'k', report);
  return report.complaints[0]?.hint;
}

describe('types of configuration values', () => {
  it('takes true and false, and no text that says so', () => {
    expect(readOf(BOOLEAN, true)).to.equal(true);
    expect(readOf(BOOLEAN, false)).to.equal(false);
    expect(readOf(BOOLEAN, 'true')).to.equal('k must be true or false, got "true"');
    expect(hintOf(BOOLEAN, 'true')).to.equal('Write it without quotes.');
    expect(readOf(BOOLEAN, 1)).to.equal('k must be true or false, got 1');
  });

  it('takes one of its words, and names the one that is near', () => {
    const level = word('error', 'warn');
    expect(readOf(level, 'warn')).to.equal('warn');
    expect(readOf(level, 'wran')).to.equal('k must be one of error, warn, got "wran"');
    expect(hintOf(level, 'wran')).to.equal("Did you mean 'warn'?");
    expect(hintOf(level, 'something')).to.equal(undefined);
    expect(readOf(level, 'constructor')).to.match(/^k must be one of/);
    expect(readOf(word('all'), 'al')).to.equal('k must be all, got "al"');
  });

  it('takes whole numbers up to their bounds and no further', () => {
    const pages = whole(10, 500);
    for (const good of [10, 11, 499, 500]) expect(readOf(pages, good)).to.equal(good);
    for (const wrong of [9, 501, 10.5, NaN, Infinity, -10])
      expect(readOf(pages, wrong)).to.equal(`k must be a whole number from 10 to 500, got ${wrong}`);
    expect(readOf(pages, '10')).to.equal('k must be a whole number from 10 to 500, got "10"');
    expect(['12', '-3', '1e3', '0x10', '12 '].map(each => pages.fromText?.(each))).to.deep.equal([
      12,
      -3,
      '1e3',
      '0x10',
      '12 ',
    ]);
  });

  it('takes texts of its length and pattern, and says how a number becomes one', () => {
    const name = text({ expected: 'a name', lengthMax: 3, pattern: /^[a-z]+$/ });
    expect(readOf(name, 'abc')).to.equal('abc');
    for (const wrong of ['', 'abcd', 'A'])
      expect(readOf(name, wrong)).to.equal(`k must be a name, got "${wrong}"`);
    expect(readOf(name, 12)).to.equal('k must be a name, got 12');
    expect(hintOf(name, 12)).to.equal(quoteHint(false));
    expect(hintOf(name, 'A')).to.equal(undefined);
    expect(readOf(text({ expected: 'a text', lengthMin: 0, lengthMax: 3 }), '')).to.equal('');
  });

  it('says of a key without a value that it should be left out', () => {
    for (const type of [BOOLEAN, word('a', 'b'), whole(1, 2), text({ expected: 'a text', lengthMax: 3 })]) {
      expect(readOf(type, null)).to.equal(`k must be ${type.expected}, got nothing`);
      expect(hintOf(type, null)).to.equal('Leave the key out, or give it a value.');
    }
  });
});
