/*
 * From a caller's attributes object to a series without hashing: a trie of Maps, attribute name -> value -> node, in the
 * caller's key order. One per stream and thread. Bounded by two generations per thread: when one is full it becomes the
 * old one, from which what is still used moves over.
 */

import type { SeriesHandle } from './series-handle.js';

/** Shared by all caches of a thread and store: the bound is the thread's, not each stream's. */
export class CacheGenerations {
  readonly #max: number;
  #used = 0;
  readonly #filled = new Set<HandleCache>();

  constructor(max: number) {
    this.#max = max;
  }

  /** All caches age together, so that one that nobody asks any more keeps nothing. */
  noteInsert(cache: HandleCache): void {
    this.#filled.add(cache);
    if (++this.#used <= this.#max) return;
    this.#used = 0;
    for (const filled of this.#filled) if (!filled.age()) this.#filled.delete(filled);
  }
}

class Node {
  /** Most nodes have one attribute name below them. */
  key: string | undefined = undefined;
  values: Map<unknown, Node> | undefined = undefined;
  others: Map<string, Map<unknown, Node>> | undefined = undefined;
  handle: SeriesHandle | undefined = undefined;

  isEmpty(): boolean {
    return this.handle === undefined && this.values === undefined;
  }

  valuesOf(key: string): Map<unknown, Node> {
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

/** Attribute names that a path may have; longer ones are looked up by hash. */
const DEPTH_MAX = 64;

export class HandleCache {
  readonly #generations: CacheGenerations;
  #young = new Node();
  #old: Node | undefined;

  constructor(generations: CacheGenerations) {
    this.#generations = generations;
  }

  /** The series, if it was asked for lately. Throws what a getter of the attributes throws. */
  get(attributes: object): SeriesHandle | undefined {
    return walk(this.#young, attributes);
  }

  /** The series, if it was asked for a generation ago; remembers it for another one. */
  recall(attributes: object): SeriesHandle | undefined {
    if (this.#old === undefined) return undefined;
    const kept = walk(this.#old, attributes);
    if (kept !== undefined) this.set(attributes, kept);
    return kept;
  }

  /** Remembers the series, unless the attributes have something whose identity is not its value. */
  set(attributes: object, handle: SeriesHandle): void {
    // All or nothing: a path that ends nowhere would be kept and not be counted.
    if (!isPath(attributes)) return;
    let node = this.#young;
    for (const key in attributes) {
      const value = (attributes as Record<string, unknown>)[key];
      const values = node.valuesOf(key);
      let next = values.get(value);
      if (next === undefined) values.set(value, (next = new Node()));
      node = next;
    }
    const isNew = node.handle === undefined;
    node.handle = handle;
    if (isNew) this.#generations.noteInsert(this);
  }

  /** Forgets what was not used for a generation. Returns whether anything is left. */
  age(): boolean {
    this.#old = this.#young.isEmpty() ? undefined : this.#young;
    this.#young = new Node();
    return this.#old !== undefined;
  }
}

function walk(root: Node, attributes: object): SeriesHandle | undefined {
  let node = root;
  for (const key in attributes) {
    const values = node.key === key ? node.values : node.others?.get(key);
    const next = values?.get((attributes as Record<string, unknown>)[key]);
    if (next === undefined) return undefined;
    node = next;
  }
  return node.handle;
}

function isPath(attributes: object): boolean {
  let depth = 0;
  for (const key in attributes)
    if (++depth > DEPTH_MAX || !isScalar((attributes as Record<string, unknown>)[key])) return false;
  return true;
}

function isScalar(value: unknown): boolean {
  const type = typeof value;
  return (
    type === 'string' || type === 'number' || type === 'boolean' || value === undefined || value === null
  );
}
