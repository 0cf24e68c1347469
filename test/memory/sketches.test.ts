// Goal: what streams refused is sketched by all threads together, within the bytes that there are for it.
import { expect } from 'chai';
import fc from 'fast-check';
import { Worker } from 'node:worker_threads';
import { REGISTERS } from '../../lib/cardinality/hyper-log-log.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import {
  beginLabel,
  beginSketch,
  copySets,
  findSketch,
  isWhole,
  labelAt,
  raise,
  readLabel,
  readRegisters,
  type LabelKey,
} from '../../lib/memory/sketches.js';
import * as words from '../../lib/memory/words.js';

const MODULES = new URL('../../dist/memory/', import.meta.url).href;

const request = { maxBytes: 2 ** 24, stripes: 2, maxStreams: 8, maxBoundaries: 7, maxSeries: 20 };

function keyOf(name: string, low = name.length): LabelKey {
  const bytes = Buffer.from(`{"${name}":1}`);
  return { low, high: -low, bytes, from: 2, to: 2 + Buffer.byteLength(name) };
}

/** A sketch in a region with room for so many labels beside it, if they are all of one stream. */
function regionFor(labels: number): Region {
  const room = words.SKETCH_SIZE + labels * words.SKETCH_LABEL_SIZE + 128;
  return createRegion({ ...request, maxBytes: 64 * (room + 127) });
}

function usedBytes(region: Region): number {
  return region.i32[words.SKETCH_BYTES_USED / 4] ?? NaN;
}

