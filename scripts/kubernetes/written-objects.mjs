// Writes workflows as a controller does, one after the other, and keeps what the server made of them: the events that anybody who
// watches must see, in their order.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedRequest } from './api-requests.mjs';

const PATH = '/apis/argoproj.io/v1alpha1';
/** A server that comes back late. */
const TRIES_MAX = 100;
const PAUSE_MILLIS = 100;

export class WrittenObjects {
  /** Events as a watch shows them, a line each. */
  file;
  #cluster;
  /** By namespace and name. */
  #objects = new Map();
  #marks = 0;
  /** Of events. */
  count = 0;

  constructor(cluster, folder) {
    this.#cluster = cluster;
    this.file = join(folder, 'written.ndjson');
  }

  async write({ type, object }) {
    const { name, namespace } = object.metadata;
    const key = `${namespace}/${name}`;
    const known = this.#objects.get(key);
    if (type === 'DELETED') return this.#delete(key);
    await this.#cluster.ensureNamespace(namespace);
    const metadata = { ...object.metadata, resourceVersion: known?.metadata.resourceVersion };
    const written = await this.#put(known === undefined, { ...object, metadata });
    this.#objects.set(key, written);
    // What changes nothing is no event.
    if (written.metadata.resourceVersion === known?.metadata.resourceVersion) return;
    this.#note(known === undefined ? 'ADDED' : 'MODIFIED', written);
  }

  async #put(isNew, object) {
    const { name, namespace } = object.metadata;
    const path = `${PATH}/namespaces/${namespace}/workflows`;
    const [method, where] = isNew ? ['POST', path] : ['PUT', `${path}/${name}`];
    return this.#tried(
      () => this.#cluster.requests.json(method, where, object),
      // It was taken, and the answer was lost.
      () => this.#cluster.requests.json('GET', `${path}/${name}`),
    );
  }

  async #delete(key) {
    const object = this.#objects.get(key);
    const [namespace, name] = key.split('/');
    const path = `${PATH}/namespaces/${namespace}/workflows/${name}`;
    await this.#tried(
      () => this.#cluster.requests.json('DELETE', path),
      () => undefined,
    );
    this.#objects.delete(key);
    this.#note('DELETED', object);
  }

  #note(type, object) {
    appendFileSync(this.file, `${JSON.stringify({ type, object })}\n`);
    this.count++;
  }

  /** What is there, for {@link restore}. */
  copy() {
    return new Map(this.#objects);
  }

  /** The cluster is as it was then. */
  restore(objects) {
    this.#objects = objects;
  }

  /** Those that are there and wanted. */
  async deleteAll(isWanted) {
    for (const [key, { metadata }] of this.#objects) if (isWanted(metadata)) await this.#delete(key);
  }

  async #tried(ask, taken) {
    for (let tries = 0; ; tries++)
      try {
        return await ask();
      } catch (error) {
        const status = error instanceof RefusedRequest ? error.status : 0;
        if (tries > 0 && (status === 409 || status === 404)) return taken();
        if (tries >= TRIES_MAX || (status >= 400 && status < 429)) throw error;
        await new Promise(resolve => setTimeout(resolve, PAUSE_MILLIS));
      }
  }

  /** One workflow more of a metric that counts them: who shows so many has seen everything before it. */
  async mark() {
    this.#marks++;
    await this.write({ type: 'ADDED', object: markOf(this.#marks) });
    return this.#marks;
  }
}

export const MARK_METRIC = 'argo_workflows_marks_total';

function markOf(number) {
  const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
  const name = `mark-${number}`;
  const node = {
    id: name,
    name,
    displayName: name,
    type: 'Pod',
    templateName: 'main',
    phase: 'Succeeded',
    ...time,
  };
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name, namespace: 'marks' } },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: {} }],
      metrics: { prometheus: [{ name: 'marks_total', help: 'Marks', counter: { value: '1' } }] },
    },
    status: { phase: 'Succeeded', ...time, nodes: { [name]: node } },
  };
}
