// What a value of a configuration may be. One object says it for all who ask: the check, the JSON schema, the table in the
// docs, and who prints the value. Here those that have no parts.
import { closestWord } from '../../guard/closest-word.js';
import type { ConfigReport } from './config-report.js';

/** Of draft 2020-12, and of it only what has meant the same since draft 6. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ConfigType<Value> {
  /** As messages and the docs say it: `a whole number from 10 to 500`. */
  readonly expected: string;
  /** All that a schema can say: it refuses nothing that `read` takes, and `read` refuses more only where a type says so. */
  readonly schema: JsonSchema;
  /** @returns `undefined` when it is refused, which the report says */
  read(given: unknown, path: string, report: ConfigReport): Value | undefined;
  /** As a file has it, so that `read` gives the same value again. */
  plain(value: Value): unknown;
  /** What a file would have for the text of a variable. Absent: the text itself. */
  fromText?(text: string): unknown;
}

export type ValueOf<Type> = Type extends ConfigType<infer Value> ? Value : never;

export const BOOLEAN: ConfigType<boolean> = {
  expected: 'true or false',
  schema: { type: 'boolean' },
  read(given, path, report) {
    if (typeof given === 'boolean') return given;
    const hint = typeof given === 'string' ? 'Write it without quotes.' : undefined;
    return report.refuse(path, 'true or false', given, hint);
  },
  plain: value => value,
};

export function word<Word extends string>(...words: readonly Word[]): ConfigType<Word> {
  const expected = words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
  return {
    expected,
    schema: { enum: words },
    read(given, path, report) {
      const known = words.find(each => each === given);
      if (known !== undefined) return known;
      const similar = typeof given === 'string' ? closestWord(given, words) : undefined;
      const hint = similar === undefined ? undefined : `Did you mean '${similar}'?`;
      return report.refuse(path, expected, given, hint);
    },
    plain: value => value,
  };
}

export function whole(min: number, max: number): ConfigType<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return {
    expected,
    schema: { type: 'integer', minimum: min, maximum: max },
    read(given, path, report) {
      const isGood = typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max;
      return isGood ? given : report.refuse(path, expected, given);
    },
    plain: value => value,
    fromText: text => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  };
}

export interface TextBounds {
  readonly expected: string;
  readonly lengthMax: number;
  /** 0: it may be empty. */
  readonly lengthMin?: 0 | 1;
  /** Of all of the text; means the same with and without the flag `u`. */
  readonly pattern?: RegExp;
}

/** A schema counts characters, this UTF-16 units: of many signs beyond 16 bits it takes fewer. */
export function text({ expected, lengthMin = 1, lengthMax, pattern }: TextBounds): ConfigType<string> {
  return {
    expected,
    schema: {
      type: 'string',
      minLength: lengthMin,
      maxLength: lengthMax,
      ...(pattern !== undefined && { pattern: pattern.source }),
    },
    read(given, path, report) {
      const isText = typeof given === 'string' && given.length >= lengthMin && given.length <= lengthMax;
      if (isText && pattern?.test(given) !== false) return given;
      return report.refuse(path, expected, given, quoteHint(given));
    },
    plain: value => value,
  };
}

/** For who wrote `no` or `123` and meant the text. */
export function quoteHint(given: unknown): string | undefined {
  const isBare = typeof given === 'number' || typeof given === 'boolean';
  return isBare ? 'YAML takes it for a number or a boolean: put it into quotes.' : undefined;
}
