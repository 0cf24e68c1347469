// Values that have parts: lists, mappings of known keys, mappings of any keys, and one of several kinds.
import { memberPath } from '../../argo/manifest/manifest-position.js';
import { isRecord } from '../../guard/json-value.js';
import { closestKey } from '../../guard/option-checks.js';
import type { ConfigReport } from './config-report.js';
import type { ConfigType, JsonSchema, ValueOf } from './config-type.js';

export interface ListBounds {
  /** In the plural. */
  readonly noun: string;
  readonly min: number;
  readonly max: number;
  /** Texts, of which each may come once. */
  readonly isUnique?: boolean;
}

export function list<Item>(
  item: ConfigType<Item>,
  { noun, min, max, isUnique = false }: ListBounds,
): ConfigType<readonly Item[]> {
  const expected = `a list of ${min} to ${max} ${noun}`;
  return {
    expected,
    schema: {
      type: 'array',
      items: item.schema,
      minItems: min,
      maxItems: max,
      ...(isUnique && { uniqueItems: true }),
    },
    read(given, path, report) {
      if (!Array.isArray(given) || given.length < min || given.length > max)
        return report.refuse(path, expected, given);
      const items = given.map((each, index) => item.read(each, `${path}[${index}]`, report));
      const good = items.filter(each => each !== undefined) as Item[];
      if (isUnique && !areUnique(good, path, report)) return undefined;
      return good.length === items.length ? good : undefined;
    },
    plain: value => value.map(each => item.plain(each)),
  };
}

function areUnique(items: readonly unknown[], path: string, report: ConfigReport): boolean {
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    if (seen.has(item)) {
      report.error('CONFIG_INVALID', `${path}[${index}]`, `${path} has ${JSON.stringify(item)} twice`);
      return false;
    }
    seen.add(item);
  }
  return true;
}

/** One key of a mapping. */
export interface Member<Value> {
  readonly type: ConfigType<Value>;
  readonly description: string;
}

type MemberValues<All> = {
  readonly [Key in keyof All]?: All[Key] extends Member<infer Value> ? Value : never;
};

/** @param required the keys that may not be left out */
export function mapping<All extends Readonly<Record<string, Member<unknown>>>>(
  expected: string,
  members: All,
  required: readonly (keyof All & string)[] = [],
): ConfigType<MemberValues<All>> {
  const all: Readonly<Record<string, Member<unknown>>> = members;
  return {
    expected,
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(all).map(([key, { type, description }]) => [key, { description, ...type.schema }]),
      ),
      ...(required.length > 0 && { required }),
    },
    read(given, path, report) {
      if (!isRecord(given)) return report.refuse(path, expected, given);
      const errorsBefore = report.errorCount;
      const values: [string, unknown][] = [];
      for (const [key, value] of Object.entries(given))
        if (Object.hasOwn(all, key))
          values.push([key, all[key]?.type.read(value, memberPath(path, key), report)]);
        else refuseKey(key, Object.keys(all), path, report);
      for (const key of required)
        if (!Object.hasOwn(given, key))
          report.error('CONFIG_INVALID', path, `${path} must have the key '${key}'`, undefined, 'key');
      if (report.errorCount > errorsBefore) return undefined;
      return Object.fromEntries(values) as MemberValues<All>;
    },
    plain: value =>
      Object.fromEntries(Object.entries(value).map(([key, each]) => [key, all[key]?.type.plain(each)])),
  };
}

/** Says that there is no such key, and which one was probably meant. */
export function refuseKey(
  key: string,
  known: readonly string[],
  path: string,
  report: ConfigReport,
  elsewhere?: string,
): void {
  const similar = closestKey(key, known) ?? elsewhere;
  const all = known.length === 1 ? `There is only ${known.join('')}.` : `There are ${known.join(', ')}.`;
  const hint = similar === undefined ? all : `Did you mean '${similar}'?`;
  const place = memberPath(path, key);
  report.error('FIELD_UNKNOWN', place, `unknown key ${JSON.stringify(key)}`, hint, 'key');
}

export interface DictionaryBounds {
  /** In the plural. */
  readonly noun: string;
  readonly max: number;
  readonly keyLengthMax: number;
}

/** A mapping whose keys the user chooses. */
export function dictionary<Value>(
  type: ConfigType<Value>,
  { noun, max, keyLengthMax }: DictionaryBounds,
): ConfigType<Readonly<Record<string, Value>>> {
  const expected = `a mapping of 1 to ${max} ${noun}`;
  const name = `a name of 1 to ${keyLengthMax} characters`;
  return {
    expected,
    schema: {
      type: 'object',
      minProperties: 1,
      maxProperties: max,
      propertyNames: { minLength: 1, maxLength: keyLengthMax },
      additionalProperties: type.schema,
    },
    read(given, path, report) {
      const count = isRecord(given) ? Object.keys(given).length : 0;
      if (!isRecord(given) || count < 1 || count > max) return report.refuse(path, expected, given);
      const errorsBefore = report.errorCount;
      const values = Object.entries(given).map(([key, value]) => {
        const place = memberPath(path, key);
        if (key === '' || key.length > keyLengthMax)
          report.error('CONFIG_INVALID', place, `a key of ${path} must be ${name}`, undefined, 'key');
        return [key, type.read(value, place, report)] as const;
      });
      // Own members, also of a label that is called `__proto__`.
      return report.errorCount > errorsBefore
        ? undefined
        : (Object.fromEntries(values) as Record<string, Value>);
    },
    plain: value => Object.fromEntries(Object.entries(value).map(([key, each]) => [key, type.plain(each)])),
  };
}

/** One kind of several: which one is meant shows at once. */
export interface Branch<Value> {
  readonly type: ConfigType<Value>;
  /** Whether what is given is meant to be of this kind. */
  readonly takes: (given: unknown) => boolean;
  /** Whether a value is of this kind. */
  readonly has: (value: unknown) => boolean;
}

export function oneOf<const Branches extends readonly Branch<unknown>[]>(
  expected: string,
  ...branches: Branches
): ConfigType<ValueOf<Branches[number]['type']>> {
  type Value = ValueOf<Branches[number]['type']>;
  const all = branches as readonly Branch<unknown>[] as readonly Branch<Value>[];
  const schemas: readonly JsonSchema[] = all.map(({ type }) => type.schema);
  return {
    expected,
    schema: { anyOf: schemas },
    read(given, path, report) {
      const branch = all.find(({ takes }) => takes(given));
      return branch === undefined
        ? report.refuse(path, expected, given)
        : branch.type.read(given, path, report);
    },
    plain: value => all.find(({ has }) => has(value))?.type.plain(value),
  };
}
