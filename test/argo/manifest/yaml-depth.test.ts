import { expect } from 'chai';
import { tooDeepAt } from '../../../lib/argo/manifest/yaml-depth.js';

const blocks = (depth: number): string =>
  Array.from({ length: depth }, (_, index) => `${' '.repeat(index)}a${index}:`).join('\n');

describe('tooDeepAt', () => {
  it('should find where blocks and brackets nest too deeply', () => {
    for (const [text, at] of [
      [blocks(1300), blocks(250).length + 251],
      [`# a comment\n${blocks(1300).replaceAll('\n', '\n# a comment\n')}`, undefined],
      ['- '.repeat(20_000), 500],
      ['? '.repeat(1300), 500],
      [`a: 1\nb: ${'['.repeat(100_000)}`, 506],
      ['{"a":'.repeat(600), 2490],
      [`${'- '.repeat(200)}${'['.repeat(200)}`, 498],
    ] as const) {
      const found = tooDeepAt(text);
      expect(found, text.slice(0, 40)).to.be.a('number');
      if (at !== undefined) expect(found, text.slice(0, 40)).to.equal(at);
    }
  });

  it('should take what nests as deep as anybody writes, however long it is', () => {
    for (const text of [
      '',
      '\n\n   ',
      blocks(200),
      `${'['.repeat(300)}${']'.repeat(300)}`.repeat(100),
      '- - - a\n'.repeat(10_000),
      `${blocks(100)}\n`.repeat(50),
      '{"a": [\n  {"b": 1}\n]}\n'.repeat(1000),
      'a: |\n  - {{x}}\n    - }}\n'.repeat(1000),
    ])
      expect(tooDeepAt(text), text.slice(0, 40)).to.equal(undefined);
  });

  it('should look at each sign a few times, wherever it stands', () => {
    let looks = 0;
    const counting = (text: string): string =>
      new Proxy(new String(text), {
        get: (of, key) => {
          if (key !== 'charCodeAt') return Reflect.get(of, key) as unknown;
          looks++;
          return (index: number) => text.charCodeAt(index);
        },
      }) as unknown as string;
    const lines = `${' '.repeat(400)}a\n${' '.repeat(3)}\n#\n- ? : b\n`.repeat(100);
    expect(tooDeepAt(counting(lines))).to.equal(undefined);
    expect(looks).to.be.lessThan(lines.length * 5);
  });
});
