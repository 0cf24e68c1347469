// What a cluster has of the objects that metrics stand in, as texts for `lint`: listed once, page by page, and nothing is
// written. What cannot be listed is told in its place, and the other kinds go on.
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { recordAt, textAt } from '../guard/json-value.js';
import type { ApiClient } from '../kubernetes/api-client.js';
import { ApiError } from '../kubernetes/api-error.js';
import { BackOff } from '../kubernetes/back-off.js';
import { ListPage, PageError } from '../kubernetes/list-page.js';
import { listedObjectOf } from '../kubernetes/listed-object.js';
import type { ManifestText } from './manifest-files.js';

export interface ClusterScope {
  /** Empty: all of them. */
  readonly namespaces: readonly string[];
}

export interface ClusterSource extends ClusterScope {
  readonly client: ApiClient;
  readonly signal: AbortSignal;
  /** Told now and then how far it is. */
  readonly onProgress: (kind: string, objects: number) => void;
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
}

/** A text whose origin tells which ones were made from one thing. */
export type ClusterText = ManifestText & {
  /** Objects of one origin have the same mistakes: one schedule makes many workflows. */
  readonly origin: string;
  /** Who asks named namespaces, and this is no part of them. */
  readonly isBeside?: boolean;
};

interface Kind {
  readonly name: string;
  readonly resource: string;
  readonly isNamespaced: boolean;
}

/** Workflows last: most of them are made from the others. */
const KINDS: readonly Kind[] = [
  { name: 'ClusterWorkflowTemplate', resource: 'clusterworkflowtemplates', isNamespaced: false },
  { name: 'WorkflowTemplate', resource: 'workflowtemplates', isNamespaced: true },
  { name: 'CronWorkflow', resource: 'cronworkflows', isNamespaced: true },
  { name: 'Workflow', resource: 'workflows', isNamespaced: true },
];

const API = '/apis/argoproj.io/v1alpha1';
const PAGE_SIZE = 100;
/** Longer tokens have no place in a request. */
const TOKEN_LENGTH_MAX = 8192;
/** A page that does not come is asked for so often. Somebody waits for the command. */
const TRIES_MAX = 5;
/** Nobody waits longer than that because a server says so. */
const WAIT_MILLIS_MAX = 30_000;
/** A list whose history is gone begins again so often. */
const LISTS_MAX = 3;
/** Specifications that are remembered, to lint each once. */
const KNOWN_MAX = 100_000;

/** What made a workflow, by the labels that the controller gives it. */
const ORIGIN_LABELS = [
  'workflows.argoproj.io/cron-workflow',
  'workflows.argoproj.io/workflow-template',
  'workflows.argoproj.io/cluster-workflow-template',
];

/** One text for each object; of objects that have no metrics, an empty one. */
export async function* clusterTexts(source: ClusterSource): AsyncGenerator<ClusterText, void, undefined> {
  const { namespaces } = source;
  const known = new Set<string>();
  for (const kind of KINDS) {
    const places: readonly (string | undefined)[] =
      kind.isNamespaced && namespaces.length > 0 ? namespaces : [undefined];
    for (const namespace of places) {
      const where = namespace === undefined ? `all ${kind.name}s` : `${kind.name}s of ${namespace}`;
      try {
        let objects = 0;
        for await (const object of objectsOf(source, kind, namespace)) {
          yield textOfObject(object, kind.name, known);
          source.onProgress(kind.name, ++objects);
        }
      } catch (error) {
        if (source.signal.aborted) return;
        const isBeside = !kind.isNamespaced && namespaces.length > 0;
        yield { file: where, unreadable: reasonOf(error, kind), origin: where, isBeside };
      }
    }
  }
}

