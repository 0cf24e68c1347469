// Calls and what Go's own libraries answer to them, as golden/oracle writes them down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import type { ExpressionFunction, Value } from '../../../lib/argo/go/value/value.js';
import { formatFloat } from '../../../lib/argo/go/value/go-format.js';
import { NIL_LIST } from '../../../lib/argo/go/json/go-json.js';
import { GoDuration, GoTime } from '../../../lib/argo/go/time/go-time.js';
import { ROOT } from '../../support/source-tree.js';

type Encoded = null | boolean | string | readonly Encoded[] | Readonly<Record<string, unknown>>;

interface Row {
  readonly name: string;
  readonly args: readonly Encoded[];
  readonly value: Encoded;
  readonly error?: string;
}

/** One test for each row of a golden file. */
export function testGoldenRows(file: string, functions: ReadonlyMap<string, ExpressionFunction>): void {
  const text = readFileSync(join(ROOT, 'test/argo/go/golden', `${file}.ndjson`), 'utf8');
  const rows = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Row);
  for (const row of rows) {
    const args = JSON.stringify(row.args).slice(1, -1);
    it(`should ${row.error === undefined ? 'answer' : 'refuse'} ${row.name}(${args}) as Go does`, () => {
      expect(outcome(functions, row)).to.deep.equal(expected(row));
    });
  }
}

function expected({ value, error }: Row): unknown {
  return error === undefined ? { value } : { error };
}

function outcome(functions: ReadonlyMap<string, ExpressionFunction>, { name, args }: Row): unknown {
  const called = functions.get(name);
  expect(called, name).to.not.equal(undefined);
  try {
    return { value: encode(called?.(...args.map(decode)) ?? null) };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { error: error.message };
  }
}

export function decode(encoded: Encoded): Value {
  if (encoded === null || typeof encoded !== 'object') return encoded;
  if (Array.isArray(encoded)) return (encoded as Encoded[]).map(decode);
  const [[kind = '', content] = []] = Object.entries(encoded);
  if (kind === 'map')
    return new Map(
      Object.entries(content as Record<string, Encoded>).map(([key, value]) => [key, decode(value)]),
    );
  const text = String(content);
  if (kind === 'int') return BigInt(text);
  if (kind === 'float') return Number(text.replace('Inf', 'Infinity'));
  if (kind === 'duration') return new GoDuration(BigInt(text));
  if (kind === 'time') return new GoTime(BigInt(text));
  throw new Error(`no value of kind ${kind}`);
}

function encode(value: Value): Encoded {
  if (value === NIL_LIST) return { nil: 'list' };
  if (value instanceof Map)
    return {
      map: Object.fromEntries([...value].map(([key, member]) => [key as string, encode(member as Value)])),
    };
  if (Array.isArray(value)) return (value as Value[]).map(encode);
  if (value instanceof GoTime) return { time: value.unixNanos.toString() };
  if (value instanceof GoDuration) return { duration: value.nanos.toString() };
  if (typeof value === 'bigint') return { int: value.toString() };
  if (typeof value === 'number') return { float: formatFloat(value) };
  return value as null | boolean | string;
}
