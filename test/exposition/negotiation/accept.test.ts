import { expect } from 'chai';
import fc from 'fast-check';
import { parseAccept } from '../../../lib/exposition/negotiation/accept.js';

describe('parseAccept', () => {
  const read = (header: string): unknown[] =>
    parseAccept(header).map(({ type, parameters, quality }) => [
      type,
      quality,
      Object.fromEntries(parameters),
    ]);

  const rows: readonly (readonly [header: string, expected: unknown[]])[] = [
    ['', []],
    ['*/*', [['*/*', 1, {}]]],
    ['Text/Plain ; Version=0.0.4;Q=0.5', [['text/plain', 0.5, { version: '0.0.4' }]]],
    [
      'text/html, */*;q=0.8',
      [
        ['text/html', 1, {}],
        ['*/*', 0.8, {}],
      ],
    ],
    ['text/plain;q=0;escaping=allow-utf-8', [['text/plain', 0, { escaping: 'allow-utf-8' }]]],
    ['text/plain;a="b,c;d=\\"e\\"";q=.25', [['text/plain', 0.25, { a: 'b,c;d="e"' }]]],
    ['a/b;x="never ends, c/d;q=0.1', [['a/b', 1, { x: '"never ends, c/d;q=0.1' }]]],
    [',, ;q=1, text, text/, /plain, text/plain/x, te xt/plain, text/plain', [['text/plain', 1, {}]]],
    ['text/plain;q=2, a/b;q=-1, c/d;q=x, e/f;q=, g/h;q=1.0', [['g/h', 1, {}]]],
    ['text/plain;;version;=5; =6', [['text/plain', 1, {}]]],
  ];
  for (const [header, expected] of rows)
    it(`should read ${JSON.stringify(header)}`, () => {
      expect(read(header)).to.deep.equal(expected);
    });

  it('should read back what it is written from', () => {
    const token = fc.stringMatching(/^[a-z][a-z\d.+-]{0,8}$/).filter(name => name !== 'q');
    const value = fc.string({ maxLength: 8 });
    const range = fc.record({
      type: fc.tuple(token, token).map(([type, subtype]) => `${type}/${subtype}`),
      parameters: fc.dictionary(token, value, { maxKeys: 3 }),
      quality: fc.integer({ min: 0, max: 1000 }).map(thousandths => thousandths / 1000),
    });
    fc.assert(
      fc.property(fc.array(range), ranges => {
        const header = ranges
          .map(({ type, parameters, quality }) =>
            [
              type,
              ...Object.entries(parameters).map(
                ([name, text]) => `${name}="${text.replaceAll(/["\\]/g, '\\$&')}"`,
              ),
              `q=${quality}`,
            ].join(' ; '),
          )
          .join(' , ');
        expect(read(header)).to.deep.equal(
          ranges.map(({ type, parameters, quality }) => [type, quality, { ...parameters }]),
        );
      }),
    );
  });

  it('should be through with long garbage at once', () => {
    const pieces = [',', ';', '"', '\\', '=', 'a/b', 'q=', '*/*', ' ', 'text/plain;q=1,', '"\\'];
    const length = 65_536;
    // Steps of a text are counted by its characters that are looked at: a second pass over the same would show.
    for (const piece of pieces) {
      const garbage = piece.repeat(Math.ceil(length / piece.length));
      expect(parseAccept(garbage).length).to.be.at.most(length);
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 200 }), parts => {
        const ranges = parseAccept(parts.join(''));
        expect(ranges.every(({ type, quality }) => type.includes('/') && quality >= 0 && quality <= 1)).to.be
          .true;
      }),
    );
  });
});
