import { expect } from 'chai';
import fc from 'fast-check';
import { isMap, isScalar } from 'yaml';
import { embeddedText } from '../../../lib/argo/manifest/embedded-text.js';
import { parseYaml } from '../../../lib/argo/manifest/parse-yaml.js';

/** For each sign of the text at `v` the sign of the source that it is shown by. */
function shownBy(source: string): readonly (readonly [string, string])[] {
  const root = parseYaml(source).roots[0];
  const node = isMap(root)
    ? root.items.find(({ key }) => isScalar(key) && key.source === 'v')?.value
    : undefined;
  if (!isScalar(node)) throw new Error('no scalar');
  const { text, sourceOffset } = embeddedText(node, source);
  return [...text].map((sign, index) => [sign, source[sourceOffset(index)] ?? '']);
}

const differing = (source: string): string[] =>
  shownBy(source)
    .filter(([sign, shown]) => sign !== shown)
    .map(([sign, shown]) => sign + shown);

describe('embeddedText', () => {
  it('should follow blocks line by line, with their indentation, and blank lines', () => {
    for (const header of ['|', '|-', '|+', '|2', '| # a manifest'])
      expect(differing(`a: 1\nv: ${header}\n  b:\n    - c\n\n    - d\n  e: f\n`), header).to.deep.equal([]);
    expect(differing('v: |\r\n  b: 1\r\n  c: 2\r\n')).to.deep.equal([]);
    expect(differing('v: >\n  b c\n  d\n\n  e\n')).to.deep.equal([' \n']);
  });

  it('should follow quotes with their escapes', () => {
    expect(differing(`v: 'it''s {a: b}'\n`)).to.deep.equal([]);
    expect(differing('v: plain text\n')).to.deep.equal([]);
    // An escape is shown by its backslash.
    expect(differing('v: "a\\n\\tb\\x41\\u0042c"\n')).to.deep.equal(['\n\\', '\t\\', 'A\\', 'B\\']);
  });

  it('should give the beginning for what it cannot follow', () => {
    const source = 'v: "a\n  b"\n';
    expect(shownBy(source).map(([, shown]) => shown)).to.deep.equal(['"', '"', '"']);
  });

  it('should show each sign of any block by itself', () => {
    const line = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', ':', '-', '#', '"', '{', 'é', '😀'),
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), lines => {
        const source = `v: |2\n${lines.map(text => `  x${text}\n`).join('')}`;
        const root = parseYaml(source).roots[0];
        const node = isMap(root) ? root.items[0]?.value : undefined;
        if (!isScalar(node)) throw new Error('no scalar');
        const { text, sourceOffset } = embeddedText(node, source);
        for (let index = 0; index < text.length; index++)
          expect(source[sourceOffset(index)]).to.equal(text[index]);
      }),
    );
  });
});
