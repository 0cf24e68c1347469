// A flood of label values, for run-prometheus.mjs: whether a Prometheus ever sees more of them than the policy has places, and
// what it counts agrees with what was recorded.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { cardinalityLimitedView, createStore } from 'otel-argo-metrics';

const THREADS = 2;
const LIMIT = 500;
const VALUES = 50;
const WINDOW = '1h';

export class FloodedLabels {
  constructor() {
    const labels = { pod: { maxValues: VALUES } };
    this.store = createStore({
      maxBytes: 32 * 1024 * 1024,
      views: [cardinalityLimitedView({ instrumentName: 'flooded', limit: LIMIT, labels })],
    });
    // From its first scrape on all of it is an increase.
    this.store.getMeter('').createCounter('flooded', { description: 'Jobs' });
  }

  start() {
    this.begin = performance.now();
    this.workers = Array.from({ length: THREADS }, (_, thread) => {
      const workerData = { handle: this.store.handle, thread };
      return new Worker(new URL('./flooding-thread.mjs', import.meta.url), { workerData });
    });
  }

  async stop() {
    let sum = 0;
    for (const worker of this.workers) {
      const answer = once(worker, 'message');
      worker.postMessage('stop');
      const [own] = await answer;
      await worker.terminate();
      sum += own;
    }
    this.recorded = sum;
    this.seconds = (performance.now() - this.begin) / 1000;
  }

  /** At no time were there more, and at the end all records are there. */
  async check(server, job, scrapeSeconds) {
    const flooded = `flooded_total{job="${job}"}`;
    const most = async query => server.number(`max_over_time((${query})[${WINDOW}:1s])`);
    const [pods, series] = [
      await most(`count(count by (pod) (${flooded}))`),
      await most(`count(${flooded})`),
    ];
    // One of them is none: the series of what came beyond the limit has no such label.
    if (!(pods > VALUES && pods <= VALUES + 2)) throw new Error(`${pods} values of ${VALUES}`);
    if (!(series > VALUES && series <= LIMIT + 1)) throw new Error(`${series} series of ${LIMIT}`);
    const sum = await server.number(`sum(${flooded})`);
    if (sum !== this.recorded) throw new Error(`${this.recorded} records, a sum of ${sum}`);
    const increase = await server.number(`sum(increase(${flooded}[${WINDOW}]))`);
    // Prometheus goes on with the slope at both ends of what it saw: half of a scrape each.
    const scrape = (this.recorded / this.seconds) * scrapeSeconds;
    if (!(Math.abs(increase - sum) <= scrape)) throw new Error(`increase ${increase} of ${sum}`);
  }

  /** What Prometheus says on its page about cardinality, as the store says it. */
  async checkReport(server) {
    const { seriesCountByMetricName, labelValueCountByLabelName } = await server.status();
    const { metrics } = this.store.cardinality();
    const { series = 0, overflowed = 0, labels = [] } = metrics.find(({ name }) => name === 'flooded') ?? {};
    const expected = series + (overflowed > 0 ? 1 : 0);
    const shown = seriesCountByMetricName.find(({ name }) => name === 'flooded_total')?.value;
    if (shown !== expected) throw new Error(`${expected} series in the report, ${shown} in Prometheus`);
    const distinct = labels.find(({ key }) => key === 'pod')?.distinct;
    const values = labelValueCountByLabelName.find(({ name }) => name === 'pod')?.value;
    if (values !== distinct) throw new Error(`${distinct} values in the report, ${values} in Prometheus`);
  }

  async close() {
    await this.store.shutdown();
  }
}
