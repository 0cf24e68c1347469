import { expect } from 'chai';
import fc from 'fast-check';
import { BoundedLines, LINE_BYTES_MAX } from '../../lib/cli/bounded-lines.js';

function linesOf(pieces: readonly Uint8Array[]): string[] {
  const found: string[] = [];
  const lines = new BoundedLines((bytes, from, to, number) => {
    expect(number).to.equal(found.length + 1);
    found.push(bytes.toString('utf8', from, to));
  });
  for (const piece of pieces) lines.push(piece);
  lines.finish();
  return found;
}

describe('BoundedLines', () => {
  it('should find the lines of a text, however it is cut to pieces', () => {
    const character = fc.constantFrom('a', 'ä', '\n', '\r\n', '"', '');
    fc.assert(
      fc.property(fc.array(character), fc.array(fc.nat(60)), (characters, cuts) => {
        const bytes = Buffer.from(characters.join(''));
        const places = [0, ...cuts.filter(cut => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
        const expected = bytes.toString().split(/\r?\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(linesOf(pieces)).to.deep.equal(expected);
      }),
    );
  });

  it('should take a line of a mebibyte and refuse a longer one, also one that never ends', () => {
    const longest = Buffer.alloc(LINE_BYTES_MAX, 'x');
    const end = Buffer.from('\n');
    expect(linesOf([longest, end]).map(line => line.length)).to.deep.equal([LINE_BYTES_MAX]);
    expect(linesOf([Buffer.concat([longest, end])])).to.have.lengthOf(1);
    const reason = /^line 2 is longer than 1048576 bytes$/;
    expect(() => linesOf([end, longest, Buffer.from('y')])).to.throw(reason);
    expect(() => linesOf([Buffer.concat([end, longest, Buffer.from('y\n')])])).to.throw(reason);
  });
});
