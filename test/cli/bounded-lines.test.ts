import { expect } from 'chai';
import fc from 'fast-check';
import { boundedLines } from '../../lib/cli/bounded-lines.js';
import type { BoundedLine } from '../../lib/cli/bounded-lines.js';

async function linesOf(chunks: readonly Uint8Array[], bytesMax = 1000): Promise<BoundedLine[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const lines: BoundedLine[] = [];
  for await (const line of boundedLines(source(), bytesMax)) lines.push(line);
  return lines;
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map(place => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('boundedLines', () => {
  it('should number lines from 1 and need no line feed at the end', async () => {
    const expected = [
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'c' },
    ];
    expect(await linesOf([Buffer.from('a\n\nc')])).to.deep.equal(expected);
    expect(await linesOf([Buffer.from('a\n\nc\n')])).to.deep.equal(expected);
  });

  it('should find no line in nothing', async () => {
    expect(await linesOf([])).to.deep.equal([]);
    expect(await linesOf([Buffer.from('')])).to.deep.equal([]);
  });

  it('should give the same lines wherever the bytes are cut, also inside a character', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', 'ß', '✓', '😀') });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(100)), async (content, places) => {
        const expected = content.replace(/\n$/, '').split('\n');
        const lines = await linesOf(cut(Buffer.from(content), places));
        expect(lines.map(line => ('text' in line ? line.text : undefined))).to.deep.equal(
          content === '' ? [] : expected,
        );
      }),
    );
  });

  it('should skip a line that is too long and go on behind it', async () => {
    const bytes = Buffer.from('ok\n12345678901\n1234567890\nlast-one-too-long');
    for (const places of [[], [5], [4, 8, 12], Array.from(bytes.keys())]) {
      expect(await linesOf(cut(bytes, places), 10)).to.deep.equal([
        { number: 1, text: 'ok' },
        { number: 2, isTooLong: true },
        { number: 3, text: '1234567890' },
        { number: 4, isTooLong: true },
      ]);
    }
  });
});
