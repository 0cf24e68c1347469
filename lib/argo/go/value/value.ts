import type { GoDuration, GoTime } from '../time/go-time.js';
/** What an expression computes with. Go's int is a bigint, float64 a number, nil null. */
export type Value =
  null | boolean | string | number | bigint | GoTime | GoDuration | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;
/** A function that expressions can call. Throws EvaluationError on bad arguments. */
export type ExpressionFunction = (...args: readonly Value[]) => Value;
