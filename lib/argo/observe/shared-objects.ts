import { BoundedMap } from '../../guard/bounded-map.js';
import { isRecord } from '../../guard/json-value.js';

/** Different objects that are remembered; a cluster has about as many as it has templates. */
const OBJECTS_MAX = 2000;
/** Characters of JSON; what is longer is hardly the same in two workflows. */
const JSON_MAX = 10_000;

/** Equal parts of Workflow objects, such as labels and metrics, are kept once for all workflows of a template. */
export class SharedObjects {
  readonly #byJson = new BoundedMap<string, object>(OBJECTS_MAX);

  /** A copy, which other workflows have too, or the value itself where that cannot be. It must not be changed. */
  share(value: unknown, json: string | undefined = jsonOf(value)): unknown {
    if (!isRecord(value) || json === undefined || json.length > JSON_MAX) return value;
    const copy = this.#byJson.get(json) ?? (JSON.parse(json) as unknown);
    if (!isRecord(copy)) return value;
    // What was not used for longest goes first.
    this.#byJson.renew(json, copy);
    return copy;
  }

  /** The one that is kept already if the texts in both are the same. */
  keep(kept: unknown, value: unknown): unknown {
    return haveSameTexts(kept, value) ? kept : this.share(value);
  }
}

/** Without making JSON of them: an annotation may be long. */
function haveSameTexts(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(key => typeof one[key] === 'string' && Object.hasOwn(other, key) && one[key] === other[key])
  );
}

/** `undefined` for what is no JSON, such as a cycle: an object need not come from a cluster. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
