import { expect } from 'chai';
import fc from 'fast-check';
import {
  endOfValue,
  isNestedAt,
  isPlainTextAt,
  isWordAt,
  skipBlanks,
  visitMembers,
} from '../../lib/guard/json-text.js';

/** Names as they are written, with their values. */
function membersOf(text: string): { members: [string, unknown][]; rest: string } {
  const bytes = Buffer.from(text);
  const members: [string, unknown][] = [];
  const end = visitMembers(bytes, 0, {
    member(keyFrom, keyTo, valueAt) {
      const to = endOfValue(bytes, valueAt);
      members.push([bytes.toString('utf8', keyFrom, keyTo), JSON.parse(bytes.toString('utf8', valueAt, to))]);
      return to;
    },
  });
  return { members, rest: bytes.toString('utf8', end) };
}

const INDENTS = fc.constantFrom('', ' ', '\t', '\r\n');

describe('endOfValue', () => {
  it('should find the end of any value, whatever follows', () => {
    const what = fc.tuple(fc.jsonValue(), INDENTS, fc.constantFrom('', ',', ']', '}', ' ', '\n'));
    fc.assert(
      fc.property(what, ([value, indent, rest]) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(endOfValue(Buffer.from(text + rest), 0)).to.equal(Buffer.byteLength(text));
      }),
    );
  });

  it('should refuse what does not end, wherever it is cut', () => {
    const text = Buffer.from('{"a":["b\\"",{"c":[[]]}],"d":"e\\\\"}');
    expect(endOfValue(text, 0)).to.equal(text.length);
    for (let length = 0; length < text.length; length++)
      expect(() => endOfValue(text.subarray(0, length), 0), `${length}`).to.throw(SyntaxError);
    for (const odd of ['', ' ', ',', '}', ']'])
      expect(() => endOfValue(Buffer.from(odd), 0)).to.throw(SyntaxError);
  });
});

describe('visitMembers', () => {
  const keys = fc.string({ unit: 'binary' }).filter(key => JSON.stringify(key) === `"${key}"`);

  it('should show each member once and in its order, and where the object ends', () => {
    const what = fc.tuple(
      fc.uniqueArray(fc.tuple(keys, fc.jsonValue()), { selector: ([key]) => key }),
      INDENTS,
    );
    fc.assert(
      fc.property(what, ([members, space]) => {
        const written = members.map(
          ([key, value]) =>
            `${space}"${key}"${space}:${space}${JSON.stringify(value, undefined, space)}${space}`,
        );
        const text = `{${space}${written.join()}}`;
        const found = membersOf(`${text}, "more": 1`);
        const expected = members.map(([key, value]) => [key, JSON.parse(JSON.stringify(value)) as unknown]);
        expect(found).to.deep.equal({ members: expected, rest: ', "more": 1' });
      }),
    );
  });

  it('should refuse what is no object, and keys that may be any key', () => {
    const odd = [
      '',
      '[]',
      '"a"',
      '{',
      '{"a"}',
      '{"a":}',
      '{"a":1',
      '{"a":1,}',
      '{a:1}',
      '{"a" 1}',
      '{"a":1 "b":2}',
      '{,}',
    ];
    for (const text of [...odd, '{"\\u0061":1}', '{"a\\"":1}'])
      expect(() => membersOf(text), text).to.throw(SyntaxError);
  });
});

describe('JSON as it is written', () => {
  it('should know words, texts without escapes, and blanks', () => {
    const bytes = Buffer.from('  "phase" "pha\\u0073e"');
    expect(skipBlanks(bytes, 0)).to.equal(2);
    expect(isWordAt(bytes, 3, 8, Buffer.from('phase'))).to.equal(true);
    for (const word of ['phas', 'phase"', 'Phase', 'phasd'])
      expect(isWordAt(bytes, 3, 8, Buffer.from(word))).to.equal(false);
    expect(isPlainTextAt(bytes, 2, 9)).to.equal(true);
    expect(isPlainTextAt(bytes, 10, bytes.length)).to.equal(false);
    expect(isPlainTextAt(bytes, 0, 2)).to.equal(false);
  });
});

describe('isNestedAt', () => {
  it('should know objects and lists by where they begin', () => {
    const bytes = Buffer.from('{"a":[1]}');
    expect([...bytes.keys()].filter(at => isNestedAt(bytes, at))).to.deep.equal([0, 5]);
    expect(isNestedAt(bytes, bytes.length)).to.equal(false);
  });
});
