// Parameters by their names. A list may be long, and be asked for each of its names.
import { listAt, textAt } from '../../guard/json-value.js';

type Json = Readonly<Record<string, unknown>>;

const known = new WeakMap<readonly unknown[], ReadonlyMap<string, unknown>>();

/** The first of a name. @param holder of `parameters`, such as `inputs` or `arguments`. */
export function parameterIn(holder: Json, name: string): unknown {
  const list = listAt(holder, 'parameters');
  let byName = known.get(list);
  if (!byName) {
    // Of several the first one counts.
    byName = new Map([...list].reverse().map(each => [textAt(each, 'name'), each]));
    known.set(list, byName);
  }
  return byName.get(name);
}
