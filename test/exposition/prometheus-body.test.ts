import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PrometheusBody } from '../../lib/exposition/prometheus-body.js';

/** Nobody shares it. */
const release = (): void => undefined;
const OPTIONS = { gzipLevel: 0, answerTimeoutMillis: 60_000 };

/** As the writer: each chunk in the same memory, of Node's own kind of array. */
function chunksOf(count: number, ended: () => void = () => undefined): Iterable<Uint8Array> {
  const memory = Buffer.alloc(1000);
  function* chunks(): Generator<Uint8Array> {
    try {
      for (let index = 0; index < count; index++) yield memory.fill(index % 256);
    } finally {
      ended();
    }
  }
  return chunks();
}

async function take(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const taken: Uint8Array[] = [];
  for await (const chunk of body) taken.push(chunk);
  return taken;
}

describe('PrometheusBody', () => {
  for (const gzipLevel of [0, 1, 9]) {
    it(`should give chunks that stay as they are, at level ${gzipLevel}`, async () => {
      const taken = await take(new PrometheusBody(chunksOf(600), release, { ...OPTIONS, gzipLevel }));
      const whole = Buffer.concat(taken);
      const bytes = gzipLevel === 0 ? whole : gunzipSync(whole);
      expect(bytes).to.have.length(600_000);
      for (let index = 0; index < 600; index++)
        expect([bytes[index * 1000], bytes[index * 1000 + 999]]).to.deep.equal([index % 256, index % 256]);
    });

    it(`should give chunks whose memory may be given to another thread, at level ${gzipLevel}`, async () => {
      // Of bytes that cannot be made much smaller: several chunks come out of gzip.
      function* random(): Generator<Uint8Array> {
        for (let index = 0; index < 20; index++) yield numbers.subarray(index * 5000, (index + 1) * 5000);
      }
      const numbers = randomBytes(100_000);
      const moved: Uint8Array[] = [];
      for await (const chunk of new PrometheusBody(random(), release, { ...OPTIONS, gzipLevel }))
        moved.push(structuredClone(chunk, { transfer: [chunk.buffer as ArrayBuffer] }));
      const whole = Buffer.concat(moved);
      expect((gzipLevel === 0 ? whole : gunzipSync(whole)).equals(numbers)).to.equal(true);
    });

    it(`should end at once when an iteration is ended before its first step, at level ${gzipLevel}`, async () => {
      let released = 0;
      const body = new PrometheusBody(chunksOf(3), () => released++, { ...OPTIONS, gzipLevel });
      await body[Symbol.asyncIterator]().return?.();
      expect(released).to.equal(1);
      const failure: unknown = await take(body).catch((error: unknown) => error);
      expect(String(failure)).to.contain('once');
    });

    it(`should end the making when an iteration is ended early, at level ${gzipLevel}`, async () => {
      let end: () => void = () => undefined;
      const ended = new Promise<void>(resolve => (end = resolve));
      for await (const _ of new PrometheusBody(chunksOf(Infinity, () => end()), release, { ...OPTIONS, gzipLevel })) break; // prettier-ignore
      await ended;
    });

    it(`should end the making when nobody goes on taking, at level ${gzipLevel}`, async () => {
      let end: () => void = () => undefined;
      const ended = new Promise<void>(resolve => (end = resolve));
      const body = new PrometheusBody(
        chunksOf(Infinity, () => end()),
        release,
        { gzipLevel, answerTimeoutMillis: 50 },
      );
      const iterator = body[Symbol.asyncIterator]();
      expect((await iterator.next()).done).to.equal(false);
      await ended;
      const rest = (async (): Promise<void> => {
        while ((await iterator.next()).done !== true);
      })();
      const failure: unknown = await rest.catch((error: unknown) => error);
      expect(failure).to.have.property('code', 'COLLECT_TIMEOUT');
    });

    it(`should tell who takes them that the chunks cannot be made, at level ${gzipLevel}`, async () => {
      function* broken(): Generator<Uint8Array> {
        yield new Uint8Array(10);
        throw new Error('broken');
      }
      const failure: unknown = await take(
        new PrometheusBody(broken(), release, { ...OPTIONS, gzipLevel }),
      ).catch((error: unknown) => error);
      expect(String(failure)).to.contain('broken');
    });
  }

  it('should let go of what nobody began to take', async () => {
    const body = new PrometheusBody(chunksOf(1), release, { ...OPTIONS, answerTimeoutMillis: 1 });
    await new Promise(resolve => setTimeout(resolve, 20));
    const failure: unknown = await take(body).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'COLLECT_TIMEOUT');
    expect(String(failure)).to.contain('answerTimeoutMillis');
  });

  it('should say that the chunks are not read any more at the end, when it is ended early, and when it is late', async () => {
    let released = 0;
    const count = (): void => void released++;
    await take(new PrometheusBody(chunksOf(3), count, OPTIONS));
    expect(released).to.equal(1);
    for await (const _ of new PrometheusBody(chunksOf(Infinity), count, OPTIONS)) break;
    expect(released).to.equal(2);
    const late = new PrometheusBody(chunksOf(3), count, { ...OPTIONS, answerTimeoutMillis: 1 });
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(released).to.equal(3);
    await take(late).catch(() => undefined);
  });

  it('should be taken once', async () => {
    const body = new PrometheusBody(chunksOf(1), release, OPTIONS);
    expect(await take(body)).to.have.length(1);
    const failure: unknown = await take(body).catch((error: unknown) => error);
    expect(String(failure)).to.contain('once');
  });
});
