// Goal: what is refused is counted as it would be if it had series, by whichever threads it comes.
import { expect } from 'chai';
import fc from 'fast-check';
import { LabelRoom, MetricLabels } from '../../../lib/cardinality/label-report.js';
import { HashedLabels, mixedHigh, mixedLow } from '../../../lib/cardinality/hashed-labels.js';
import { rankOf, registerOf, REGISTERS } from '../../../lib/cardinality/hyper-log-log.js';
import { EncodedText } from '../../../lib/memory/encoded-text.js';
import { createRegion, type Region } from '../../../lib/memory/region.js';
import { SKETCH_BYTES_USED } from '../../../lib/memory/words.js';
import { RefusedLabels } from '../../../lib/store/record/refused-labels.js';
import { refusedSketches } from '../../../lib/store/refused-sketches.js';
import { canonicalize } from '../../../lib/store/series/attributes.js';
import { CANONICAL_TEXTS, readCanonicalLabels } from '../../../lib/store/series/canonical-labels.js';
import { HOLDER } from '../../../lib/store/series/known-series.js';
import type { RegisteredStream } from '../../../lib/store/series/stream-registry.js';

type Labels = Readonly<Record<string, string | number>>;

const request = { stripes: 2, maxStreams: 8, maxBoundaries: 7, maxSeries: 20, maxLabelBytes: 4096 };

const streamOf = (kind: string, verbatim = false): RegisteredStream =>
  ({ index: 1, definition: { kind, verbatim } }) as RegisteredStream;

function add(into: RefusedLabels, labels: Labels): void {
  const text = EncodedText.take();
  text.put(canonicalize(labels, 2048).text);
  into.add(text);
  EncodedText.giveBack(text);
}

/** The plain way: each set by itself, or its only label. */
function registersOf(sets: readonly Labels[], isLabel = false): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  for (const labels of sets) {
    const bytes = Buffer.from(canonicalize(labels, 2048).text);
    const hashed = new HashedLabels();
    readCanonicalLabels(bytes, bytes.length, false, hashed);
    const low = isLabel ? hashed.sumLow : mixedLow(hashed.sumLow, hashed.sumHigh);
    const high = isLabel ? hashed.sumHigh : mixedHigh(low, hashed.sumHigh);
    registers[registerOf(low)] = Math.max(registers[registerOf(low)] ?? 0, rankOf(high));
  }
  return registers;
}

function setsWithout(sets: readonly Labels[], key: string): Labels[] {
  return sets.map(({ [key]: _, ...rest }) => rest);
}

/** As if nothing had been refused. */
function clear(region: Region): void {
  new Uint8Array(region.memory.buffer as unknown as SharedArrayBuffer, region.layout.sketchHeads).fill(0);
  region.i32[SKETCH_BYTES_USED / 4] = 0;
}

/** True: the work wrote more than so often, and was ended there. */
function endsAfter(steps: number, work: () => void): boolean {
  const { store, compareExchange } = Atomics;
  const ended = new Error('ended');
  let left = steps;
  const step = (): void => {
    if (left-- === 0) throw ended;
  };
  Atomics.store = ((...all: Parameters<typeof store>) => (step(), store(...all))) as typeof store;
  Atomics.compareExchange = ((...all: Parameters<typeof compareExchange>) => (
    step(),
    compareExchange(...all)
  )) as typeof compareExchange;
  try {
    work();
    return false;
  } catch (error) {
    if (error !== ended) throw error;
    return true;
  } finally {
    Object.assign(Atomics, { store, compareExchange });
  }
}

/** What a report says of sets that were all refused. */
function reportOf(region: Region, topMax = 1): { labels: unknown[]; sets: number; isWhole: boolean } {
  const metric = new MetricLabels(new LabelRoom(), CANONICAL_TEXTS);
  const sketches = refusedSketches(region, 1);
  if (sketches !== undefined) metric.join(sketches.sets, sketches.labels, sketches.isWhole);
  const labels = metric.report(topMax).map(({ key, distinct, seriesWithout }) => ({
    ...{ key, distinct, seriesWithout },
  }));
  return { labels, sets: metric.sets.count, isWhole: sketches?.isWhole ?? true };
}

const empty = new Uint8Array(REGISTERS);

