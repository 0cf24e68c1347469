// The functions that Argo adds to the language.
import { marshalJson } from '../../go/json/go-json.js';
import { jsonPath } from '../../jsonpath/jsonpath.js';
import { SPRIG } from '../../sprig/sprig.js';
import { textAt } from './builtin.js';
import { toFloatOrRefuse, toIntOrRefuse } from './builtins-number.js';
import { GoFunction } from '../../go/value/go-value.js';
import { ANY, functionOf, MAP, TEXT } from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import { plainValue } from '../../go/value/plain-value.js';
import type { Value, ValueMap } from '../../go/value/value.js';

interface Constant {
  readonly nature: Nature;
  readonly value: Value;
}

function constant(type: string, nature: Nature, call: (args: readonly Value[]) => Value): Constant {
  return { nature, value: new GoFunction(type, (...args) => call(args)).asValue() };
}

function sprigFunctions(): ValueMap {
  const functions = new Map<string, Value>();
  for (const [name, call] of SPRIG) functions.set(name, new GoFunction('func', call).asValue());
  return functions;
}

/** What a name stands for whatever the variables are. A variable of such a name is hidden. */
export const ENVIRONMENT: ReadonlyMap<string, Constant> = new Map([
  [
    'asInt',
    constant('func(interface {}) interface {}', functionOf([ANY], ANY), ([value = null]) =>
      toIntOrRefuse(value),
    ),
  ],
  [
    'asFloat',
    constant('func(interface {}) interface {}', functionOf([ANY], ANY), ([value = null]) =>
      toFloatOrRefuse(value),
    ),
  ],
  [
    'jsonpath',
    constant('func(string, string) interface {}', functionOf([TEXT, TEXT], ANY), args =>
      jsonPath(textAt(args, 0), textAt(args, 1)),
    ),
  ],
  [
    'toJson',
    constant('func(interface {}) string', functionOf([ANY], TEXT), ([value = null]) =>
      marshalJson(plainValue(value)),
    ),
  ],
  ['sprig', { nature: MAP, value: sprigFunctions() }],
]);
