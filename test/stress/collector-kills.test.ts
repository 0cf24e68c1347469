// Goal: however a collector thread ends, and however often, while others record and exports fail in between, totals are exact, and of
// deltas nothing is delivered twice and nothing is lost but batches whose fate nobody knows, each of which is said. Method: one
// collector thread after the other is ended in turns by all that ends one; its exporter counts in memory that outlives it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import {
  createStore,
  DoubleBufferedMetricReader,
  startCollectorThread,
  type CollectorThread,
  type MetricStore,
} from '../../lib/index.js';
import { ask } from '../exposition/http-client.js';
import { flush, tryToFlush, untilRestarts } from '../collector/flushing.js';
import { captureWarnings } from '../faults/warnings.js';

const COUNTING = new URL('../collector/exporters/counting.mjs', import.meta.url);
/** `npm run test:stress` kills more often. */
const KILLS = Number(process.env['STRESS_KILLS'] ?? 10);
const TOTALS = ['delta', 'cumulative'] as const;

/** What an exporter can be told to do once. */
const ORDERS = ['fail', 'slow', 'memory', 'exit', 'throw', 'answerless'] as const;
/** Ways to end a thread: by its exporter, or from outside while that is under way. */
const ENDS = ['memory', 'exit', 'terminate', 'throw', 'answerless'] as const;
const [DELIVERED, HANDED, FORCED] = [0, 1, 4];

describe('a collector thread that is ended again and again', () => {
  let store: MetricStore;
  let words: Int32Array;
  let recorded = 0;
  let said: string[];
  const workers: Worker[] = [];
  const remember = (worker: Worker): void => void workers.push(worker);

  beforeEach(() => {
    store = createStore({ maxBytes: 2 ** 24 });
    words = new Int32Array(new SharedArrayBuffer(32));
    workers.length = recorded = 0;
    said = captureWarnings();
    process.on('worker', remember);
  });
  afterEach(async () => {
    process.off('worker', remember);
    diag.disable();
    await store.shutdown();
  });

  /** For the next export; afterwards it delivers again. */
  function order(what: (typeof ORDERS)[number]): void {
    Atomics.store(words, FORCED, ORDERS.indexOf(what) + 1);
  }

  function record(times: number): void {
    const counter = store.getMeter('m').createCounter('c');
    for (let i = 0; i < times; i++) counter.add(1);
    recorded += times;
  }

  /** While an export is under way, before or behind it. */
  async function end(collector: CollectorThread, how: (typeof ENDS)[number], kill: number): Promise<void> {
    order(how === 'terminate' ? 'slow' : how);
    record(10);
    const flushing = tryToFlush(collector);
    record(1);
    if (how === 'terminate') {
      await pause(kill % 7);
      await workers[workers.length - 1]?.terminate();
    }
    await flushing;
  }

  const missing = (): number => recorded - (words[DELIVERED] ?? 0);

  async function total(): Promise<number> {
    const { resourceMetrics } = await new DoubleBufferedMetricReader({ store }).collect();
    const [metric] = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    return Number(metric?.dataPoints[0]?.value);
  }

  for (const temporality of TOTALS)
    it(`should have exact totals, and lose only what it says, after ${KILLS} ends with failures in between: ${temporality}`, async function () {
      this.timeout(60_000 + KILLS * 5000);
      const collector = await startCollectorThread({
        store,
        prometheus: { port: 0 },
        exporterModule: COUNTING,
        exporterOptions: { counts: words.buffer, orders: ORDERS, temporality: TOTALS.indexOf(temporality) },
        restart: { delayMinMillis: 1, delayMaxMillis: 5 },
        resourceLimits: { maxOldGenerationSizeMb: 24 },
      });
      const { url } = collector;
      /** What nobody will ever deliver: known exactly unless a thread was terminated at any moment. */
      let [lostMin, lostMax, doubts] = [0, 0, 0];
      for (let kill = 0; kill < KILLS; kill++) {
        const how = ENDS[kill % ENDS.length]!;
        record(100);
        if (kill % 2 === 0) order('fail');
        await flush(collector);
        const { restarts } = collector;
        await end(collector, how, kill);
        await untilRestarts(collector, restarts + 1);
        const doubt = store.statistics().deltaBatchesInDoubt - doubts;
        if (temporality === 'cumulative') expect(doubt).to.equal(0);
        else expect(doubt, how).to.be.within(how === 'terminate' ? 0 : 1, 1);
        if (doubt === 0) continue;
        doubts++;
        // Where it was terminated at any moment, nobody knows more than what has not arrived.
        const handed = words[HANDED] ?? 0;
        [lostMin, lostMax] =
          how === 'terminate' ? [lostMin, missing()] : [lostMin + handed, lostMax + handed];
      }
      await flush(collector);
      await flush(collector);
      expect(missing()).to.be.within(lostMin, lostMax);
      expect(await total()).to.equal(recorded);
      expect(collector.url).to.equal(url);
      const { body } = await ask(url ?? '');
      expect(body.toString()).to.match(new RegExp(`^c_total\\{.*\\} ${recorded}$`, 'm'));
      expect(said.filter(text => text.includes('whose fate nobody knows'))).to.have.length(doubts);
      expect(collector.restarts).to.equal(KILLS);
      await collector.shutdown();
    });
});
