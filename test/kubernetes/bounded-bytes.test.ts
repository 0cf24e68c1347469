import { expect } from 'chai';
import { BoundedBytes } from '../../lib/kubernetes/bounded-bytes.js';

describe(BoundedBytes.name, () => {
  const push = (bytes: BoundedBytes, ...texts: string[]): void => {
    for (const text of texts) bytes.push(Buffer.from(text));
  };

  it('should put pieces together, and begin anew', () => {
    const bytes = new BoundedBytes(10_000);
    push(bytes, 'a', '', 'bc');
    expect(bytes.byteLength).to.equal(3);
    expect(bytes.take()).to.deep.equal({ bytes: Buffer.from('abc') });
    push(bytes, 'x'.repeat(9000));
    expect(bytes.take()).to.deep.equal({ bytes: Buffer.from('x'.repeat(9000)) });
    expect(bytes.take()).to.deep.equal({ bytes: Buffer.alloc(0) });
  });

  it('should hold its bound exactly, and keep only the number of more', () => {
    const bytes = new BoundedBytes(5);
    push(bytes, 'ab', 'cde');
    expect(bytes.take()).to.deep.equal({ bytes: Buffer.from('abcde') });
    push(bytes, 'ab', 'cdef', 'g'.repeat(100));
    expect(bytes.take()).to.deep.equal({ skippedBytes: 106 });
    push(bytes, 'ok');
    expect(bytes.take()).to.deep.equal({ bytes: Buffer.from('ok') });
  });

  it('should copy: the piece may be used again', () => {
    const bytes = new BoundedBytes(5);
    const piece = Buffer.from('abc');
    bytes.push(piece);
    piece.fill('x');
    expect(bytes.take()).to.deep.equal({ bytes: Buffer.from('abc') });
  });
});
