// Goal: what memory holds is what lives, however many label sets have come and gone. Method: ever new sets go through a
// store with room for 10,000 series; each is admitted, read, expires and gives its place to another one. After the first
// fifth nothing may grow any more: not the store's labels, not the memory that it touched, not the heap.
import { existsSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';

/** `npm run test:stress` pushes ten million through. */
const SETS = Number(process.env['STRESS_SETS'] ?? 200_000);
const SERIES = 10_000;
const GROWTH_MAX = 0.05;
/** What a heap after a full collection varies by, mostly code that was compiled meanwhile. */
const HEAP_NOISE_BYTES = 4 * 2 ** 20;
/** So large as no other memory of this process, by which its mapping is found. */
const STORE_BYTES = 173 * 2 ** 20;
/**
 * What everything that the process has may grow by: a bound for what the others do not see. Compilers, allocators and pages
 * that were the heap's make it rise by tens of megabytes, however many sets come; and a system that makes large pages of small
 * ones may make all of the store resident, though nobody touched it.
 */
const PROCESS_NOISE_BYTES = STORE_BYTES + 128 * 2 ** 20;
const PROCESS_BYTES_PER_SET = 64;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const PAGES = '/proc/self/smaps';
const LARGE_PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';

/** Whether the system says which pages were touched, and makes no large ones of them by itself. */
const TELLS_PAGES =
  [PAGES, LARGE_PAGES].every(path => existsSync(path)) &&
  !readFileSync(LARGE_PAGES, 'utf8').includes('[always]');

/** Bytes of the store's memory that were ever touched; 0 where the system does not tell. */
function touchedBytes(): number {
  if (!TELLS_PAGES) return 0;
  // Begins with `from-to permissions …` in hexadecimal, and `Rss: N kB` follows some lines later.
  for (const mapping of readFileSync(PAGES, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [, from = '0', to = '0'] = mapping.match(/^([0-9a-f]+)-([0-9a-f]+) rw/) ?? [];
    if (Number.parseInt(to, 16) - Number.parseInt(from, 16) === STORE_BYTES)
      return Number(mapping.match(/^Rss:\s+(\d+) kB$/m)?.[1]) * 1024;
  }
  throw new Error(`no mapping of ${STORE_BYTES} bytes`);
}

describe('label sets that come and go', () => {
  it(`should take no more memory after ${SETS} of them than after a fifth`, async function () {
    this.timeout(60_000 + SETS / 5);
    let now = 1_700_000_000_000;
    const store = createStore({
      maxBytes: STORE_BYTES,
      maxSeries: SERIES,
      cardinalityLimit: SERIES,
      seriesTtlMillis: 1000,
      handleCacheSize: 1000, // How full it happens to be would be most of the difference.
      clock: { now: () => now },
    });
    const meter = store.getMeter('churn');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    const delta = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
    const cumulative = new DoubleBufferedMetricReader({ store });
    let pushed = 0;
    let read = 0;
    const push = (count: number): void => {
      for (let n = 0; n < count; n++, pushed++) {
        const attributes = { workflow: `wf-${pushed}`, phase: pushed % 7 };
        if (pushed % 4 === 0) histogram.record(1, attributes);
        else counter.add(1, attributes);
      }
    };
    const collect = async (): Promise<void> => {
      const { resourceMetrics, errors } = await delta.collect();
      expect(errors).to.deep.equal([]);
      for (const { dataPoints } of resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics))
        for (const { value } of dataPoints)
          read += typeof value === 'number' ? value : (value as { count: number }).count;
      await cumulative.collect();
    };
    /** Bytes: of the heap after a full collection, of the store's labels, of its touched memory, of all that the process has. */
    const measure = async (): Promise<Record<'heap' | 'text' | 'touched' | 'process', number>> => {
      // What held memory outside of the heap is freed a turn later: buffers of a scrape, up to 13 MB, would still be counted.
      for (let collections = 0; collections < 2; collections++) {
        collectGarbage();
        await setImmediate();
      }
      const { heapUsed, external, rss } = process.memoryUsage();
      const { labelBytes: text } = store.statistics();
      return { heap: heapUsed + external, text, touched: touchedBytes(), process: rss };
    };
    const measured: Awaited<ReturnType<typeof measure>>[] = [];
    while (pushed < SETS) {
      push(Math.min(SERIES, SETS - pushed));
      await collect();
      now += 1000;
      // One cut finds them expired, the next one frees them.
      await collect();
      await collect();
      if (pushed >= ((measured.length + 1) * SETS) / 5) measured.push(await measure());
    }
    expect(read).to.equal(pushed);
    expect(store.statistics()).to.deep.include({ series: 0, reclaimedSeries: pushed });
    expect(store.statistics().refused).to.deep.include({ overflowedSeries: 0, slotsExhausted: 0 });
    const [first, ...later] = measured;
    expect(later).to.have.length(4);
    for (const { heap, text, touched, process } of later) {
      expect(text, 'labels').to.be.at.most((first?.text ?? 0) * (1 + GROWTH_MAX));
      expect(touched, "the store's memory").to.be.at.most((first?.touched ?? 0) * (1 + GROWTH_MAX));
      expect(heap, 'heap').to.be.at.most((first?.heap ?? 0) + HEAP_NOISE_BYTES);
      const processMax = (first?.process ?? 0) + PROCESS_NOISE_BYTES + PROCESS_BYTES_PER_SET * SETS;
      expect(process, 'process').to.be.at.most(processMax);
    }
    if (TELLS_PAGES) expect(first?.touched).to.be.greaterThan(SERIES * 100);
    await store.shutdown();
  });
});
