// Whether arguments fit a function, in expr-lang's words.
import { isAssignable } from '../../go/value/nature.js';
import type { Nature, Signature } from '../../go/value/nature.js';

/** What is wrong; with an index, about that argument, otherwise about the call. */
export interface ArgumentError {
  readonly message: string;
  readonly index?: number;
}

/** A rule of a function's own; a text is what is wrong about the call. */
export type ArgumentRule = (args: readonly Nature[]) => Nature | ArgumentError | string;

/** The function's forms, of which one must fit, or its rule. */
export type ArgumentCheck = readonly Signature[] | ArgumentRule;

export function natureOfCall(
  name: string,
  check: ArgumentCheck,
  args: readonly Nature[],
): Nature | ArgumentError {
  if (typeof check === 'function') {
    const result = check(args);
    return typeof result === 'string' ? { message: result } : result;
  }
  let last: ArgumentError = { message: `no matching overload for ${name}` };
  for (const signature of check) {
    const error = argumentError(name, signature, args);
    if (!error) return signature.result;
    last = error;
  }
  return last;
}

export function argumentError(
  name: string,
  signature: Signature,
  args: readonly Nature[],
): ArgumentError | undefined {
  const { parameters, isVariadic } = signature;
  if (args.length < parameters.length - (isVariadic ? 1 : 0))
    return { message: `not enough arguments to call ${name}` };
  if (!isVariadic && args.length > parameters.length)
    return { message: `too many arguments to call ${name}` };
  for (const [index, arg] of args.entries()) {
    const parameter = parameters[Math.min(index, parameters.length - 1)];
    if (!parameter || arg.kind === 'unknown') continue;
    if (arg.kind === 'int' && (parameter.kind === 'int' || parameter.kind === 'float')) continue;
    if (arg.kind === 'nil') {
      if (parameter.kind === 'unknown') continue;
      return { index, message: `cannot use nil as argument (type ${parameter.type}) to call ${name}` };
    }
    if (isAssignable(arg, parameter)) continue;
    // The space at the end is expr-lang's.
    return { index, message: `cannot use ${arg.type} as argument (type ${parameter.type}) to call ${name} ` };
  }
  return undefined;
}
