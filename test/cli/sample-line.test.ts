import { expect } from 'chai';
import fc from 'fast-check';
import { HashedLabels } from '../../lib/cardinality/hashed-labels.js';
import { SampleLine } from '../../lib/cli/sample-line.js';

function read(text: string): { name: string; labels: string[][]; wrong: string | undefined } {
  // In the middle of other bytes, which must not count.
  const bytes = Buffer.from(`"}${text}" 1}`);
  const [line, hashed] = [new SampleLine(), new HashedLabels()];
  const wrong = line.read(bytes, 2, 2 + Buffer.byteLength(text), hashed);
  const labels = Array.from({ length: hashed.length }, (_, index) => {
    const [a = 0, b = 0, c = 0, d = 0] = hashed.places.subarray(4 * index);
    return [bytes.toString('utf8', a, b), bytes.toString('utf8', c, d)];
  });
  return { name: bytes.toString('utf8', line.nameFrom, line.nameTo), labels, wrong };
}

describe('SampleLine', () => {
  const good: readonly (readonly [text: string, name: string, labels: string[][]])[] = [
    ['up 1', 'up', []],
    ['up{} 1', 'up', []],
    ['a:b_c{x="y"} 1', 'a:b_c', [['x', 'y']]],
    [':a 1 1764090000000', ':a', []],
    [
      'up\t{ a = "b" , c="" , }  NaN  ',
      'up',
      [
        ['a', 'b'],
        ['c', ''],
      ],
    ],
    [
      'up{a="\\"b\\\\",c="},{\\n"} +Inf',
      'up',
      [
        ['a', '\\"b\\\\'],
        ['c', '},{\\n'],
      ],
    ],
    [
      '{"my.metric",a="b","x.y"="z"} -1.5e+300',
      'my.metric',
      [
        ['a', 'b'],
        ['x.y', 'z'],
      ],
    ],
    ['{a="b","my.metric"} 1', 'my.metric', [['a', 'b']]],
    [
      '{"x.y"="z", "my.metric" , a="b",} 1',
      'my.metric',
      [
        ['x.y', 'z'],
        ['a', 'b'],
      ],
    ],
    ['{"my \\"metric\\""} 0x1p-2', 'my \\"metric\\"', []],
    ['jobs_total{a="ä"} 3 # {trace_id="x"} 1', 'jobs_total', [['a', 'ä']]],
    ['up -Inf -12', 'up', []],
  ];
  for (const [text, name, labels] of good)
    it(`should read ${text}`, () => expect(read(text)).to.deep.equal({ name, labels, wrong: undefined }));

  const bad: readonly (readonly [text: string, wrong: string])[] = [
    ['<!DOCTYPE html>', 'the name of a metric'],
    ['{"error":"x"}', '"," or "}" behind'],
    ['{} 1', 'the name of a metric'],
    ['{a="b"} 1', 'the name of a metric'],
    ['1up 1', 'the name of a metric'],
    ['up', 'a value'],
    ['up{a="b"}', 'a value'],
    ['up one', 'a number as value'],
    ['up 1 then', 'a time'],
    ['up 1 2 3', 'the end of the line'],
    ['up{a="b" 1', '"," or "}"'],
    ['up{a="b} 1', 'a quote at the end of a value'],
    ['up{a=b} 1', 'a value in quotes'],
    ['up{1a="b"} 1', 'the name of a label'],
    ['up{"a.b"} 1', '"=" behind'],
    ['{"a.b",c="d","e.f"} 1', '"=" behind'],
    ['{c="d","a.b","e.f"} 1', '"=" behind'],
    ['{c="d",""} 1', 'the name of a metric'],
    ['up{', '"}"'],
    ['up{a', '"=" behind'],
    ['up{a=', 'a value in quotes'],
    ['up{"a', 'a quote at the end of a name'],
  ];
  for (const [text, wrong] of bad)
    it(`should refuse ${text}`, () => expect(read(text).wrong).to.contain(wrong));

  it('should read what was written, of any labels', () => {
    const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    const key = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    const escaped = (text: string): string =>
      text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    fc.assert(
      fc.property(name, fc.array(fc.tuple(key, fc.string())), fc.double(), (metric, labels, value) => {
        const written = labels.map(([label, text]) => [label, escaped(text)]);
        const line = `${metric}{${written.map(([label, text]) => `${label}="${text}"`).join(',')}} ${value}`;
        expect(read(line.replace('Infinity', 'Inf'))).to.deep.equal({
          name: metric,
          labels: written,
          wrong: undefined,
        });
      }),
    );
  });

  it('should end, and stay inside, whatever stands there', () => {
    const piece = fc.constantFrom(
      'a',
      '1',
      '{',
      '}',
      '"',
      '\\',
      '=',
      ',',
      ' ',
      '\t',
      '#',
      'NaN',
      'ä',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const bytes = Buffer.from(pieces.join(''));
        const [line, hashed] = [new SampleLine(), new HashedLabels()];
        line.read(bytes, 0, bytes.length, hashed);
        for (const place of [...hashed.places.subarray(0, 4 * hashed.length), line.nameFrom, line.nameTo])
          expect(place).to.be.within(0, bytes.length);
      }),
    );
  });
});
