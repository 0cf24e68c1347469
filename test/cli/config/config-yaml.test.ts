// Goal: what is printed reads back the same, whatever texts there are. Method: random values, read by Go's rules and by those
// of YAML 1.2.
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { underKey, yamlLines } from '../../../lib/cli/config/config-yaml.js';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';

/** As a configuration is read. */
function readBack(text: string): unknown {
  const { documents, problems } = readManifests(text);
  expect(problems, text).to.deep.equal([]);
  expect(documents[0]?.problems, text).to.deep.equal([]);
  return documents[0]?.value;
}

describe('yamlLines', () => {
  it('prints mappings and lists as people write them', () => {
    const value = { a: 1, b: { c: true, d: [] }, list: ['x', { e: 'y', f: {} }, ['z']], nothing: null };
    expect(yamlLines(value)).to.deep.equal([
      ...['a: 1', 'b:', '  c: true', '  d: []', 'list:', '  - x', '  - e: "y"', '    f: {}', '  - - z'],
      'nothing: null',
    ]);
    expect(underKey('k', { a: 1 })).to.deep.equal(['k:', '  a: 1']);
    expect(underKey('k', 'v')).to.deep.equal(['k: v']);
  });

  it('quotes what is no text without quotes, to Go or to others', () => {
    const quoted = [
      '',
      'yes',
      'no',
      'on',
      'null',
      'y',
      '12',
      '1e3',
      '0x1F',
      '0777',
      '.5',
      '.nan',
      '1_000',
      '2001-01-02',
    ];
    for (const text of [...quoted, 'a b', '~', '#a', '*', '::1', '-', '- a', 'a: b', '{{x}}', '!!str', '&a'])
      expect(yamlLines(text), text).to.deep.equal([JSON.stringify(text)]);
    for (const text of ['abc', '/var/lib/x.yaml', '0.0.0.0', '75s', '256Mi', 'a-b_c'])
      expect(yamlLines(text), text).to.deep.equal([text]);
  });

  it('keeps the sign of zero, and numbers of any size', () => {
    for (const number of [-0, 0, 1e21, 5e-324, -1.5e300, 2 ** 53, 2 ** 64, 2 ** 70])
      expect(Object.is((readBack(yamlLines({ k: number }).join('\n')) as { k: unknown }).k, number)).to.equal(
        true,
      );
  });

  it('escapes what would end a line or steer a terminal', () => {
    for (const code of [0, 0x1b, 0x7f, 0x85, 0x2028, 0x202e, 0xfeff, 0xffff])
      expect(yamlLines(`a${String.fromCharCode(code)}b`)).to.deep.equal([
        `"a\\u${code.toString(16).padStart(4, '0')}b"`,
      ]);
  });

  it('reads back by Go’s rules and by those of YAML 1.2', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'yes',
        'n',
        '1:30',
        '0o7',
        '1e9',
        '__proto__',
        '<<',
        '---',
        '...',
        ' a',
        'a ',
        'é',
        '- ',
      ),
    );
    const numbers = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(x => x + 0),
    );
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(texts, numbers, fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(texts, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, given => {
        const text = `${underKey('k', given).join('\n')}\n`;
        const read = readBack(text) as { k: unknown };
        expect(JSON.stringify(read.k), text).to.equal(JSON.stringify(given));
        if (!/__proto__|"<<"/.test(text))
          expect(JSON.stringify((parse(text) as { k: unknown }).k), text).to.equal(JSON.stringify(given));
      }),
      { numRuns: 500 },
    );
  });
});
