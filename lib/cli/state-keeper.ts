import { isMetricStoreError } from '../errors.js';
import type { CustomMetrics } from '../argo/emit/custom-metrics.js';
import type { WorkflowObserver } from '../argo/observe/workflow-observer.js';
import type { Clock } from '../guard/guarded-clock.js';
import { textOf } from '../guard/thrown.js';
import type { WatchConfig } from './watch-config.js';
import type { WatchLog } from './watch-log.js';
import { WatchState } from './watch-state.js';

/** What the store and the observer are; the observer is undefined where nothing is watched. */
interface KeptParts {
  readonly store: object;
  readonly customMetrics: CustomMetrics;
  readonly observer: WorkflowObserver | undefined;
}

/** The state of `watch`, if it has a folder for one: begun, asked before anything is shown, and said. */
export class StateKeeper {
  /** For the store. */
  readonly clock: Clock;
  /** Undefined: nothing is kept. */
  readonly state: WatchState | undefined;
  /** Undefined: everything may be. */
  readonly mayBeShown: (() => Promise<boolean>) | undefined;
  /** Resolves when what was kept is there again, or nothing is. */
  readonly begun: Promise<void>;
  readonly #begun: () => void;
  readonly #folder: string;
  readonly #log: WatchLog;
  readonly #taken = new AbortController();

  /** @throws MetricStoreError STATE_REFUSED, INVALID_OPTION */
  constructor(config: WatchConfig, server: URL, clock: Clock, log: WatchLog) {
    const { dir, whenLost } = config.state;
    let begun: () => void = () => undefined;
    this.begun = new Promise(resolve => (begun = resolve));
    this.#begun = begun;
    this.#folder = dir ?? '';
    this.#log = log;
    this.clock = clock;
    if (dir === undefined) return;
    const state = new WatchState({
      ...{ folder: dir, whenLost, clock },
      identity: identityOf(config, server),
      onError: error => log.sayOnce('error', codeOf(error), `state in ${dir}: ${textOf(error)}`),
    });
    this.state = state;
    this.clock = state.clock;
    this.mayBeShown = () => this.#mayBeShown(state);
  }

  /**
   * Before anything is collected. The version from which the watch goes on; undefined: with a list.
   *
   * @throws MetricStoreError STATE_REFUSED (rejections)
   */
  async begin(parts: KeptParts): Promise<string | undefined> {
    const position = await this.#begin(parts);
    this.#begun();
    return position;
  }

  async #begin({ observer, ...parts }: KeptParts): Promise<string | undefined> {
    if (this.state === undefined || observer === undefined) {
      this.#log.say('warning', 'no state is kept: a restart begins with a baseline; --state DIR keeps one');
      return undefined;
    }
    const { outcome, detail, position, series, workflows } = await this.state.begin({ observer, ...parts });
    const what = `state in ${this.#folder}`;
    if (outcome === 'lost') this.#log.say('error', `${what} cannot be used, and was put aside: ${detail}`);
    else if (outcome === 'none') this.#log.say('info', `${what} is new`);
    else this.#log.say('info', `${what}: goes on with ${series} series and ${workflows} workflows`);
    return position;
  }

  /** Aborted when another process goes on with the state. */
  get taken(): AbortSignal {
    return this.#taken.signal;
  }

  /** @throws MetricStoreError STATE_TAKEN */
  throwIfTaken(): void {
    this.#taken.signal.throwIfAborted();
  }

  async close(): Promise<void> {
    await this.state?.close();
  }

  async #mayBeShown(state: WatchState): Promise<boolean> {
    try {
      return await state.shown();
    } catch (error) {
      if (!isMetricStoreError(error) || error.code !== 'STATE_TAKEN') throw error;
      this.#taken.abort(error);
      return false;
    }
  }
}

/** What counts depend on. Of others they would be continued by what was never counted. */
function identityOf(
  { instanceId, namespaces }: WatchConfig,
  { origin, pathname }: URL,
): Record<string, string> {
  return {
    server: `${origin}${pathname}`,
    namespaces: namespaces === 'all' ? 'all' : JSON.stringify(namespaces),
    instanceId: JSON.stringify(instanceId ?? null),
  };
}

function codeOf(error: unknown): string {
  if (isMetricStoreError(error)) return `state ${error.code}`;
  return `state ${(error as NodeJS.ErrnoException | null)?.code ?? ''}`;
}
