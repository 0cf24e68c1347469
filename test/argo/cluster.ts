import type { CustomMetricsOptions } from '../../lib/argo/emit/custom-metrics.js';
import type { Diagnostic } from '../../lib/argo/diagnostic/diagnostic.js';
import { WorkflowObserver } from '../../lib/argo/observe/workflow-observer.js';
import { CustomStore } from './custom-store.js';
import { END, workflowOf } from './workflow-fixture.js';
import type { WorkflowFields } from './workflow-fixture.js';

export type Collected = Promise<Record<string, number | string>>;

/** A store with an observer, and a cluster with one namespace. */
export class Cluster {
  readonly store: CustomStore;
  readonly diagnostics: Diagnostic[] = [];
  readonly #observer: WorkflowObserver;
  #version = 0;

  constructor(options: Omit<CustomMetricsOptions, 'store'> = {}) {
    this.store = new CustomStore(options);
    this.store.now = Date.parse(END);
    this.#observer = new WorkflowObserver({ customMetrics: this.store.customMetrics });
  }

  see(fields: WorkflowFields, type: 'MODIFIED' | 'DELETED' = 'MODIFIED'): this {
    this.#version++;
    const object = workflowOf({ version: this.#version, ...fields });
    this.diagnostics.push(...this.#observer.observe({ type, object }));
    return this;
  }

  list(...all: WorkflowFields[]): this {
    this.#version++;
    this.#observer.sync(all.map(fields => workflowOf({ version: this.#version, ...fields })));
    return this;
  }

  collect(): Collected {
    return this.store.collect();
  }
}
