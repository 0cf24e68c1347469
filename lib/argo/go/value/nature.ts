// What is known of a value before it is computed: expr-lang's natures, as far as Argo's variables need them.
export type NatureKind =
  | 'unknown'
  | 'nil'
  | 'bool'
  | 'int'
  | 'float'
  | 'text'
  | 'list'
  | 'map'
  | 'function'
  | 'time'
  | 'duration'
  | 'object';

export interface Nature {
  readonly kind: NatureKind;
  /** Go's name of the type. */
  readonly type: string;
  /** Of a list or a map: what its elements are. */
  readonly element?: Nature;
  readonly key?: Nature;
  readonly signature?: Signature;
}

export interface Signature {
  readonly parameters: readonly Nature[];
  /** The last parameter can be given any number of times. */
  readonly isVariadic: boolean;
  readonly result: Nature;
}

export const UNKNOWN: Nature = { kind: 'unknown', type: 'unknown' };
/** A parameter that takes everything. */
export const ANY: Nature = { kind: 'unknown', type: 'interface {}' };
export const NIL: Nature = { kind: 'nil', type: 'unknown' };
export const BOOL: Nature = { kind: 'bool', type: 'bool' };
export const INT: Nature = { kind: 'int', type: 'int' };
export const FLOAT: Nature = { kind: 'float', type: 'float64' };
export const TEXT: Nature = { kind: 'text', type: 'string' };
export const TIME: Nature = { kind: 'time', type: 'time.Time' };
export const DURATION: Nature = { kind: 'duration', type: 'time.Duration' };
export const ZONE: Nature = { kind: 'object', type: '*time.Location' };
export const MONTH: Nature = { kind: 'object', type: 'time.Month' };
export const WEEKDAY: Nature = { kind: 'object', type: 'time.Weekday' };
/** What Sprig's `semver` makes. */
export const VERSION: Nature = { kind: 'object', type: '*semver.Version' };
/** What the methods make that give another version. */
export const NEXT_VERSION: Nature = { kind: 'object', type: 'semver.Version' };
export const BYTES: Nature = { kind: 'list', type: '[]uint8', element: { kind: 'int', type: 'uint8' } };
export const LIST: Nature = listOf(UNKNOWN);
export const TEXTS: Nature = { kind: 'list', type: '[]string', element: TEXT };
export const MAP: Nature = { kind: 'map', type: 'map[string]interface {}', key: TEXT, element: ANY };
/** What `fromPairs` makes: keys of any type. */
export const ANY_KEY_MAP: Nature = {
  kind: 'map',
  type: 'map[interface {}]interface {}',
  key: ANY,
  element: ANY,
};
export const GROUPS: Nature = {
  kind: 'map',
  type: 'map[interface {}][]interface {}',
  key: ANY,
  element: LIST,
};

export function listOf(element: Nature): Nature {
  return { kind: 'list', type: '[]interface {}', element };
}

export function signatureOf(parameters: readonly Nature[], result: Nature, isVariadic = false): Signature {
  return { parameters, isVariadic, result };
}

export function functionOf(parameters: readonly Nature[], result: Nature, isVariadic = false): Nature {
  return { kind: 'function', type: 'func', signature: signatureOf(parameters, result, isVariadic) };
}

export function isNumber({ kind }: Nature): boolean {
  return kind === 'int' || kind === 'float';
}

export function elementOf({ element }: Nature): Nature {
  return element ?? UNKNOWN;
}

/** Go's rule: a value of one type can be stored as the other. What is unknown can be stored nowhere. */
export function isAssignable(from: Nature, to: Nature): boolean {
  if (from.kind === 'nil')
    return to === ANY || to.kind === 'map' || to.kind === 'list' || to.kind === 'function';
  if (from.kind === 'unknown') return from === ANY && to === ANY;
  return to === ANY || from.type === to.type;
}

/** Whether `==` has a meaning. */
export function isComparable(left: Nature, right: Nature): boolean {
  return (
    left.kind === 'unknown' ||
    right.kind === 'unknown' ||
    left.kind === 'nil' ||
    right.kind === 'nil' ||
    (isNumber(left) && isNumber(right)) ||
    (left.kind === 'list' && right.kind === 'list') ||
    isAssignable(left, right)
  );
}

/** Both unknown, or one of them and the other of one of these kinds. */
export function mayGoTogether(left: Nature, right: Nature, kinds: readonly NatureKind[]): boolean {
  if (left.kind === 'unknown') return right.kind === 'unknown' || kinds.includes(right.kind);
  return right.kind === 'unknown' && kinds.includes(left.kind);
}