describe('RefusedLabels', () => {
  const value = fc.oneof(fc.constantFrom('x', 'y', 'ä"\\', ''), fc.integer({ min: 0, max: 3 }));
  const set = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd"'), value);

  it('should raise what a plain count of all sets raises, in whatever order labels and threads come', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), set), { maxLength: 60 }), asked => {
        clear(region);
        const threads = [0, 1, 2].map(() => new RefusedLabels(region, streamOf('COUNTER')));
        for (const [thread, labels] of asked) add(threads[thread]!, labels);
        const found = refusedSketches(region, 1);
        const all = asked.map(([, labels]) => labels);
        expect(found?.sets ?? empty).to.deep.equal(registersOf(all));
        expect(found?.isWhole ?? true).to.equal(true);
        const keys = new Set(all.flatMap(labels => Object.keys(labels)));
        expect(new Set(found?.labels.map(({ key }) => key))).to.deep.equal(keys);
        for (const { key, values, without } of found?.labels ?? []) {
          expect(without).to.deep.equal(registersOf(setsWithout(all, key)));
          const alone = all.filter(labels => key in labels).map(({ [key]: own }) => ({ [key]: own! }));
          expect(values).to.deep.equal(registersOf(alone, true));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('should raise the same after a thread was terminated at any of its steps', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    const before = [{ a: 1 }, { a: 2, c: 'x' }];
    const killed = [
      { a: 3, b: 'new' },
      { b: 'newer', d: 1 },
    ];
    const all = [...before, ...killed, { b: 'new', e: 1 }];
    let steps = 0;
    for (let isKilled = true; isKilled; steps++) {
      clear(region);
      const first = new RefusedLabels(region, streamOf('COUNTER'));
      for (const labels of before) add(first, labels);
      const second = new RefusedLabels(region, streamOf('COUNTER'));
      isKilled = endsAfter(steps, () => {
        for (const labels of killed) add(second, labels);
      });
      // A report looks in between, and the sets of who ended come from another thread.
      refusedSketches(region, 1);
      for (const labels of all.slice(before.length)) add(first, labels);
      const found = refusedSketches(region, 1)!;
      expect(found.isWhole).to.equal(true);
      expect(found.sets, `ended after ${steps} steps`).to.deep.equal(registersOf(all));
      expect(found.labels.map(({ key }) => key).sort()).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
      for (const { key, without } of found.labels)
        expect(without, `ended after ${steps} steps: ${key}`).to.deep.equal(
          registersOf(setsWithout(all, key)),
        );
    }
    expect(steps, 'the steps of two labels and more').to.be.greaterThan(130);
  });

  it('should change nothing of what has a series and was refused too', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    const refused = new RefusedLabels(region, streamOf('COUNTER'));
    const counted = new MetricLabels(new LabelRoom(), CANONICAL_TEXTS);
    const hashed = new HashedLabels();
    for (let index = 0; index < 300; index++) {
      const labels = { pod: `p${index}`, phase: index % 3 };
      if (index < 200) {
        const bytes = Buffer.from(canonicalize(labels, 2048).text);
        readCanonicalLabels(bytes, bytes.length, false, hashed);
        counted.add(hashed, bytes);
      }
      if (index >= 100) add(refused, labels);
    }
    const { sets, labels, isWhole } = refusedSketches(region, 1)!;
    counted.join(sets, labels, isWhole);
    expect(counted.sets.count).to.be.closeTo(300, 9);
    const [pod, phase] = counted.report(2);
    expect(pod).to.include({ key: 'pod', seriesWithout: 3, exact: false });
    expect(pod?.distinct).to.be.closeTo(300, 9);
    expect(phase).to.include({ key: 'phase', distinct: 3, exact: false });
  });

  it('should say of labels that found no room that they were left out, and count the sets', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    const refused = new RefusedLabels(region, streamOf('COUNTER'));
    for (let index = 0; index < 40; index++) add(refused, { [`key${index}`]: 1, same: index });
    const found = reportOf(region);
    expect([found.isWhole, found.labels.length, found.sets]).to.deep.equal([false, 31, 40]);
    const counted = new MetricLabels(new LabelRoom(), CANONICAL_TEXTS);
    const bytes = Buffer.from('{"key39":1}');
    const hashed = new HashedLabels();
    readCanonicalLabels(bytes, bytes.length, false, hashed);
    counted.add(hashed, bytes);
    const { sets, labels, isWhole } = refusedSketches(region, 1)!;
    counted.join(sets, labels, isWhole);
    expect(counted.report(1).find(({ key }) => key === 'key39')).to.include({
      ...{ distinct: 1, seriesWithout: 1, exact: false },
    });
  });

  it('should do nothing where there is no room for a sketch', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 18 });
    const refused = new RefusedLabels(region, streamOf('COUNTER'));
    const before = Buffer.from(region.bytes);
    for (let index = 0; index < 5; index++) add(refused, { pod: index });
    expect(refusedSketches(region, 1)).to.equal(undefined);
    expect(Buffer.from(region.bytes).equals(before)).to.equal(true);
  });

  it('should take the copies of a realtime gauge for one set', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    const refused = new RefusedLabels(region, streamOf('GAUGE', true));
    for (let holder = 0; holder < 5; holder++) add(refused, { [HOLDER]: holder, pod: 'p' });
    expect(reportOf(region)).to.deep.equal({
      ...{ labels: [{ key: 'pod', distinct: 1, seriesWithout: 1 }], sets: 1, isWhole: true },
    });
  });
});
