import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { jsonDocuments } from '../../lib/cli/json-documents.js';
import type { JsonDocument } from '../../lib/cli/json-documents.js';

async function documentsOf(chunks: readonly Uint8Array[], bytesMax = 1000): Promise<JsonDocument[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const documents: JsonDocument[] = [];
  for await (const document of jsonDocuments(source(), bytesMax)) documents.push(document);
  return documents;
}

/** `line:text`, with a star before items, `line!` for what is unreadable and `line]` for the end of a list. */
async function shown(text: string, bytesMax?: number): Promise<string[]> {
  return (await documentsOf([Buffer.from(text)], bytesMax)).map(document => {
    if ('isEndOfList' in document) return `${document.line}]`;
    const place = `${document.isItem ? '*' : ''}${document.line}`;
    return 'text' in document ? `${place}:${document.text}` : `${place}!`;
  });
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map(place => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('jsonDocuments', () => {
  it('should find a value on each line, and need no line feed at the end', async () => {
    expect(await shown('\uFEFF{"a":1}\r\n\n {"b":"}\\"]"} \n{"c":[[]]}')).to.deep.equal([
      '1:{"a":1}',
      '3:{"b":"}\\"]"}',
      '4:{"c":[[]]}',
    ]);
    expect(await shown('')).to.deep.equal([]);
  });

  it('should say what bytes are that are no UTF-8, and read what follows', async () => {
    const event = '{"type":"ADDED","object":"é"}';
    const reasonsOf = async (bytes: Buffer): Promise<string[]> =>
      (await documentsOf([bytes])).map(document => {
        if ('isEndOfList' in document) return ']';
        return `${document.line}: ${'text' in document ? document.text : document.unreadable}`;
      });
    const lines = Buffer.concat([Buffer.from(`${event}\n`, 'latin1'), Buffer.from(`${event}\n`)]);
    expect(await reasonsOf(lines)).to.deep.equal(['1: not UTF-8, which JSON is written in', `2: ${event}`]);
    for (const utf16 of [event, `\uFEFF${event}`].map(text => Buffer.from(text, 'utf16le')))
      for (const bytes of [utf16, Buffer.from(utf16).swap16()])
        expect((await reasonsOf(bytes))[0]).to.equal(
          '1: UTF-16, but JSON is read as UTF-8: convert the file',
        );
    expect((await reasonsOf(gzipSync(event)))[0]).to.equal('1: compressed with gzip: unpack it first');
  });

  it('should find values of several lines, one behind the other', async () => {
    expect(await shown('{\n "a": 1\n}\n{\n "b": {\n }\n}{}\n')).to.deep.equal([
      '1:{\n "a": 1\n}',
      '4:{\n "b": {\n }\n}',
      '7:{}',
    ]);
  });

  it('should find the items of a list', async () => {
    expect(await shown('[\n {"a": [1]},\n 5, "x,]" ]\n{}')).to.deep.equal([
      '*2:{"a": [1]}',
      '*3:5',
      '*3:"x,]" ',
      '3]',
      '4:{}',
    ]);
    expect(await shown('[]')).to.deep.equal(['1]']);
  });

  it('should find the items of a list object, whatever stands around them', async () => {
    const text =
      '{"apiVersion": "v1", "of": ["items"], "items": [\n{"items": [1]},\n{}\n], "kind": "List"}\n{"a":1}';
    expect(await shown(text)).to.deep.equal(['*2:{"items": [1]}', '*3:{}', '4]', '5:{"a":1}']);
    expect(await shown('{"items":[{"a":1}],"metadata":{"a":[{}]}}')).to.deep.equal(['*1:{"a":1}', '1]']);
    expect(await shown('{"a":{"items":[1]}}')).to.deep.equal(['1:{"a":{"items":[1]}}']);
  });

  it('should report what breaks off by its line, and read what follows', async () => {
    expect(await shown('{"type": "A", "obj\n{"type": 1}\n')).to.deep.equal(['1!', '2:{"type": 1}']);
    expect(await shown('{"type":\n\n{"type": 1}\n{"type": {')).to.deep.equal(['1!', '3:{"type": 1}', '4!']);
    expect(await shown('kind: List\n- {a: [1\n{"type":1}')).to.deep.equal([
      '1:kind: List',
      '2:- {a: [1',
      '3:{"type":1}',
    ]);
    expect(await shown('[{"a":1}')).to.deep.equal(['*1:{"a":1}', '*1!']);
    expect(await shown('}\n]\n{"type":1}')).to.deep.equal(['1:}', '2:]', '3:{"type":1}']);
  });

  it('should skip what is too long, items one by one', async () => {
    const long = `{"a":"${'x'.repeat(50)}"}`;
    expect(await shown(`${long}\n{}\n[{}, ${long}, {}]`, 50)).to.deep.equal([
      '1!',
      '2:{}',
      '*3:{}',
      '*3!',
      '*3:{}',
      '3]',
    ]);
    expect(
      await shown(JSON.stringify({ items: Array.from({ length: 100 }, () => ({ a: 1 })) }), 20),
    ).to.have.length(101);
  });

  it('should read nothing behind a line that is too long and no JSON, wherever the bytes are cut', async () => {
    const bytes = Buffer.from(`]${'{"type":1}'.repeat(4)}\n{"type":1}\n`);
    for (let place = 0; place <= bytes.length; place++) {
      const found = await documentsOf([bytes.subarray(0, place), bytes.subarray(place)], 30);
      expect(found, `${place}`).to.deep.equal([
        { line: 1, isItem: false, unreadable: 'longer than 30 bytes' },
      ]);
    }
  });

  it('should find the same however the bytes are cut', async () => {
    const part = fc.constantFrom(
      ...[
        '{"type":1}',
        '{"type',
        '{\n"é":"\\"\n',
        '}',
        '[',
        ']',
        '{"items":[',
        ',',
        '"',
        '\\',
        '\n',
        '{',
        ' x',
        '5',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 20 }), fc.array(fc.nat()), async (parts, places) => {
        const bytes = Buffer.from(parts.join(''));
        expect(await documentsOf(cut(bytes, places), 30)).to.deep.equal(await documentsOf([bytes], 30));
      }),
    );
  });

  it('should find every value of any JSON, printed in any way', async () => {
    const values = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(values, fc.constantFrom(0, 1, 2), fc.boolean(), async (all, indent, isList) => {
        const list = { apiVersion: 'v1', items: all, kind: 'List' };
        const text = isList
          ? JSON.stringify(list, null, indent)
          : all.map(value => JSON.stringify({ v: value }, null, indent)).join('\n');
        const documents = await documentsOf([Buffer.from(text)], 1_000_000);
        const found = documents.flatMap(each => ('text' in each ? [JSON.parse(each.text) as unknown] : []));
        const expected: unknown = JSON.parse(JSON.stringify(isList ? all : all.map(v => ({ v }))));
        expect(found).to.deep.equal(expected);
        expect(documents.filter(each => 'unreadable' in each)).to.deep.equal([]);
      }),
    );
  });
});
