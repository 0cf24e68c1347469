import { expect } from 'chai';
import { BoundedLines } from '../../lib/kubernetes/bounded-lines.js';

describe(BoundedLines.name, () => {
  function linesOf(pieces: readonly string[], bytesMax = 10): (string | number)[] {
    const lines = new BoundedLines(bytesMax);
    const found: (string | number)[] = [];
    for (const piece of pieces)
      for (const line of lines.push(Buffer.from(piece)))
        found.push('bytes' in line ? line.bytes.toString() : line.skippedBytes);
    return found;
  }

  it('should find the same lines however they are cut', () => {
    const text = 'a\n\nbcd\r\näöü\nrest';
    const bytes = Buffer.from(text);
    const whole = linesOf([text]);
    expect(whole).to.deep.equal(['a', 'bcd\r', 'äöü']);
    const lines = new BoundedLines(10);
    const found: string[] = [];
    for (const byte of bytes)
      for (const line of lines.push(Uint8Array.of(byte)))
        found.push('bytes' in line ? line.bytes.toString() : '');
    expect(found).to.deep.equal(whole);
  });

  it('should keep only the length of a line that is too long, and go on behind it', () => {
    expect(linesOf(['0123456789\n01234', '567890\nok\n'])).to.deep.equal(['0123456789', 11, 'ok']);
  });
});
