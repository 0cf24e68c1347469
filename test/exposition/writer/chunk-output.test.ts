import { expect } from 'chai';
import { ChunkOutput } from '../../../lib/exposition/writer/chunk-output.js';
import { OUT_BYTES } from '../../../lib/exposition/rows/row-layout.js';

describe('ChunkOutput', () => {
  it('should split what is longer than a chunk, and nothing else', () => {
    const output = new ChunkOutput();
    const bytes = Buffer.from('ä'.repeat(OUT_BYTES));
    const chunks = [...output.bytes(bytes), ...output.rest()].map(chunk => chunk.length);
    expect(chunks).to.deep.equal([OUT_BYTES, OUT_BYTES]);
  });

  it('should give away what was put into it, and forget what was staged beside it', () => {
    const output = new ChunkOutput();
    output.staged = 'a template';
    expect([...output.bytes(Buffer.from('ab'))]).to.deep.equal([]);
    expect(output.isEmpty).to.be.false;
    expect(Buffer.from(output.take()).toString()).to.equal('ab');
    expect(output.staged).to.equal(undefined);
    expect([...output.rest()]).to.deep.equal([]);
  });

  it('should begin a new chunk for what does not fit, but would', () => {
    const output = new ChunkOutput();
    const sizes: number[] = [];
    for (const length of [OUT_BYTES - 1, 2, 3])
      for (const chunk of output.bytes(Buffer.alloc(length))) sizes.push(chunk.length);
    for (const chunk of output.rest()) sizes.push(chunk.length);
    expect(sizes).to.deep.equal([OUT_BYTES - 1, 5]);
  });
});
