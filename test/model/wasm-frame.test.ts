// The interpreter against real WebAssembly: the same calls on the same memory, then the same answers and the same memory.
import { expect } from 'chai';
import fc from 'fast-check';
import { explicitHistogram, GAUGE } from '../../lib/memory/aggregation.js';
import { instantiateKernel, type Kernel } from '../../lib/memory/kernel.js';
import { KERNEL_BASE64 } from '../../lib/memory/kernel-binary.js';
import { computeLayout, writeHeader } from '../../lib/memory/layout.js';
import * as words from '../../lib/memory/words.js';
import { UndoMemory } from './undo-memory.js';
import { WasmFrame } from './wasm-frame.js';
import { decodeModule, NO_SECRET } from './wasm-module.js';

const kernel = decodeModule(Buffer.from(KERNEL_BASE64, 'base64'));
const layout = computeLayout({
  maxBytes: 64_000,
  stripes: 2,
  maxStreams: 2,
  maxBoundaries: 1,
  maxSeries: 3,
  maxLabelBytes: 128,
});

type Call = readonly [name: keyof Kernel, ...args: number[]];

/** One memory for WebAssembly and one for the interpreter, with three streams' kinds of cells and a boundary at `text`. */
function twins(): { call: (call: Call) => void; interpreted: UndoMemory } {
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
  const real = instantiateKernel(memory) as unknown as Record<string, (...args: number[]) => unknown>;
  const copy = new SharedArrayBuffer(layout.pages * 65536);
  for (const buffer of [memory.buffer as unknown as SharedArrayBuffer, copy]) {
    writeHeader(buffer, layout, NO_SECRET);
    new Float64Array(buffer)[layout.text / 8] = 2.5;
  }
  const interpreted = new UndoMemory(new Int32Array(copy));
  const call = ([name, ...args]: Call): void => {
    const expected = real[name]!(...args);
    const frame = WasmFrame.call(kernel.get(name)!, args);
    while (frame.stop !== 'returned') frame.step(interpreted);
    expect(frame.answer(), `${name}(${args.join()})`).to.equal(expected);
    const [one, other] = [Buffer.from(memory.buffer), Buffer.from(copy)];
    expect(one.equals(other), `memory after ${name}(${args.join()})`).to.equal(true);
  };
  call(['admitStream', 0, 1, 2, 3, 4, 0, 0, 3, explicitHistogram(2), layout.text, 5, 1, 0, 1, 0]);
  call(['admitStream', 1, 1, 2, 3, 5, 0, 0, 3, GAUGE, 0, 5, 1, 1, 1, 0]);
  return { call, interpreted };
}

const stripe = fc.constantFrom(words.STRIPES, words.STRIPES + words.STRIPE_SIZE);
const series = fc.integer({ min: 0, max: 4 });
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double());
const bit = fc.integer({ min: 0, max: 1 });
const generation = fc.integer({ min: 0, max: 3 });
const plane = fc.constantFrom(words.PLANES, words.PLANES + words.PLANE_SIZE);
const lease = fc.integer({ min: 0, max: 2 });
const now = fc.integer({ min: 0, max: 20 });
/** The words of slots that are free, live in their first and in their second generation. */
const live = fc.constantFrom(0, words.SLOT_LIVE, words.SLOT_GENERATION + words.SLOT_LIVE);

