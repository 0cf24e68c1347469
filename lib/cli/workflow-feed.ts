import type { CustomMetrics } from '../argo/emit/custom-metrics.js';
import { WorkflowObserver } from '../argo/observe/workflow-observer.js';
import { recordAt, textAt } from '../guard/json-value.js';
import type { ListWatchTarget, WatchedEvent } from '../kubernetes/list-watch.js';
import type { WatchLog } from './watch-log.js';
import type { WatchMetrics } from './watch-metrics.js';
import type { WatchState } from './watch-state.js';

/** How the observer begins to say that a list broke off. Who reads the list says why, and that it comes again. */
const LIST_BROKE_OFF = 'the list of workflows cannot be read';

/** Of an object in a list. */
const UNKNOWN_TEMPLATE = 'unknown';

const LABELS = ['workflows.argoproj.io/workflow-template', 'workflows.argoproj.io/cron-workflow'];

/** Hands what an API server shows to an observer of its own: each list says what is missing in it. */
export class WorkflowFeed implements ListWatchTarget {
  /** Undefined: those of all. */
  readonly namespace: string | undefined;
  /** Which workflows these are, for people. */
  readonly where: string;
  readonly observer: WorkflowObserver;
  readonly #state: WatchState | undefined;
  readonly #log: WatchLog;
  readonly #metrics: WatchMetrics;

  /** @param state in which events are written down with their version */
  constructor(
    customMetrics: CustomMetrics,
    namespace: string | undefined,
    log: WatchLog,
    metrics: WatchMetrics,
    state?: WatchState,
  ) {
    this.observer = new WorkflowObserver({ customMetrics });
    this.#log = log;
    this.#metrics = metrics;
    this.#state = state;
    this.namespace = namespace;
    this.where = namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
  }

  async list(objects: AsyncIterable<unknown>): Promise<void> {
    for (const diagnostic of await this.observer.sync(objects)) {
      if (diagnostic.message.startsWith(LIST_BROKE_OFF)) continue;
      // Whose it is, is not known here. Events say it again.
      this.#metrics.diagnostic(diagnostic.code, UNKNOWN_TEMPLATE);
      this.#log.diagnostic(this.where, diagnostic);
    }
  }

  listed(version: string): void {
    this.moved(version);
    this.caughtUp();
  }

  caughtUp(): void {
    this.#log.say('info', `all workflows of ${this.where} are known; from now on they are watched`);
  }

  moved(version: string): void {
    this.#state?.apply(version, () => undefined);
  }

  rolledBack(): void {
    const what =
      'the versions of its objects are older than those that were seen, as after a restore from a backup';
    this.#log.say('warning', `${this.where}: ${what}; what was counted stays counted`);
    this.observer.forgetVersions();
  }

  event(event: WatchedEvent, version?: string): void {
    const observe = () => this.observer.observe(event);
    this.#metrics.event(event.type);
    const diagnostics = this.#state === undefined ? observe() : this.#state.apply(version, observe);
    if (diagnostics.length === 0) return;
    const template = templateOf(event.object);
    for (const diagnostic of diagnostics) {
      this.#metrics.diagnostic(diagnostic.code, template);
      this.#log.diagnostic(`${this.where}: ${template}`, diagnostic);
    }
  }
}

/** What a workflow was made of, as far as it says so. What cannot be read is of none. */
function templateOf(object: unknown): string {
  try {
    const metadata = recordAt(object, 'metadata');
    const labels = recordAt(metadata, 'labels');
    const [label = ''] = LABELS.map(name => textAt(labels, name)).filter(text => text !== '');
    const named = textAt(recordAt(recordAt(object, 'spec'), 'workflowTemplateRef'), 'name') || label;
    if (named !== '') return named;
    const generated = textAt(metadata, 'generateName');
    return generated === '' ? textAt(metadata, 'name') || 'a workflow' : `${generated}*`;
  } catch {
    return 'a workflow';
  }
}
