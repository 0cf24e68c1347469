import { expect } from 'chai';
import fc from 'fast-check';
import { ListPage, PageError } from '../../lib/kubernetes/list-page.js';

interface Read {
  readonly items: (string | number)[];
  readonly envelope: unknown;
}

function read(pieces: Iterable<Uint8Array>, bytesMax = 1000): Read {
  const page = new ListPage(bytesMax);
  const items: (string | number)[] = [];
  for (const piece of pieces)
    for (const item of page.push(piece))
      items.push('bytes' in item ? item.bytes.toString().trim() : item.skippedBytes);
  return { items, envelope: page.end() };
}

const readText = (text: string, bytesMax?: number): Read => read([Buffer.from(text)], bytesMax);

describe(ListPage.name, () => {
  it('should give the items one by one, and the rest without them', () => {
    expect(
      readText('{"kind":"XList","items":[{"a":1}, {"b":[2,{}]}\n],"metadata":{"continue":"c"}}'),
    ).to.deep.equal({
      items: ['{"a":1}', '{"b":[2,{}]}'],
      envelope: { kind: 'XList', items: [], metadata: { continue: 'c' } },
    });
  });

  it('should take only the items of the list itself', () => {
    const { items, envelope } = readText(
      '{"a":"items","metadata":{"items":[1]},"x":["items",[5]],"items":[{"items":[2,"]"]}],"items2":[3]}',
    );
    expect(items).to.deep.equal(['{"items":[2,"]"]}']);
    expect(envelope).to.deep.equal({
      a: 'items',
      metadata: { items: [1] },
      x: ['items', [5]],
      items: [],
      items2: [3],
    });
  });

  it('should take a list of nothing', () => {
    for (const text of ['{"items":[]}', '{"items":[ \n]}', '{"items":null}', '{}'])
      expect(readText(text).items, text).to.deep.equal([]);
  });

  it('should hold no item that is too long', () => {
    expect(readText(`{"items":["${'x'.repeat(20)}","ok"]}`, 10).items).to.deep.equal([22, '"ok"']);
  });

  it('should read any list, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
        fc.nat(4),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.boolean(),
        (values, other, space, cuts, itemsFirst) => {
          delete other['items'];
          const items = { items: values };
          const text = JSON.stringify(
            itemsFirst ? { ...items, ...other } : { ...other, ...items },
            undefined,
            space,
          );
          const bytes = Buffer.from(text);
          const at = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
          const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
          const found = read(pieces, 1e6);
          expect(found.items.map(item => JSON.parse(String(item)) as unknown)).to.deep.equal(
            JSON.parse(JSON.stringify(values)),
          );
          expect(found.envelope).to.deep.equal(JSON.parse(JSON.stringify({ ...other, items: [] })));
        },
      ),
      { numRuns: 300 },
    );
  });

  for (const text of [
    '',
    '{"items":[1',
    '{"items":[1]',
    '"text',
    '[]',
    '}',
    '{"a":}',
    'x',
    '{"a":1}}',
    '{"a":1}x',
  ])
    it(`should refuse ${JSON.stringify(text)}`, () => {
      expect(() => readText(text)).to.throw(PageError);
    });

  it('should refuse more than a mebibyte beside the items', () => {
    expect(() => readText(`{"a":"${'x'.repeat(2 ** 20)}"}`)).to.throw(PageError, 'beside its objects');
  });
});