const calls = fc.oneof(
  fc.tuple(fc.constantFrom('add', 'addAlone'), stripe, series, live, value),
  fc.tuple(
    fc.constantFrom('record', 'recordAlone'),
    stripe,
    series,
    live,
    value,
    fc.constant(layout.text),
    bit,
  ),
  fc.tuple(
    fc.constantFrom('write', 'writeAlone'),
    stripe,
    series,
    live,
    fc.integer({ min: 0, max: 4 }),
    value,
  ),
  fc.tuple(fc.constant('takeRight'), bit, fc.constantFrom(0, 2, 6), generation),
  fc.tuple(fc.constantFrom('giveRight', 'beat', 'settle', 'quiesce'), generation),
  fc.tuple(fc.constant('swap'), generation, now),
  fc.tuple(fc.constant('drain'), generation, stripe, bit, fc.integer({ min: 1, max: 9 }), now),
  fc.tuple(fc.constant('claimPlane'), plane, now),
  fc.tuple(fc.constant('endLease'), plane, lease, now),
  fc.tuple(fc.constant('sealHalf'), generation, plane, lease, now),
  fc.tuple(
    fc.constant('emptyHalf'),
    generation,
    plane,
    bit,
    fc.constantFrom(words.MERGE, words.DROP, words.DROP_LEFT_OVER),
    fc.integer({ min: 1, max: 9 }),
  ),
  fc.tuple(fc.constant('find'), series, bit, bit, bit),
  fc.tuple(
    fc.constant('admit'),
    series,
    bit,
    bit,
    bit,
    bit,
    fc.constant(layout.text + 64),
    fc.constant(3),
    now,
  ),
  fc
    .tuple(fc.constantFrom('reserveText', 'returnText'), fc.integer({ min: 0, max: 3 }), fc.constant(8))
    .map(([name, list, size]) =>
      name === 'reserveText' ? [name, list, size] : [name, layout.text + 96, list, size],
    ),
  fc.tuple(fc.constantFrom('revive', 'depart'), series, live),
  fc.tuple(fc.constantFrom('init', 'initAlone'), stripe, series, live),
  fc.tuple(fc.constant('nextIdle'), series, fc.constant(5), now),
  fc.tuple(fc.constantFrom('retire', 'clearBuckets', 'renewOverflow'), generation, series),
  fc.tuple(fc.constant('kill'), generation, series, now),
  fc.tuple(
    fc.constant('restore'),
    ...([generation, series, live, now, now, value, fc.integer({ min: 0, max: 4 })] as const),
    ...([value, value, value] as const),
  ),
  fc.tuple(
    fc.constant('restoreGroup'),
    ...([generation, series, live, bit] as const),
    ...([value, value, value, value, value, value, value, value] as const),
  ),
  fc.tuple(fc.constant('bury'), generation, series, bit, fc.constant(8)),
) as fc.Arbitrary<Call>;

describe('wasm frame', () => {
  it('should do to its memory what WebAssembly does', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(calls, { minLength: 20, maxLength: 60 }), list => {
        const { call } = twins();
        for (const each of list) {
          call(each);
          seen.add(each[0]);
        }
      }),
      { numRuns: 60 },
    );
    expect([...kernel.keys()].filter(name => !seen.has(name) && name !== 'admitStream')).to.deep.equal([]);
  });

  it('should agree in a life of a series: record, swap, drain, expire, free', () => {
    const { call } = twins();
    call(['admit', 9, 1, 1, 1, 0, layout.text + 64, 3, 0]);
    call(['record', words.STRIPES, 2, words.SLOT_LIVE, 3, layout.text, 1]);
    call(['takeRight', 0, 0, 0]);
    for (const at of [1, 100, 200]) {
      call(['swap', 1, at]);
      call(['quiesce', 1]);
      for (const each of [words.STRIPES, words.STRIPES + words.STRIPE_SIZE])
        for (const bank of [0, 1]) call(['drain', 1, each, bank, 100, at]);
      call(['settle', 1]);
    }
    call(['retire', 1, 2]);
    call(['swap', 1, 300]);
    call(['quiesce', 1]);
    call(['settle', 1]);
    call(['kill', 1, 2, 300]);
    call(['clearBuckets', 1, 2]);
    call(['bury', 1, 2, 0, 8]);
    call(['record', words.STRIPES, 2, words.SLOT_LIVE, 3, layout.text, 1]);
    call(['giveRight', 1]);
  });

  it('should stop before every access and before every jump backwards', () => {
    const { interpreted } = twins();
    const frame = WasmFrame.call(kernel.get('drain')!, [0, words.STRIPES, 0, 1, 0]);
    expect(frame.stop).to.equal('access');
    expect(frame.access().kind).to.equal('load');
    const stops = new Set<string>();
    const find = WasmFrame.call(kernel.get('nextIdle')!, [2, 5, 0]);
    for (; find.stop !== 'returned'; find.step(interpreted)) stops.add(find.stop);
    expect(stops).to.include.keys('access', 'back');
  });

  it('should take back what was overwritten, and its hash with it', () => {
    const { call, interpreted } = twins();
    const before = { words: interpreted.words.slice(), a: interpreted.hashA, b: interpreted.hashB };
    const mark = interpreted.mark();
    call(['add', words.STRIPES, 0, words.SLOT_LIVE, 2]);
    expect(interpreted.hashA).to.not.equal(before.a);
    interpreted.undo(mark);
    expect([interpreted.words, interpreted.hashA, interpreted.hashB]).to.deep.equal([
      before.words,
      before.a,
      before.b,
    ]);
  });
});
