// Variables on top of those that several scopes share: an object may have thousands of parameters and thousands of nodes.
//
// Without prototypes, getters and weak maps. V8 makes hidden classes and pairs of accessors among what is old, and a weak map that
// is old keeps its values. So all of a Workflow object hung on them, until the whole heap was collected.
type Variables = Record<string, string>;
type ReadonlyVariables = Readonly<Record<string, string | undefined>>;

/** Of variables that were made here. No application has it, so nothing else of an object of its own is looked at. */
const LAYER = Symbol('layer');

interface Layer {
  readonly lower: ReadonlyVariables | undefined;
  /** Once others stand on it, which is when nothing changes any more. */
  names: readonly string[] | undefined;
}

type LayeredVariables = ReadonlyVariables & { readonly [LAYER]?: Layer };

/** A text that is made when somebody asks for it. */
class LateText {
  #make: (() => string) | undefined;
  #text = '';

  constructor(make: () => string) {
    this.#make = make;
  }

  get text(): string {
    if (this.#make !== undefined) this.#text = this.#make();
    this.#make = undefined;
    return this.#text;
  }
}

/** Without a prototype: a parameter may be called `__proto__`. */
export function emptyVariables(): Variables {
  return layerOver(undefined);
}

/** @param lower made by this function or {@link emptyVariables}, and not changed from here on. */
export function variablesOver(lower: Variables): Variables {
  return layerOver(lower);
}

/** Adds one whose text may be long. It is read by {@link variableOf}. */
export function addLate(variables: Variables, name: string, make: () => string): void {
  (variables as Record<string, unknown>)[name] = new LateText(make);
}

/** `undefined` when there is none. */
export function variableOf(variables: ReadonlyVariables, name: string): unknown {
  for (let layer: ReadonlyVariables | undefined = variables; layer !== undefined; layer = lowerOf(layer)) {
    if (!Object.hasOwn(layer, name)) continue;
    const value: unknown = layer[name];
    return value instanceof LateText ? value.text : value;
  }
  return undefined;
}

/** The names of the variables themselves, and those of what they stand on. One may be in both. */
export function namesOf(variables: ReadonlyVariables): readonly (readonly string[])[] {
  const all: (readonly string[])[] = [Object.keys(variables)];
  for (let lower = lowerOf(variables); lower !== undefined; lower = lowerOf(lower))
    all.push(namesOfLower(lower));
  return all;
}

/** What they stand on. */
export function lowerOf(variables: LayeredVariables): ReadonlyVariables | undefined {
  return variables[LAYER]?.lower;
}

function namesOfLower(variables: LayeredVariables): readonly string[] {
  const layer = variables[LAYER];
  if (layer === undefined) return Object.keys(variables);
  return (layer.names ??= Object.keys(variables));
}

function layerOver(lower: ReadonlyVariables | undefined): Variables {
  const variables = Object.create(null) as Variables;
  const layer: Layer = { lower, names: undefined };
  return Object.defineProperty(variables, LAYER, { value: layer });
}