describe('the sketches of what was refused', () => {
  it('should have as many registers as what counts them', () => {
    expect(words.SKETCH_REGISTER_COUNT).to.equal(REGISTERS);
  });

  it('should be begun once for each stream, and found by all', () => {
    const region = createRegion(request);
    expect([findSketch(region, 3), usedBytes(region)]).to.deep.equal([0, 0]);
    const sketch = beginSketch(region, 3);
    expect(sketch).to.be.greaterThan(0);
    expect([beginSketch(region, 3), findSketch(region, 3), findSketch(region, 2)]).to.deep.equal([
      sketch,
      sketch,
      0,
    ]);
    const other = beginSketch(region, 7);
    raise(region, other + words.SKETCH_SETS, 0, 9);
    expect(readRegisters(region, sketch + words.SKETCH_SETS).every(rank => rank === 0)).to.equal(true);
  });

  it('should keep the highest rank of each register, as a plain list does', () => {
    const region = createRegion(request);
    const address = beginSketch(region, 0) + words.SKETCH_SETS;
    const expected = new Uint8Array(REGISTERS);
    const before = region.bytes.slice(0, words.HEADER_SIZE);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(REGISTERS - 1), fc.integer({ min: 1, max: 22 })), { minLength: 1 }),
        ranks => {
          for (const [register, rank] of ranks) {
            raise(region, address, register, rank);
            expected[register] = Math.max(expected[register] ?? 0, rank);
          }
          expect(readRegisters(region, address)).to.deep.equal(expected);
        },
      ),
    );
    for (const register of [0, REGISTERS - 1]) raise(region, address, register, 22);
    expect(region.bytes.slice(0, words.HEADER_SIZE), 'nothing beside it').to.deep.equal(before);
    expect(labelAt(region, beginSketch(region, 0), words.SKETCH_LABEL_COUNT - 1)).to.equal(0);
  });

  it('should have labels in the order in which they came, by the hash of their keys', () => {
    const region = createRegion(request);
    const sketch = beginSketch(region, 0);
    const names = ['a', 'pod', 'ä€', 'x'.repeat(240)];
    const labels = names.map((name, index) => beginLabel(region, sketch, keyOf(name, index + 1)));
    expect(names.map((_, index) => labelAt(region, sketch, index))).to.deep.equal(labels);
    expect(labelAt(region, sketch, names.length)).to.equal(0);
    expect(labels.map(label => readLabel(region, label).key.toString())).to.deep.equal(names);
    expect(readLabel(region, labels[1]!)).to.include({ low: 2, high: -2 });
    expect(beginLabel(region, sketch, keyOf('pod', 2))).to.equal(labels[1]);
    expect(isWhole(region, sketch)).to.equal(true);
    expect(beginLabel(region, sketch, keyOf('x'.repeat(241), 9)), 'too long a key').to.equal(0);
    expect(isWhole(region, sketch)).to.equal(false);
  });

  it('should end where there is no room, and never begin later', () => {
    const region = regionFor(2);
    const sketch = beginSketch(region, 0);
    expect([1, 2, 3].map(low => beginLabel(region, sketch, keyOf('k', low)) > 0)).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect([isWhole(region, sketch), beginSketch(region, 1), findSketch(region, 1)]).to.deep.equal([
      false,
      0,
      0,
    ]);
    region.i32[words.SKETCH_BYTES_USED / 4] = 0;
    expect(beginSketch(region, 1), 'others were missed').to.equal(0);
    const none = createRegion({ ...request, maxBytes: 2 ** 18, maxLabelBytes: 64 });
    expect([beginSketch(none, 0), findSketch(none, 0)]).to.deep.equal([0, 0]);
    const many = createRegion({ ...request, maxBytes: 2 ** 25 });
    const full = beginSketch(many, 0);
    for (let low = 0; low < words.SKETCH_LABEL_COUNT; low++)
      expect(beginLabel(many, full, keyOf('k', low))).to.be.greaterThan(0);
    const used = usedBytes(many);
    expect([beginLabel(many, full, keyOf('k', -1)), usedBytes(many)]).to.deep.equal([0, used]);
  });

  it('should give a label the sets that came before it, and none that came when somebody was done', () => {
    const region = createRegion(request);
    const sketch = beginSketch(region, 0);
    for (let register = 0; register < REGISTERS; register++)
      raise(region, sketch + words.SKETCH_SETS, register, 1 + (register % 22));
    const label = beginLabel(region, sketch, keyOf('pod'));
    copySets(region, sketch, label);
    const sets = readRegisters(region, sketch + words.SKETCH_SETS);
    const without = readRegisters(region, label + words.SKETCH_LABEL_WITHOUT);
    expect(without).to.deep.equal(sets);
    raise(region, sketch + words.SKETCH_SETS, 0, 22);
    copySets(region, sketch, label);
    expect(readRegisters(region, label + words.SKETCH_LABEL_WITHOUT)).to.deep.equal(without);
    expect(readRegisters(region, label + words.SKETCH_LABEL_VALUES).every(rank => rank === 0)).to.equal(true);
  });

  it('should be one of several threads that begin them at one time, with every rank of each', async function () {
    this.timeout(60_000);
    const region = createRegion(request);
    const { memory } = region;
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const run = (thread: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const worker = new Worker(
          `const { parentPort, workerData: { modules, memory, request, gate, thread } } = require('node:worker_threads');
           Promise.all([import(modules + 'region.js'), import(modules + 'sketches.js'), import(modules + 'words.js')]).then(
             ([{ attachRegion }, sketches, words]) => {
               const region = attachRegion(memory, request);
               Atomics.add(gate, 0, 1);
               while (Atomics.load(gate, 0) < 3);
               const found = [];
               for (let stream = 0; stream < 4; stream++) {
                 const sketch = sketches.beginSketch(region, stream);
                 for (let low = 1; low <= 4; low++) {
                   const key = { low, high: 0, bytes: Buffer.from('k' + low), from: 0, to: 2 };
                   const label = sketches.beginLabel(region, sketch, key);
                   found.push(label);
                   for (let register = 0; register < 4096; register++)
                     sketches.raise(region, label + words.SKETCH_LABEL_VALUES, register, 1 + ((register + thread) % 3));
                 }
               }
               parentPort.postMessage(found);
             });`,
          { eval: true, workerData: { modules: MODULES, memory, request, gate, thread } },
        );
        worker.once('message', resolve).once('error', reject);
      });
    const [one, ...others] = await Promise.all([0, 1, 2].map(run));
    expect(new Set(one as number[]).size).to.equal(16);
    // Each in its own order, but of the same label the same sketches.
    for (const other of others) expect(other).to.deep.equal(one);
    for (let stream = 0; stream < 4; stream++) {
      const sketch = findSketch(region, stream);
      for (let number = 0; number < 4; number++)
        expect(
          readRegisters(region, labelAt(region, sketch, number) + words.SKETCH_LABEL_VALUES).every(
            rank => rank === 3,
          ),
        ).to.equal(true);
      expect(labelAt(region, sketch, 4)).to.equal(0);
    }
  });
});
