// Values that many workflows have in common, by numbers that a packed state can hold.
import { isRecord } from '../../guard/json-value.js';
import { BoundedMap } from '../../guard/bounded-map.js';
import { jsonOf } from './shared-objects.js';
import { markOf } from './text-mark.js';

/** Marks of values that came once. */
const ONCE_MAX = 4096;
/** Characters of JSON: what is longer is kept once, whoever has it. */
const INLINE_MAX = 1000;

interface Entry {
  readonly value: unknown;
  readonly json: string;
  uses: number;
}

/** How a state holds a value. */
export type HeldValue =
  | { readonly id: number }
  /** As long as nobody else has it, as JSON. */
  | { readonly json: string }
  /** The same of an object of texts, such as annotations of which one is a time: the number of its keys. */
  | { readonly keys: number; readonly texts: readonly string[] };

export type CountedValue = readonly [id: number, value: unknown, uses: number];

/** Each use is counted, so that what nobody has any more goes. */
export class CountedValues {
  readonly #entries = new Map<number, Entry>();
  readonly #byJson = new Map<string, number>();
  /** Numbers of objects that are known: most come again as the same object. */
  readonly #byObject = new WeakMap<object, number>();
  readonly #once = new BoundedMap<number, true>(ONCE_MAX);
  #next = 1;

  /** Undefined for what is no JSON. */
  hold(value: unknown): HeldValue | undefined {
    const sameObject = isRecord(value) ? this.#byObject.get(value) : undefined;
    if (sameObject !== undefined && this.#use(sameObject)) return { id: sameObject };
    const json = jsonOf(value);
    if (json === undefined) return undefined;
    const same = this.#byJson.get(json);
    if (same !== undefined && this.#use(same)) return { id: same };
    if (json.length > INLINE_MAX || this.#cameBefore(json)) return { id: this.#add(value, json) };
    const texts = isRecord(value) && !Array.isArray(value) ? Object.values(value) : [];
    if (texts.length === 0 || !texts.every(text => typeof text === 'string')) return { json };
    const keys = Object.keys(value as object);
    const keysJson = JSON.stringify(keys);
    const known = this.#byJson.get(keysJson);
    if (known !== undefined && this.#use(known)) return { keys: known, texts };
    return { keys: this.#add(keys, keysJson), texts };
  }

  /** What was held. */
  read(held: HeldValue): unknown {
    if ('id' in held) return this.#valueOf(held.id);
    if ('json' in held) return JSON.parse(held.json);
    const keys = this.#valueOf(held.keys) as readonly string[];
    return Object.fromEntries(keys.map((key, index) => [key, held.texts[index]]));
  }

  #valueOf(id: number): unknown {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RangeError(`there is no value ${id}`);
    return entry.value;
  }

  release(held: HeldValue): void {
    if ('json' in held) return;
    const id = 'id' in held ? held.id : held.keys;
    const entry = this.#entries.get(id);
    if (entry === undefined || --entry.uses > 0) return;
    this.#entries.delete(id);
    this.#byJson.delete(entry.json);
  }

  /** For another process. */
  *saved(): Generator<CountedValue, void, undefined> {
    for (const [id, { value, uses }] of this.#entries) yield [id, value, uses];
  }

  /** Before anything is held. */
  restore([id, value, uses]: CountedValue): void {
    this.#set(id, value, jsonOf(value) ?? '', uses);
    this.#next = Math.max(this.#next, id + 1);
  }

  #use(id: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    entry.uses++;
    return true;
  }

  #cameBefore(json: string): boolean {
    const mark = markOf(json);
    const isKnown = this.#once.has(mark);
    this.#once.renew(mark, true);
    return isKnown;
  }

  #add(value: unknown, json: string): number {
    const id = this.#next++;
    this.#set(id, value, json, 1);
    return id;
  }

  #set(id: number, value: unknown, json: string, uses: number): void {
    this.#entries.set(id, { value, json, uses });
    this.#byJson.set(json, id);
    if (isRecord(value)) this.#byObject.set(value, id);
  }
}
