// Goal: what an exporter delivers is what was recorded, whenever and however it answers. Beside the SDK's own reader.
import { diag } from '@opentelemetry/api';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type IMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';
import { inVirtualTime, outcome, type Pass } from '../support/virtual-time.js';
import { captureWarnings } from './warnings.js';

type Done = Parameters<PushMetricExporter['export']>[1];
type Answer = readonly [
  afterMillis: number,
  how: 'delivers' | 'fails' | 'says nothing' | 'delivers, says failed',
];

const INTERVAL = 100;
const TIMEOUT = 50;

/** Answers by a plan; the last answer goes on for ever. Deltas that it delivered add up, of others the newest counts. */
class PlannedExporter {
  delivered = 0;
  exports = 0;
  readonly #plan: readonly Answer[];
  readonly #temporality: 0 | 1;

  constructor(plan: readonly Answer[], temporality: 0 | 1) {
    this.#plan = plan;
    this.#temporality = temporality;
  }

  export(metrics: ResourceMetrics, done: Done): void {
    const [after, how] = this.#plan[Math.min(this.exports++, this.#plan.length - 1)] ?? [0, 'delivers'];
    const sum = metrics.scopeMetrics
      .flatMap(({ metrics: list }) => list)
      .flatMap(({ dataPoints }) => dataPoints as { value: number }[])
      .reduce((total, { value }) => total + value, 0);
    const answer = (): void => {
      if (how.startsWith('delivers')) this.delivered = this.#temporality === 0 ? this.delivered + sum : sum;
      if (how === 'delivers') done({ code: 0 });
      else if (how !== 'says nothing') done({ code: 1, error: new Error('down') });
    };
    if (after === 0) answer();
    else setTimeout(answer, after);
  }

  selectAggregationTemporality(): 0 | 1 {
    return this.#temporality;
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

interface Side {
  readonly provider: MeterProvider;
  readonly add: (value: number) => void;
  readonly store?: MetricStore;
}

type Who = 'ours' | 'ours, at most once' | 'sdk';

function sideOf(who: Who, exporter: PushMetricExporter): Side {
  const options = { exporter, exportIntervalMillis: INTERVAL, exportTimeoutMillis: TIMEOUT };
  const provide = (reader: IMetricReader): MeterProvider => new MeterProvider({ readers: [reader] });
  if (who === 'sdk') {
    const provider = provide(new PeriodicExportingMetricReader(options));
    const counter = provider.getMeter('m').createCounter('c');
    return { provider, add: value => counter.add(value) };
  }
  const store = createStore({ maxBytes: 4 * 1024 * 1024, shared: false });
  const delivery = who === 'ours' ? 'at-least-once' : 'at-most-once';
  const provider = provide(new DoubleBufferedMetricReader({ store, ...options, delivery }));
  const counter = store.getMeter('m').createCounter('c');
  return { provider, add: value => counter.add(value), store };
}

/** Records 1, 2, 4 … 512 over five intervals, shuts down, and lets late answers come. */
async function deliver(
  who: Who,
  plan: readonly Answer[],
  temporality: 0 | 1,
  pass: Pass,
): Promise<unknown[]> {
  const exporter = new PlannedExporter(plan, temporality);
  const { provider, add, store } = sideOf(who, exporter);
  for (let step = 0; step < 10; step++) {
    add(2 ** step);
    await pass(INTERVAL / 2);
  }
  const ending = await outcome(provider.shutdown(), pass);
  await pass(10 * INTERVAL);
  const givenUp = store?.statistics().deltaBatchesInDoubt ?? 0;
  return [exporter.delivered, ending, ...(givenUp > 0 ? [givenUp] : [])];
}

/** What was recorded in all: 1 + 2 + 4 + … + 512. */
const ALL = 1023;

/** The plan, what our reader delivers of deltas, the same at most once, and what the SDK's does. A third: batches given up. */
const CASES: readonly [string, readonly Answer[], ours: unknown[], once: unknown[], sdk: unknown[]][] = [
  [
    'late-answer: delivers after the deadline and the next collection',
    [
      [130, 'delivers'],
      [0, 'delivers'],
    ],
    [ALL, 'resolves'],
    [ALL, 'resolves'],
    [ALL, 'resolves'],
  ],
  [
    'late-export-multiplies: is always late',
    [[60, 'delivers']],
    [ALL, 'resolves', 1],
    [ALL, 'resolves'],
    [ALL, 'resolves'],
  ],
  [
    'fails late, then delivers',
    [
      [130, 'fails'],
      [0, 'delivers'],
    ],
    [ALL, 'resolves'],
    [ALL - 3, 'resolves'],
    [ALL - 3, 'resolves'],
  ],
  [
    'fails, then delivers',
    [
      [0, 'fails'],
      [0, 'delivers'],
    ],
    [ALL, 'resolves'],
    [ALL - 3, 'resolves'],
    [ALL - 3, 'resolves'],
  ],
  [
    'is down for three intervals',
    [
      [0, 'fails'],
      [0, 'fails'],
      [20, 'fails'],
      [0, 'delivers'],
    ],
    [ALL, 'resolves'],
    [ALL - 63, 'resolves'],
    [ALL - 63, 'resolves'],
  ],
  [
    'never answers once, nor delivers',
    [
      [0, 'says nothing'],
      [0, 'delivers'],
    ],
    [ALL - 3, 'resolves', 1],
    [ALL - 3, 'resolves'],
    [ALL - 3, 'resolves'],
  ],
  [
    'lambda-freeze: delivers and says that it failed',
    [
      [20, 'delivers, says failed'],
      [0, 'delivers'],
    ],
    [ALL + 3, 'resolves'],
    [ALL, 'resolves'],
    [ALL, 'resolves'],
  ],
];

describe('an exporter of deltas that', () => {
  beforeEach(() => void captureWarnings());
  afterEach(() => diag.disable());

  for (const [name, plan, ours, once, sdk] of CASES)
    it(name, () =>
      inVirtualTime(async pass => {
        expect(await deliver('ours', plan, 0, pass), 'ours').to.deep.equal(ours);
        expect(await deliver('ours, at most once', plan, 0, pass), 'ours, at most once').to.deep.equal(once);
        expect(await deliver('sdk', plan, 0, pass), "the SDK's reader").to.deep.equal(sdk);
      }),
    );

  for (const [name, plan] of CASES)
    it(`and of cumulative numbers: ${name}`, () =>
      inVirtualTime(async pass => {
        for (const who of ['ours', 'ours, at most once', 'sdk'] as const)
          expect(await deliver(who, plan, 1, pass), who).to.deep.equal([ALL, 'resolves']);
      }));
});
