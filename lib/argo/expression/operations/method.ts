// One method of a Go type.
import { typeName } from '../../go/value/go-value.js';
import { functionOf } from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';

export interface Method {
  readonly nature: Nature;
  readonly call: (self: Value, args: readonly Value[]) => Value;
}

/** A method with these parameters, which are checked when it is called. */
export function method<S>(
  parameters: readonly Nature[],
  result: Nature,
  call: (self: S, ...args: readonly never[]) => Value,
): Method {
  const nature = functionOf(parameters, result);
  return {
    nature,
    call: (self, args) => {
      checkArguments(parameters, args);
      return (call as unknown as (self: Value, ...args: readonly Value[]) => Value)(self, ...args);
    },
  };
}

/** Go's words for a call that the checker could not see through. */
function checkArguments(parameters: readonly Nature[], args: readonly Value[]): void {
  if (args.length !== parameters.length) {
    const count = `expected ${parameters.length}, got ${args.length}`;
    throw new EvaluationError(`invalid number of arguments: ${count}`);
  }
  for (const [index, { type }] of parameters.entries()) {
    const is = typeName(args[index] ?? null);
    if (is !== type) throw new EvaluationError(`reflect: Call using ${is} as type ${type}`);
  }
}
