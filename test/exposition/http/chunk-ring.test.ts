import { expect } from 'chai';
import { ChunkRing } from '../../../lib/exposition/http/chunk-ring.js';
import type { HeldChunk } from '../../../lib/exposition/http/chunk-ring.js';

describe('ChunkRing', () => {
  const fill = async (ring: ChunkRing): Promise<HeldChunk[]> => {
    const held: HeldChunk[] = [];
    while (held.length < 4 && (await ring.hasRoom())) held.push(ring.hold(Buffer.from([held.length])));
    return held;
  };
  const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
    const pending = Symbol();
    await new Promise(resolve => setImmediate(resolve));
    return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
  };

  it('should copy, so that the memory of a chunk may be used again', () => {
    const ring = new ChunkRing();
    const memory = Buffer.from('abc');
    const { bytes, done } = ring.hold(memory);
    memory.write('xyz');
    expect(bytes.toString()).to.equal('abc');
    done();
  });

  it('should wait when four chunks are held, until one is done', async () => {
    const ring = new ChunkRing();
    const held = await fill(ring);
    const room = ring.hasRoom();
    expect(await isSettled(room)).to.equal(false);
    held[2]?.done();
    expect(await room).to.equal(true);
    expect(held.map(({ bytes }) => bytes[0])).to.deep.equal([0, 1, 2, 3]);
    held.forEach(({ done }, index) => index !== 2 && done());
  });

  it('should use the memory of what is done again, of other rings too, but not of what was cut off', () => {
    const first = new ChunkRing().hold(Buffer.from('a'));
    first.done(null);
    const second = new ChunkRing().hold(Buffer.from('b'));
    expect(second.bytes.buffer).to.equal(first.bytes.buffer);
    second.done(new Error('closed'));
    const third = new ChunkRing().hold(Buffer.from('c'));
    expect(third.bytes.buffer).to.not.equal(first.bytes.buffer);
    const ring = new ChunkRing();
    const fourth = ring.hold(Buffer.from('d'));
    ring.close();
    fourth.done();
    expect(new ChunkRing().hold(Buffer.from('e')).bytes.buffer).to.not.equal(fourth.bytes.buffer);
    third.done();
  });

  it('should have no room once it is closed, also for who waits', async () => {
    const ring = new ChunkRing();
    await fill(ring);
    const room = ring.hasRoom();
    ring.close();
    expect(await room).to.equal(false);
    expect(await new ChunkRing().hasRoom()).to.equal(true);
  });
});
