import { expect } from 'chai';
import fc from 'fast-check';
import {
  endOfValue,
  isListAt,
  isNestedAt,
  endOfPlainText,
  isWordAt,
  skipBlanks,
  visitItems,
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

describe('visitItems', () => {
  const itemsOf = (text: string): unknown => {
    const bytes = Buffer.from(text);
    const items: unknown[] = [];
    const to = visitItems(bytes, 0, (at, index) => {
      const end = endOfValue(bytes, at);
      expect(index).to.equal(items.length);
      items.push(JSON.parse(bytes.toString('utf8', at, end)));
      return end;
    });
    return { items, rest: bytes.toString('utf8', to) };
  };

  it('should visit the items of any list, in their order, to its end', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom('', ' ', '\n'), (list, space) => {
        const written = list.map(item => `${space}${JSON.stringify(item, undefined, space)}${space}`);
        const items: unknown = JSON.parse(JSON.stringify(list));
        expect(itemsOf(`[${space}${written.join()}] , 1`)).to.deep.equal({ items, rest: ' , 1' });
      }),
    );
  });

  it('should refuse what is no list', () => {
    for (const text of ['', '{}', '"a"', '[', '[1', '[1,', '[1,]', '[,]', '[1 2]', '[1;2]', '[1}'])
      expect(() => itemsOf(text), text).to.throw(SyntaxError);
  });
});

describe('JSON as it is written', () => {
  it('should know words, texts without escapes, and blanks', () => {
    const bytes = Buffer.from('  "phase" "pha\\u0073e"');
    expect(skipBlanks(bytes, 0)).to.equal(2);
    expect(isWordAt(bytes, 3, 8, Buffer.from('phase'))).to.equal(true);
    for (const word of ['phas', 'phase"', 'Phase', 'phasd'])
      expect(isWordAt(bytes, 3, 8, Buffer.from(word))).to.equal(false);
    expect(endOfPlainText(bytes, 2)).to.equal(8);
    for (const from of [0, 10, bytes.length - 1, bytes.length])
      expect(endOfPlainText(bytes, from), String(from)).to.equal(undefined);
  });
});

describe('isListAt', () => {
  it('should know lists by where they begin', () => {
    const bytes = Buffer.from('[{');
    expect([0, 1, 2].map(at => isListAt(bytes, at))).to.deep.equal([true, false, false]);
  });
});

describe('isNestedAt', () => {
  it('should know objects and lists by where they begin', () => {
    const bytes = Buffer.from('{"a":[1]}');
    expect([...bytes.keys()].filter(at => isNestedAt(bytes, at))).to.deep.equal([0, 5]);
    expect(isNestedAt(bytes, bytes.length)).to.equal(false);
  });
});
