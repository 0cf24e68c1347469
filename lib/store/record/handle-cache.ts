// From a caller's attributes object to a series without hashing: a trie of Maps, attribute name -> value -> node, in the
// caller's key order. One per stream and thread. What is undefined or null is passed over, as if it were not there. A set
// comes in with its second record: most of a flood of sets come once, and then nothing of them stays.
//
// Where labels have policies, the paths are those of what the values became: a value that stays as it is costs nothing, and
// only where a value is not found its policy is asked. So a flood of values that become one adds no node.
//
// Bounded: all caches of a thread and store together have two generations. When the young one is full it becomes the old
// one, in every cache at once, and what is still used moves back. Nothing of the caller's is kept but short texts.
import { HANDLE_CACHE_BYTES_PER_SET, HANDLE_CACHE_SET_LENGTH_MAX } from '../../limits.js';
import { ownText } from '../../guard/own-text.js';
import type { LabelPath, LabelPolicies, LabelPolicy } from './label-policies.js';
import { RefusedSets } from './refused-sets.js';
import type { SeriesHandle } from './series-handle.js';

/** About what V8 takes for a node with the Map below it, and for a handle; texts come on top. */
const NODE_BYTES = 256;
const HANDLE_BYTES = 128;

/** Shared by all caches of a thread and store, so that what one stream remembered makes room for the others. */
export class CacheGenerations {
  /** Absent when nothing is to be remembered. */
  readonly refusedSets: RefusedSets | undefined;
  readonly #setsMax: number;
  readonly #bytesMax: number;
  #sets = 0;
  #bytes = 0;
  /** Who has something in a generation: what nobody uses any more must age as well. */
  #young = new Set<HandleCache>();
  #old = new Set<HandleCache>();

  constructor(setsMax: number) {
    this.refusedSets = setsMax === 0 ? undefined : new RefusedSets(setsMax);
    this.#setsMax = setsMax;
    this.#bytesMax = setsMax * HANDLE_CACHE_BYTES_PER_SET;
  }

