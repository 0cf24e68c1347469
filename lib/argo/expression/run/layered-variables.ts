// Variables on top of those that several scopes share: an object may have thousands of parameters and thousands of nodes.
type Variables = Record<string, string>;
type ReadonlyVariables = Readonly<Record<string, string | undefined>>;

/** Those that were made here, with what they stand on. What an application's object inherits is no variable. */
const lowers = new WeakMap<object, Variables>();
/** The names of what others stand on, which does not change any more by then. */
const namesOfLowers = new WeakMap<object, readonly string[]>();

/** Without a prototype: a parameter may be called `__proto__`. */
export function emptyVariables(): Variables {
  return Object.create(null) as Variables;
}

/** @param lower made by this function or {@link emptyVariables}, and not changed from here on. */
export function variablesOver(lower: Variables): Variables {
  const variables = Object.create(lower) as Variables;
  lowers.set(variables, lower);
  return variables;
}

/** `undefined` when there is none. */
export function variableOf(variables: ReadonlyVariables, name: string): unknown {
  if (Object.hasOwn(variables, name)) return variables[name];
  return lowers.has(variables) ? variables[name] : undefined;
}

/** The names of the variables themselves, and those of what they stand on. One may be in both. */
export function namesOf(variables: ReadonlyVariables): readonly (readonly string[])[] {
  const lower = lowers.get(variables);
  return lower ? [Object.keys(variables), ...namesOfLower(lower)] : [Object.keys(variables)];
}

function namesOfLower(variables: Variables): readonly (readonly string[])[] {
  let names = namesOfLowers.get(variables);
  if (!names) {
    names = Object.keys(variables);
    namesOfLowers.set(variables, names);
  }
  const lower = lowers.get(variables);
  return lower ? [names, ...namesOfLower(lower)] : [names];
}
