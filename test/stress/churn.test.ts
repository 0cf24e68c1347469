// Goal: what memory holds is what lives, however many label sets have come and gone. Method: ever new sets go through a
// store with room for 10,000 series; each is admitted, read, expires and gives its place to another one. After the first
// fifth nothing may grow any more: not the store's labels, not the heap, not what the process holds outside of it.
import { readFileSync } from 'node:fs';
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
/**
 * What everything else varies by: memory of compilers, pages of Node's own code, and pages that were the heap's and are not
 * given back yet. It rises by up to 6 MiB in the first half million sets and then stays, however many more come. A slot
 * that is lost with each set is seen all the same: it has more than 250 bytes, 40 MB in the smallest run. Texts are less and
 * are counted exactly.
 */
const OUTSIDE_NOISE_BYTES = 12 * 2 ** 20;
/** A busy machine may keep pages for a while that nobody uses. What leaks stays, however long one waits. */
const LOOKS_MAX = 40;
const PAUSE_MILLIS = 500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Bytes of memory that the process has and no file backs. Pages of Node's own program come and go by the tens of megabytes,
 * as the system likes. Where the system does not tell them apart, all that is resident.
 */
function residentBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  const status = readFileSync('/proc/self/status', 'utf8');
  return ['RssAnon', 'RssShmem']
    .map(name => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'))?.[1]) * 1024)
    .reduce((sum, bytes) => sum + bytes);
}

describe('label sets that come and go', () => {
  it(`should take no more memory after ${SETS} of them than after a fifth`, async function () {
    this.timeout(60_000 + SETS / 5);
    let now = 1_700_000_000_000;
    const store = createStore({
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
    /** Bytes: of the heap after a full collection, and of everything outside the heap, the touched part of the store included. */
    const measure = (): { heap: number; outside: number; text: number } => {
      // Before the collection, and never soon after another one: pages that it empties are given back some time later.
      const outside = residentBytes() - process.memoryUsage().heapTotal;
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      return { heap: heapUsed + external, outside, text: store.statistics().labelBytes };
    };
    const measured: ReturnType<typeof measure>[] = [];
    while (pushed < SETS) {
      push(Math.min(SERIES, SETS - pushed));
      await collect();
      now += 1000;
      // One cut finds them expired, the next one frees them.
      await collect();
      await collect();
      if (pushed >= ((measured.length + 1) * SETS) / 5) measured.push(measure());
    }
    expect(read).to.equal(pushed);
    expect(store.statistics()).to.deep.include({ series: 0, reclaimedSeries: pushed });
    expect(store.statistics().refused).to.deep.include({ overflowedSeries: 0, slotsExhausted: 0 });
    const [first, ...later] = measured;
    expect(later).to.have.length(4);
    for (const { heap, text } of later) {
      expect(text).to.be.at.most((first?.text ?? 0) * (1 + GROWTH_MAX));
      expect(heap).to.be.at.most((first?.heap ?? 0) + HEAP_NOISE_BYTES);
    }
    const outsideMax = (first?.outside ?? 0) + OUTSIDE_NOISE_BYTES;
    let outside = later.at(-1)?.outside ?? Infinity;
    for (let look = 0; look < LOOKS_MAX && outside > outsideMax; look++) {
      await new Promise(resolve => setTimeout(resolve, PAUSE_MILLIS));
      ({ outside } = measure());
    }
    expect(outside).to.be.at.most(outsideMax);
    await store.shutdown();
  });
});
