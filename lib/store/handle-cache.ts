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
  current = 0;

  constructor(max: number) {
    this.#max = max;
  }

  noteInsert(): void {
    if (++this.#used <= this.#max) return;
    this.#used = 0;
    this.current++;
  }
}

class Node {
  /** Most nodes have one attribute name below them. */
  key: string | undefined = undefined;
  values: Map<unknown, Node> | undefined = undefined;
  others: Map<string, Map<unknown, Node>> | undefined = undefined;
  handle: SeriesHandle | undefined = undefined;

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
  #generation = 0;
  #young = new Node();
  #old: Node | undefined;

  constructor(generations: CacheGenerations) {
    this.#generations = generations;
    this.#generation = generations.current;
  }

  /** The series, or undefined when it must be looked up. Throws what a getter of the attributes throws. */
  get(attributes: object): SeriesHandle | undefined {
    if (this.#generation !== this.#generations.current) this.#age();
    const handle = walk(this.#young, attributes);
    if (handle !== undefined || this.#old === undefined) return handle;
    const kept = walk(this.#old, attributes);
    if (kept !== undefined) this.set(attributes, kept);
    return kept;
  }

  /** Remembers the series, unless the attributes have something whose identity is not its value. */
  set(attributes: object, handle: SeriesHandle): void {
    let node = this.#young;
    let depth = 0;
    for (const key in attributes) {
      const value = (attributes as Record<string, unknown>)[key];
      if (!isScalar(value) || ++depth > DEPTH_MAX) return;
      const values = node.valuesOf(key);
      let next = values.get(value);
      if (next === undefined) values.set(value, (next = new Node()));
      node = next;
    }
    if (node.handle === undefined) this.#generations.noteInsert();
    node.handle = handle;
  }

  #age(): void {
    this.#old = this.#generations.current === this.#generation + 1 ? this.#young : undefined;
    this.#young = new Node();
    this.#generation = this.#generations.current;
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

function isScalar(value: unknown): boolean {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean';
}
