import type { CustomMetrics } from '../argo/emit/custom-metrics.js';
import { WorkflowObserver } from '../argo/observe/workflow-observer.js';
import { recordAt, textAt } from '../guard/json-value.js';
import type { ListWatchTarget, WatchedEvent } from '../kubernetes/list-watch.js';
import type { WatchLog } from './watch-log.js';

/** How the observer begins to say that a list broke off. Who reads the list says why, and that it comes again. */
const LIST_BROKE_OFF = 'the list of workflows cannot be read';

const LABELS = ['workflows.argoproj.io/workflow-template', 'workflows.argoproj.io/cron-workflow'];

/** Hands what an API server shows to an observer of its own: each list says what is missing in it. */
export class WorkflowFeed implements ListWatchTarget {
  readonly #observer: WorkflowObserver;
  readonly #log: WatchLog;
  readonly #where: string;

  /** @param where which workflows these are, for people */
  constructor(customMetrics: CustomMetrics, where: string, log: WatchLog) {
    this.#observer = new WorkflowObserver({ customMetrics });
    this.#log = log;
    this.#where = where;
  }

  async list(objects: AsyncIterable<unknown>): Promise<void> {
    for (const diagnostic of await this.#observer.sync(objects))
      // Whose it is, is not known here. Events say it again.
      if (!diagnostic.message.startsWith(LIST_BROKE_OFF)) this.#log.diagnostic(this.#where, diagnostic);
  }

  listed(): void {
    this.#log.say('info', `all workflows of ${this.#where} are known; from now on they are watched`);
  }

  event(event: WatchedEvent): void {
    const diagnostics = this.#observer.observe(event);
    if (diagnostics.length === 0) return;
    const subject = `${this.#where}: ${templateOf(event.object)}`;
    for (const diagnostic of diagnostics) this.#log.diagnostic(subject, diagnostic);
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
