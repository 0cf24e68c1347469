// Numbers for what is written once and meant again. Since the last snapshot: a new one begins anew.
import { jsonOf } from '../observe/shared-objects.js';
import type { Id } from './state-record.js';

/** Of values that JSON has. What is the same object has the same number, and is written for the first time only. */
export class SharedIds {
  #ids = new WeakMap<object, Id>();
  #next = 1;
  #fresh: [Id, unknown][] = [];

  /** 0 for none, and for what is no JSON. */
  idOf(value: unknown): Id {
    if (value === undefined || value === null) return 0;
    const known = typeof value === 'object' ? this.#ids.get(value) : undefined;
    if (known !== undefined) return known;
    const json = jsonOf(value);
    if (json === undefined) return 0;
    const id = this.#next++;
    if (typeof value === 'object') this.#ids.set(value, id);
    // As it is now: nobody says that it stays so until it is written.
    this.#fresh.push([id, JSON.parse(json)]);
    return id;
  }

  /** Those that nobody has written yet. */
  takeFresh(): readonly (readonly [Id, unknown])[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  clear(): void {
    this.#ids = new WeakMap();
    this.#fresh = [];
    this.#next = 1;
  }
}

/** Of keys. */
export class KeyIds<Key> {
  readonly #ids = new Map<Key, Id>();

  /** @param isNew is called with a number that is given for the first time */
  idOf(key: Key, isNew: (id: Id) => void): Id {
    let id = this.#ids.get(key);
    if (id !== undefined) return id;
    id = this.#ids.size + 1;
    this.#ids.set(key, id);
    isNew(id);
    return id;
  }

  clear(): void {
    this.#ids.clear();
  }
}
