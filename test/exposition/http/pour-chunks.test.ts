import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createDeflate, gunzipSync, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { pourChunks } from '../../../lib/exposition/http/pour-chunks.js';

describe('pourChunks', () => {
  const never = new AbortController().signal;
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve));
  };

  /** Chunks that are views of one memory, as those of an exposition. */
  class Source {
    made = 0;
    hasEnded = false;
    readonly #memory = Buffer.alloc(10_000);
    *chunks(count: number): Generator<Uint8Array, void> {
      try {
        while (this.made < count) yield this.#memory.fill(`${this.made++ % 10}`);
      } finally {
        this.#memory.fill('x');
        this.hasEnded = true;
      }
    }
  }
  const expected = (count: number): string =>
    Array.from({ length: count }, (_, index) => `${index % 10}`.repeat(10_000)).join('');

  /** Takes what it is given when it is told to. */
  class SlowTarget extends Writable {
    readonly taken: Buffer[] = [];
    readonly #waiting: (() => void)[] = [];
    isOpen = false;
    constructor() {
      super({ highWaterMark: 1 });
    }
    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      const take = (): void => {
        this.taken.push(Buffer.from(chunk));
        done();
      };
      if (this.isOpen) setImmediate(take);
      else this.#waiting.push(take);
    }
    takeOne(): void {
      this.#waiting.shift()?.();
    }
    open(): void {
      this.isOpen = true;
      this.takeOne();
    }
  }

  /** What middleware makes of a response: writes go elsewhere, and nobody hears when they were read. */
  for (const gzipLevel of [0, 1])
    it(`should send every byte through a write that does not call back, with gzip level ${gzipLevel}`, async () => {
      const target = new SlowTarget();
      target.open();
      const through = createDeflate();
      const response = new PassThrough();
      const end = response.end.bind(response);
      const wrapped = Object.assign(response, {
        write: (chunk: Uint8Array) => through.write(chunk),
        end: () => through.end(),
      });
      through.on('drain', () => wrapped.emit('drain'));
      const arrived = finished(through.pipe(target)).then(() => end());
      await pourChunks(new Source().chunks(300), wrapped.resume(), { gzipLevel, signal: never });
      await arrived;
      const bytes = inflateSync(Buffer.concat(target.taken));
      expect((gzipLevel === 0 ? bytes : gunzipSync(bytes)).toString()).to.equal(expected(300));
    });

  for (const gzipLevel of [0, 1, 9])
    it(`should send every byte, with gzip level ${gzipLevel}`, async () => {
      const target = new SlowTarget();
      target.open();
      await pourChunks(new Source().chunks(50), target, { gzipLevel, signal: never });
      const bytes = Buffer.concat(target.taken);
      expect((gzipLevel === 0 ? bytes : gunzipSync(bytes)).toString()).to.equal(expected(50));
    });

  it('should make no more than a few chunks ahead of who takes them', async () => {
    const [source, target] = [new Source(), new SlowTarget()];
    const sent = pourChunks(source.chunks(100), target, { gzipLevel: 0, signal: never });
    await turns(20);
    expect(source.made).to.equal(4);
    target.takeOne();
    await turns(20);
    expect(source.made).to.equal(5);
    target.open();
    await sent;
    expect(Buffer.concat(target.taken).toString()).to.equal(expected(100));
  });

  it('should stop making when it is told to, although nobody takes anything', async () => {
    const [source, target, cutOff] = [new Source(), new SlowTarget(), new AbortController()];
    const failure = pourChunks(source.chunks(100), target, { gzipLevel: 0, signal: cutOff.signal }).catch(
      (error: unknown) => error,
    );
    await turns(20);
    cutOff.abort();
    expect(await failure).to.be.instanceOf(Error);
    expect(source.hasEnded).to.equal(true);
    expect(source.made).to.equal(4);
  });

  it('should make nothing when it was told before', async () => {
    const [source, target, cutOff] = [new Source(), new SlowTarget(), new AbortController()];
    cutOff.abort();
    const options = { gzipLevel: 1, signal: cutOff.signal };
    expect(
      await pourChunks(source.chunks(100), target, options).catch((error: unknown) => error),
    ).to.be.instanceOf(Error);
    expect(source.made).to.equal(0);
  });

  for (const gzipLevel of [0, 1])
    it(`should reject when who takes goes away, with gzip level ${gzipLevel}`, async () => {
      const [source, target] = [new Source(), new SlowTarget()];
      const failure = pourChunks(source.chunks(10_000), target, { gzipLevel, signal: never }).catch(
        (error: unknown) => error,
      );
      await turns(20);
      target.destroy();
      expect(await failure).to.be.instanceOf(Error);
      expect(source.hasEnded).to.equal(true);
    });

  for (const gzipLevel of [0, 1])
    it(`should reject and close when the making fails, with gzip level ${gzipLevel}`, async () => {
      const target = new SlowTarget();
      target.open();
      function* broken(): Generator<Uint8Array, void> {
        yield Buffer.from('a');
        throw new Error('broken');
      }
      const failure: unknown = await pourChunks(broken(), target, { gzipLevel, signal: never }).catch(
        (error: unknown) => error,
      );
      expect(failure).to.have.property('message', 'broken');
      expect(target.destroyed).to.equal(true);
    });

  it('should let others have their turn between two chunks', async () => {
    const target = new SlowTarget();
    target.open();
    let taken = 0;
    let hasEnded = false;
    const turn = (): void => {
      taken++;
      if (!hasEnded) setImmediate(turn);
    };
    setImmediate(turn);
    await pourChunks(new Source().chunks(100), target, { gzipLevel: 0, signal: never });
    hasEnded = true;
    expect(taken).to.be.greaterThan(90);
  });
});
