// Argo's variables as expressions see them: `inputs.parameters.name` is a member of a member of `inputs`.
import { spend } from '../../budget/evaluation-limits.js';
import { namesOf, variableOf } from './layered-variables.js';
import type { VariableLayer } from './layered-variables.js';
import type { Value, ValueMap } from '../../go/value/value.js';

/** Values by dotted name. A name that is missing or `undefined` does not exist. */
export type FlatVariables = Readonly<Record<string, string | undefined>>;

const DOT = 46;
/** What simple tags can ask for, and expressions cannot. */
const OUTPUT_PATH = /^outputs\.(?:parameters|artifacts)\.[^.]+\.path$/;
/** Steps of putting one variable into a map. */
const PLANT_COST = 4;
/** Names inside one another; deeper ones do not exist. */
const DEPTH_MAX = 100;

/**
 * Looks up in flat variables what an expression asks for. Nothing is built before somebody needs a map as a whole.
 *
 * A name that is the beginning of longer ones is a map of these, and has no text of its own: Argo's rule. Where an output is
 * written in the pod is no variable of expressions, so an output parameter is its value also where it has such a path.
 */
export class ScopeVariables {
  readonly #flat: FlatVariables | VariableLayer;
  #names: readonly (readonly string[])[] | undefined;
  #count = 0;
  #trees: Map<string, ValueMap> | undefined;

  constructor(flat: FlatVariables | VariableLayer) {
    this.#flat = flat;
  }

  /** The text of a name, `undefined` when there is none or when it is a map. */
  text(path: string): string | undefined {
    const text = this.#own(path);
    return text === undefined || this.#isMap(path) ? undefined : text;
  }

  /**
   * The text of a name; `null` when there is none although its parent is a map; `undefined` when only a walk from member
   * to member can tell.
   */
  member(parent: string, path: string): string | null | undefined {
    if (this.#isMap(path)) return undefined;
    return this.#own(path) ?? (this.#isMap(parent) ? null : undefined);
  }

  /** Whether there is a text or a map of this name. */
  has(path: string): boolean {
    return this.#own(path) !== undefined || this.#isMap(path);
  }

  kindOf(name: string): 'text' | 'map' | undefined {
    if (this.#isMap(name)) return 'map';
    return this.#own(name) === undefined ? undefined : 'text';
  }

  /** A variable without dots in its name; `null` when there is none. */
  value(name: string): Value {
    return this.text(name) ?? this.#tree(name) ?? null;
  }

  #own(name: string): string | undefined {
    const value = variableOf(this.#flat, name);
    if (typeof value !== 'string') return undefined;
    return name.endsWith('.path') && OUTPUT_PATH.test(name) ? undefined : value;
  }

  #isMap(path: string): boolean {
    const { length } = path;
    for (const names of this.#listed())
      for (const name of names)
        if (name.length > length && name.charCodeAt(length) === DOT && name.startsWith(path))
          if (this.#own(name) !== undefined) return true;
    return false;
  }

  /** All names. Charges for looking through them: workflows may have thousands of parameters. */
  #listed(): readonly (readonly string[])[] {
    if (!this.#names) {
      this.#names = namesOf(this.#flat);
      this.#count = this.#names.reduce((count, names) => count + names.length, 0);
    }
    spend(this.#count >> 4);
    return this.#names;
  }

  #tree(root: string): ValueMap | undefined {
    const known = this.#trees?.get(root);
    if (known || !this.#isMap(root)) return known;
    const tree = new Map<string, Value>();
    const prefix = `${root}.`;
    for (const names of this.#listed())
      for (const name of names) {
        const text = name.startsWith(prefix) ? this.#own(name) : undefined;
        if (text === undefined) continue;
        spend(PLANT_COST);
        plant(tree, name.slice(prefix.length).split('.'), text);
      }
    this.#trees ??= new Map();
    this.#trees.set(root, tree);
    return tree;
  }
}

function plant(tree: Map<string, Value>, path: readonly string[], text: string): void {
  if (path.length > DEPTH_MAX) return;
  let branch = tree;
  for (const name of path.slice(0, -1)) {
    const next = branch.get(name);
    if (next instanceof Map) branch = next as Map<string, Value>;
    else {
      const made = new Map<string, Value>();
      branch.set(name, made);
      branch = made;
    }
  }
  const last = path.at(-1) ?? '';
  if (!(branch.get(last) instanceof Map)) branch.set(last, text);
}