/** Each object once, also where the list has to begin again. */
async function* objectsOf(
  source: ClusterSource,
  { resource }: Kind,
  namespace: string | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const path = `${API}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
  const seen = new Set<string>();
  for (let lists = 1; ; lists++)
    try {
      for await (const object of pagesOf(source, path)) {
        const uid = uidOf(object);
        if (uid !== '' && seen.has(uid)) continue;
        seen.add(uid);
        yield object;
      }
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.isGone) || lists >= LISTS_MAX) throw error;
    }
}

async function* pagesOf(source: ClusterSource, path: string): AsyncGenerator<unknown, void, undefined> {
  let token = '';
  do {
    const next: string = yield* pageOf(source, path, token);
    if (next !== '' && (next === token || next.length > TOKEN_LENGTH_MAX))
      throw new PageError('the list has no next page: its token is too long, or that of this page');
    token = next;
  } while (token !== '');
}

/** Returns the token of the next one. What was given before a failure comes again. */
async function* pageOf(
  { client, signal, pause = pauseFor }: ClusterSource,
  path: string,
  token: string,
): AsyncGenerator<unknown, string, undefined> {
  const backOff = new BackOff(Math.random);
  let limit = PAGE_SIZE;
  for (let tries = 1; ; tries++)
    try {
      const query = new URLSearchParams({ limit: `${limit}`, ...(token !== '' && { continue: token }) });
      const page = new ListPage(client.limits.objectBytes);
      for await (const piece of client.page(`${path}?${query.toString()}`, signal))
        for (const read of page.push(piece)) yield listedObjectOf(read).object;
      const envelope = page.end();
      if (!textAt(envelope, 'kind').endsWith('List'))
        throw new PageError('the answer is no list of Kubernetes');
      return textAt(recordAt(envelope, 'metadata'), 'continue');
    } catch (error) {
      if (signal.aborted || tries >= TRIES_MAX || !isPassing(error)) throw error;
      // Some servers do not manage as much at a time.
      limit = Math.ceil(limit / 2);
      const asked = error instanceof ApiError ? error.retryAfterMillis : 0;
      await pause(Math.min(WAIT_MILLIS_MAX, backOff.next(asked)), signal);
    }
}

/** Whether another try may help. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500;
  return !(error instanceof PageError);
}

function uidOf(object: unknown): string {
  try {
    return textAt(recordAt(object, 'metadata'), 'uid');
  } catch {
    return '';
  }
}

/** As JSON in lines, which means the same to every reader. What the controller writes is left out. */
function textOfObject(object: unknown, kind: string, known: Set<string>): ClusterText {
  let metadata: Readonly<Record<string, unknown>>;
  try {
    metadata = recordAt(object, 'metadata');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { file: kind, unreadable: why, origin: kind };
  }
  const [name, namespace] = [textAt(metadata, 'name'), textAt(metadata, 'namespace')];
  const file = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const origin = `${kind} ${namespace}/${kind === 'Workflow' ? originOf(metadata) : name}`;
  const spec = recordAt(object, 'spec');
  const short = JSON.stringify(spec);
  if (!/metrics|prometheus/.test(short)) return { file, text: '', origin };
  const key = createHash('sha256').update(`${origin} ${short}`).digest('base64');
  if (known.has(key)) return { file, text: '', origin };
  if (known.size < KNOWN_MAX) known.add(key);
  const manifest = { apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, namespace }, spec };
  return { file, text: `${JSON.stringify(manifest, undefined, 2)}\n`, origin };
}

function originOf(metadata: Readonly<Record<string, unknown>>): string {
  const labels = recordAt(metadata, 'labels');
  for (const key of ORIGIN_LABELS) {
    const value = textAt(labels, key);
    if (value !== '') return `${key}=${value}`;
  }
  return textAt(metadata, 'generateName') || textAt(metadata, 'name');
}

function reasonOf(error: unknown, { resource }: Kind): string {
  if (!(error instanceof ApiError))
    return error instanceof Error
      ? error.message || (error as NodeJS.ErrnoException).code || error.name
      : String(error);
  if (error.isRefusal)
    return `${error.message}. Does this account have the verb list on ${resource}.argoproj.io there?`;
  if (error.status === 404) return `${error.message}. Are the CRDs of Argo Workflows installed?`;
  return error.message;
}

async function pauseFor(millis: number, signal: AbortSignal): Promise<void> {
  // An end that comes in between is noticed by who waits.
  await setTimeout(millis, undefined, { signal }).catch(() => undefined);
}
