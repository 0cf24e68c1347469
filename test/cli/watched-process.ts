// What `watch` has in one process: a store, an observer, and their state in a folder.
import { isMetricStoreError } from '../../lib/errors.js';
import { createStore, type MetricStore } from '../../lib/index.js';
import { CustomMetrics, type CustomMetricsOptions } from '../../lib/argo/emit/custom-metrics.js';
import {
  FINISHED_MAX,
  WorkflowObserver,
  type WorkflowEvent,
} from '../../lib/argo/observe/workflow-observer.js';
import { WatchState, type WatchStateFound, type WatchStateOptions } from '../../lib/cli/watch-state.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import { coreOf } from '../../lib/store/store-core.js';
import { pointsIn } from '../support/points.js';

export interface WatchedProcessOptions extends Partial<WatchStateOptions> {
  /** Undefined: it remembers nothing. */
  readonly folder?: string;
  readonly metrics?: Omit<CustomMetricsOptions, 'store'>;
  readonly cardinalityLimit?: number;
  readonly finishedKept?: number;
}

/** By name and attributes: value, and start unless it is a gauge. */
export type Shown = Readonly<Record<string, string>>;

export class WatchedProcess {
  now: number;
  /** What passes whenever somebody looks at the clock. */
  tick = 0;
  readonly errors: string[] = [];
  readonly store: MetricStore;
  readonly observer: WorkflowObserver;
  readonly state: WatchState | undefined;
  readonly #customMetrics: CustomMetrics;
  readonly #reader: StoreReader;

  constructor(now: number, options: WatchedProcessOptions) {
    const { folder, metrics, cardinalityLimit = 2000, finishedKept = FINISHED_MAX, ...more } = options;
    this.now = now;
    const clock = { now: () => (this.now += this.tick) };
    if (folder !== undefined)
      this.state = new WatchState({
        folder,
        identity: { prefix: 'argo_workflows_' },
        whenLost: 'refuse',
        clock,
        onError: error => this.errors.push(String(error)),
        ...more,
      });
    this.store = createStore({ shared: false, cardinalityLimit, clock: this.state?.clock ?? clock });
    this.#customMetrics = new CustomMetrics({ store: this.store, ...metrics });
    this.observer = new WorkflowObserver({ customMetrics: this.#customMetrics });
    this.observer.keepFinished(finishedKept);
    this.#reader = coreOf(this.store).openReader(() => 'cumulative');
  }

  async begin(): Promise<WatchStateFound | undefined> {
    const { store, observer } = this;
    return this.state?.begin({ store, observer, customMetrics: this.#customMetrics });
  }

  observe(event: WorkflowEvent, position?: string): void {
    if (this.state === undefined) this.observer.observe(event);
    else this.state.apply(position, () => this.observer.observe(event));
  }

  /** Takes a complete list, behind which it stands at that position. */
  sync(objects: readonly unknown[], position?: string): void {
    this.observer.sync(objects);
    this.state?.apply(position, () => undefined);
  }

  /** What a scraper is shown; undefined: nothing, because the disk does not take it. */
  async scrape(): Promise<Shown | undefined> {
    const { streams } = await this.#reader.collect();
    if ((await this.state?.shown()) === false) return undefined;
    return Object.fromEntries(
      streams.flatMap(({ definition: { name, kind }, points }) =>
        pointsIn(points).map(({ attributes, value, startUnixMillis }) => {
          const shown = typeof value === 'number' ? String(value) : JSON.stringify(value, numberText);
          return [
            `${name}${JSON.stringify(attributes)}`,
            kind === 'GAUGE' ? shown : `${shown} since ${startUnixMillis}`,
          ];
        }),
      ),
    );
  }

  async end(): Promise<void> {
    await this.state?.close();
    await this.store.shutdown();
  }
}

/** JSON has no Infinity. */
function numberText(_: string, value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

export async function watchedAt(now: number, options: WatchedProcessOptions): Promise<WatchedProcess> {
  const watched = new WatchedProcess(now, options);
  await watched.begin();
  return watched;
}

/** What it is rejected with; `none` if it is not. */
export async function codeOfRejected(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return 'none';
  } catch (error) {
    return isMetricStoreError(error) ? error.code : String(error);
  }
}
