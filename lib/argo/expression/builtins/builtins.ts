import { LIST_BUILTINS } from './builtins-list.js';
import { NUMBER_BUILTINS } from './builtins-number.js';
import { TEXT_BUILTINS } from './builtins-text.js';
import { FORMAT_BUILTINS, TIME_BUILTINS } from './builtins-time.js';
import type { Builtin } from './builtin.js';
import { parameterKindsOf } from '../syntax/predicates.js';

/** The language's functions, but for those that evaluate an argument for every element. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ...TEXT_BUILTINS,
  ...NUMBER_BUILTINS,
  ...LIST_BUILTINS,
  ...TIME_BUILTINS,
  ...FORMAT_BUILTINS,
]);

export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name) || parameterKindsOf(name) !== undefined;
}
