// Goal: a memory that somebody hands over is looked at before anything is made of it. Whatever it is, it is refused with a
// code, or it is a store's.
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { isMetricStoreError } from '../../lib/errors.js';
import { PAGE_BYTES } from '../../lib/limits.js';
import type { LayoutRequest } from '../../lib/memory/layout.js';
import { attachRegion, createRegion } from '../../lib/memory/region.js';
import * as words from '../../lib/memory/words.js';

const request: LayoutRequest = {
  maxBytes: 2 ** 20,
  stripes: 3,
  maxStreams: 4,
  maxBoundaries: 7,
  maxSeries: 20,
  maxLabelBytes: 1024,
};

/** Codes and nothing else; `attached` if there is nothing to refuse. */
function answerTo(memory: unknown, given: LayoutRequest = request): string {
  try {
    attachRegion(memory, given);
    return 'attached';
  } catch (error) {
    if (isMetricStoreError(error)) return error.code;
    throw error;
  }
}

const pages = createRegion(request).layout.pages;
const memoryOf = (count: number, shared = true): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: count, maximum: count, shared: shared as true });

describe('attachRegion', () => {
  it('takes the memory of a store', () => {
    const { memory, layout } = createRegion(request);
    const attached = attachRegion(memory, request);
    expect(attached.layout).to.deep.equal(layout);
    expect(attached.i32.buffer).to.equal(memory.buffer);
  });

  it('takes one that another realm made', () => {
    const { memory } = createRegion(request);
    const foreign = runInNewContext(
      `new WebAssembly.Memory({ initial: ${pages}, maximum: ${pages}, shared: true })`,
    ) as WebAssembly.Memory;
    new Uint8Array(foreign.buffer).set(new Uint8Array(memory.buffer));
    expect(foreign).not.to.be.instanceOf(WebAssembly.Memory);
    expect(answerTo(foreign)).to.equal('attached');
    expect(answerTo(runInNewContext('({})'))).to.equal('HANDLE_CROSSED_PROCESS');
  });

  it('says of what JSON left of a memory that it was lost on the way', () => {
    for (const nothing of [undefined, null, {}, JSON.parse(JSON.stringify(memoryOf(1)))])
      expect(answerTo(nothing)).to.equal('HANDLE_CROSSED_PROCESS');
  });

  it('refuses what is no WebAssembly.Memory, however much it looks like one', () => {
    const { buffer } = createRegion(request).memory;
    const locked = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('locked');
        },
      },
    );
    const forged = [
      { buffer },
      { buffer: new SharedArrayBuffer(8) },
      { buffer: new ArrayBuffer(pages * PAGE_BYTES) },
      { buffer: undefined },
      Object.assign(Object.create(WebAssembly.Memory.prototype) as object, { a: 1 }),
      new Proxy(memoryOf(pages), {}),
      buffer,
      [buffer],
      locked,
      () => buffer,
      'memory',
      5,
      true,
    ];
    for (const memory of forged) expect(answerTo(memory), typeof memory).to.equal('NOT_A_STORE_HANDLE');
  });

  it('refuses a memory that cannot be shared', () => {
    const memory = memoryOf(pages, false);
    new Uint8Array(memory.buffer).set(new Uint8Array(createRegion(request).memory.buffer));
    expect(answerTo(memory)).to.equal('NOT_SHARED');
  });

  it('refuses a memory of another size, an empty one too', () => {
    for (const count of [0, 1, pages - 1, pages + 1])
      expect(answerTo(memoryOf(count)), `${count} pages`).to.equal('LAYOUT_MISMATCH');
    expect(answerTo(memoryOf(pages)), 'nothing stands in it').to.equal('LAYOUT_MISMATCH');
  });

  it('refuses options that are not those of the memory', () => {
    const { memory } = createRegion(request);
    const changes: Partial<LayoutRequest>[] = [
      { maxBytes: 2 ** 21 },
      { stripes: 2 },
      { maxStreams: 5 },
      { maxSeries: 21 },
      { maxLabelBytes: 2048 },
      { maxBytes: PAGE_BYTES, maxSeries: 10_000 },
      { maxBytes: NaN },
      { stripes: 1e9 },
    ];
    for (const change of changes)
      expect(answerTo(memory, { ...request, ...change }), JSON.stringify(change)).to.equal('LAYOUT_MISMATCH');
  });

  it('refuses a header in which any word of the layout is another one', () => {
    const { memory, layout } = createRegion(request);
    const u32 = new Uint32Array(memory.buffer);
    const ofStripes = Array.from({ length: layout.stripes }, (_, index) => [
      words.STRIPES + index * words.STRIPE_SIZE + words.STRIPE_SCALARS,
      words.STRIPES + index * words.STRIPE_SIZE + words.STRIPE_LOGS + 4,
    ]);
    const ofPlanes = Array.from({ length: words.PLANE_COUNT }, (_, index) => [
      words.PLANES + index * words.PLANE_SIZE + words.PLANE_HISTOGRAMS,
      words.PLANES + index * words.PLANE_SIZE + words.PLANE_LOGS + 4,
    ]);
    const ofLayout = Object.entries(words)
      .filter(([name]) => name.startsWith('LAYOUT_'))
      .map(([, address]) => address);
    expect(ofLayout).to.have.length.greaterThan(15);
    const addresses = [words.MAGIC, words.FORMAT, ...ofLayout, ...ofStripes.flat(), ...ofPlanes.flat()];
    fc.assert(
      fc.property(
        fc.constantFrom(...addresses),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (address, value) => {
          const right = u32[address / 4] ?? 0;
          fc.pre(value !== right);
          u32[address / 4] = value;
          const answer = answerTo(memory);
          u32[address / 4] = right;
          expect(answer, `${value} at ${address}`).to.equal('LAYOUT_MISMATCH');
        },
      ),
    );
    for (const address of addresses) {
      u32[address / 4]! ^= 1;
      expect(answerTo(memory), `a bit at ${address}`).to.equal('LAYOUT_MISMATCH');
      u32[address / 4]! ^= 1;
    }
    expect(answerTo(memory), 'restored').to.equal('attached');
  });

  it('takes a memory in which everything else is in use', () => {
    const { memory, kernel } = createRegion(request);
    kernel.takeRight(0, 0, 0);
    kernel.swap(1, 0);
    kernel.reserveText(0, 8);
    kernel.claimPlane(words.PLANES, 1);
    kernel.admitStream(0, 1, 2, 3, 4, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0);
    kernel.add(words.STRIPES, 0, words.SLOT_LIVE, 1);
    expect(answerTo(memory)).to.equal('attached');
  });
});