  /** Makes room for one set in the young generation of this cache. */
  makeRoom(cache: HandleCache): void {
    if (this.#sets >= this.#setsMax || this.#bytes >= this.#bytesMax) this.#turn();
    this.#young.add(cache);
  }

  note(sets: number, bytes: number): void {
    this.#sets += sets;
    this.#bytes += bytes;
  }

  #turn(): void {
    for (const cache of this.#old) if (!this.#young.has(cache)) cache.age();
    for (const cache of this.#young) cache.age();
    this.#old = this.#young;
    this.#young = new Set();
    this.#sets = 0;
    this.#bytes = 0;
  }
}

class Node {
  /** Most nodes have one attribute name below them. */
  key: string | symbol | undefined = undefined;
  values: Map<unknown, Node> | undefined = undefined;
  others: Map<string | symbol, Map<unknown, Node>> | undefined = undefined;
  handle: SeriesHandle | undefined = undefined;
  /** The name whose value was last not found here, its policy, and where values go on that it lets in nowhere. */
  asked: string | undefined = undefined;
  policy: LabelPolicy | undefined = undefined;
  elsewhere: Node | undefined = undefined;

  find(key: string | symbol, value: unknown): Node | undefined {
    const values = this.key === key ? this.values : this.others?.get(key);
    return values?.get(value);
  }

  valuesOf(key: string | symbol): Map<unknown, Node> {
    if (this.values === undefined) {
      this.key = key;
      this.values = new Map();
    }
    if (this.key === key) return this.values;
    this.others ??= new Map();
    let values = this.others.get(key);
    if (values === undefined) this.others.set(key, (values = new Map<unknown, Node>()));
    return values;
  }
}

export class HandleCache {
  readonly #generations: CacheGenerations;
  readonly #policies: LabelPolicies | undefined;
  #young = new Node();
  #old: Node | undefined;

  constructor(generations: CacheGenerations, policies?: LabelPolicies) {
    this.#generations = generations;
    this.#policies = policies;
  }

  /** The series of attributes that were used lately. Reads each once, and throws what a getter throws. */
  get(attributes: object): SeriesHandle | undefined {
    let node = this.#young;
    for (const key in attributes) {
      // In a loop over its own names this costs nothing, which `Object.hasOwn` does.
      if (!Object.prototype.hasOwnProperty.call(attributes, key)) continue;
      const value = (attributes as Record<string, unknown>)[key];
      const values = node.key === key ? node.values : node.others?.get(key);
      const next = values?.get(value);
      if (next !== undefined) node = next;
      else if (value !== undefined && value !== null) {
        const after = this.#afterPolicy(node, key, value);
        if (after === undefined) return undefined;
        node = after;
      }
    }
    return node.handle;
  }

  /** Where the walk goes on from a node that does not have the value; undefined: nowhere. */
  #afterPolicy(node: Node, key: string, value: unknown): Node | undefined {
    if (node.asked !== key) {
      node.asked = key;
      node.policy = this.#policies?.get(key);
      node.elsewhere = undefined;
    }
    const { policy } = node;
    if (policy === undefined) return undefined;
    const decided = policy.decide(value);
    if (decided === undefined) return node;
    if (decided !== policy.overflowValue)
      return node.find(key, decided) ?? node.find(policy.mappedName, decided);
    // Nodes go with the whole generation only, so what was found once stays.
    return (node.elsewhere ??= node.find(key, decided) ?? node.find(policy.mappedName, decided));
  }

  /** As `get`, for what was read already because it is only a part of the attributes. */
  find(labels: LabelPath): SeriesHandle | undefined {
    return handleAt(this.#young, labels);
  }

  /** The series of labels that were used some time ago; from now on `get` knows it again. */
  recall(labels: LabelPath): SeriesHandle | undefined {
    const handle = handleAt(this.#old, labels);
    if (handle !== undefined) this.set(labels, handle);
    return handle;
  }

  /** Whether it remembers such labels: not when they are long, or have something whose identity is not its value. */
  takes(labels: LabelPath): boolean {
    return this.#generations.refusedSets !== undefined && isCacheable(labels);
  }

  /** Remembers the series, if it takes the labels. */
  set(labels: LabelPath, handle: SeriesHandle): void {
    if (!this.takes(labels)) return;
    this.#generations.makeRoom(this);
    let node = this.#young;
    let bytes = 2 * handle.text.length;
    for (const [name, value] of labels) {
      const values = node.valuesOf(name);
      let next = values.get(value);
      if (next === undefined) {
        values.set(typeof value === 'string' ? ownText(value) : value, (next = new Node()));
        bytes += NODE_BYTES + 2 * (lengthOf(name) + lengthOf(value));
      }
      node = next;
    }
    this.#generations.note(node.handle === undefined ? 1 : 0, bytes + HANDLE_BYTES);
    node.handle = handle;
  }

  /** The young generation becomes the old one, which is forgotten. */
  age(): void {
    this.#old = this.#young;
    this.#young = new Node();
  }
}

function handleAt(root: Node | undefined, labels: LabelPath): SeriesHandle | undefined {
  if (root === undefined) return undefined;
  let node: Node | undefined = root;
  for (const [name, value] of labels) {
    node = node.find(name, value);
    if (node === undefined) return undefined;
  }
  return node.handle;
}

/** Decided before anything is made, so that what cannot be remembered leaves nothing behind. */
function isCacheable(labels: LabelPath): boolean {
  let length = 0;
  for (const [name, value] of labels) {
    if (!isScalar(value)) return false;
    length += lengthOf(name) + lengthOf(value);
  }
  return length <= HANDLE_CACHE_SET_LENGTH_MAX;
}

function isScalar(value: unknown): boolean {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean';
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
