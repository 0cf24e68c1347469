// Variables on top of those that several scopes share: an object may have thousands of parameters and thousands of nodes. Few
// of them are asked for, so they are made by groups, when the first of a group is.
//
// Without prototypes, getters and weak maps. V8 makes hidden classes and pairs of accessors among what is old, and a weak map that
// is old keeps its values. So all of a Workflow object hung on them, until the whole heap was collected.
type Variables = Record<string, string>;
type ReadonlyVariables = Readonly<Record<string, string | undefined>>;

/**
 * By group, what makes its variables: all names that begin the same before the first dot, or before the second one of
 * `workflow.labels.team`. In the order in which expressions see them.
 */
export type VariableGroups<Source> = Readonly<Record<string, (variables: Variables, source: Source) => void>>;

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
  return Object.create(null) as Variables;
}

/** Adds one whose text may be long, so that it is not even made for its name. */
export function addLate(variables: Variables, name: string, make: () => string): void {
  (variables as Record<string, unknown>)[name] = new LateText(make);
}

/** Variables that are made when somebody asks for them, on top of others. */
export class VariableLayer {
  readonly #groups: VariableGroups<never>;
  readonly #source: unknown;
  readonly #lower: VariableLayer | undefined;
  readonly #made = new Map<string, Variables>();
  #names: readonly string[] | undefined;

  private constructor(groups: VariableGroups<never>, source: unknown, lower: VariableLayer | undefined) {
    this.#groups = groups;
    this.#source = source;
    this.#lower = lower;
  }

  /** @param source what the groups are made from, and does not change any more */
  static of<Source>(groups: VariableGroups<Source>, source: Source, lower?: VariableLayer): VariableLayer {
    return new VariableLayer(groups, source, lower);
  }

  /** `undefined` when there is none. */
  get(name: string, group = groupOf(name)): string | undefined {
    const value: unknown = this.#group(group)?.[name];
    if (value === undefined) return this.#lower?.get(name, group);
    return value instanceof LateText ? value.text : (value as string);
  }

  /** The names of its own, and those of what it stands on. One may be in both. */
  names(): readonly (readonly string[])[] {
    this.#names ??= Object.keys(this.#groups).flatMap(group => Object.keys(this.#group(group) ?? {}));
    return this.#lower ? [this.#names, ...this.#lower.names()] : [this.#names];
  }

  #group(group: string): Variables | undefined {
    const known = this.#made.get(group);
    if (known || !Object.hasOwn(this.#groups, group)) return known;
    const variables = emptyVariables();
    this.#groups[group]?.(variables, this.#source as never);
    this.#made.set(group, variables);
    return variables;
  }
}

/** `undefined` when there is none. What an application's object inherits is no variable. */
export function variableOf(variables: ReadonlyVariables | VariableLayer, name: string): unknown {
  const layer = layerOf(variables);
  if (layer) return layer.get(name);
  return Object.hasOwn(variables, name) ? (variables as ReadonlyVariables)[name] : undefined;
}

/** The names of the variables themselves, and those of what they stand on. */
export function namesOf(variables: ReadonlyVariables | VariableLayer): readonly (readonly string[])[] {
  return layerOf(variables)?.names() ?? [Object.keys(variables)];
}

function layerOf(variables: object): VariableLayer | undefined {
  return variables instanceof VariableLayer ? variables : undefined;
}

const WORKFLOW = 'workflow.';

function groupOf(name: string): string {
  const end = name.indexOf('.', name.startsWith(WORKFLOW) ? WORKFLOW.length : 0);
  return end < 0 ? name : name.slice(0, end);
}
