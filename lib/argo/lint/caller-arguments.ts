// What those pass to a template that call it in the same document.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import type { BlockScope } from './block-scope.js';
import { spreadOfText } from './label-flow.js';
import type { InputSpread } from './label-flow.js';
import { factsOf } from './spec-facts.js';
import type { PlacedCall } from './spec-facts.js';
import { either, fixed, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';

type Json = Readonly<Record<string, unknown>>;

/** Calls of calls that are followed. */
const DEPTH_MAX = 4;
/** Calls that are looked at for one metric. */
const CALLS_MAX = 1000;

/** How many values the input parameters of the templates get that a metric tells about. */
export function inputsFromCallers({ templates = [], spec }: BlockScope): InputSpread {
  const callers = new Callers(spec);
  return name =>
    templates
      .map(({ json }) => callers.inputsOf(json, DEPTH_MAX)(name))
      .reduce<Spread | undefined>((all, one) => (all && one ? either(all, one) : (all ?? one)), undefined);
}

class Callers {
  readonly #spec: Json;
  #left = CALLS_MAX;

  constructor(spec: Json) {
    this.#spec = spec;
  }

  inputsOf(template: Json, depth: number): InputSpread {
    return name => {
      const declared = parameterIn(recordAt(template, 'inputs'), name);
      const choices = listAt(declared, 'enum');
      if (choices.length > 0) return fixed(choices.length);
      let spread: Spread | undefined;
      for (const placed of depth === 0 ? [] : factsOf(this.#spec).callersOf(template)) {
        this.#left--;
        if (this.#left < 0) break;
        const passed = this.#passed(placed, name, depth);
        if (passed) spread = spread ? either(spread, passed) : passed;
      }
      if (!spread || spread.kind === 'fixed' || spread.kind === 'declared') return spread;
      return { ...spread, through: `inputs.parameters.${name}` };
    };
  }

  #passed({ call, around }: PlacedCall, name: string, depth: number): Spread | undefined {
    const argument = parameterIn(recordAt(call, 'arguments'), name);
    if (!isRecord(argument)) return undefined;
    if (isRecord(argument['valueFrom'])) return spreadOf('declared', 'valueFrom');
    const items = call['withItems'];
    return spreadOfText(textAt(argument, 'value'), {
      inputs: this.inputsOf(around, depth - 1),
      items: Array.isArray(items) ? items.length : undefined,
    });
  }
}

function parameterIn(holder: Json, name: string): unknown {
  return listAt(holder, 'parameters').find(each => textAt(each, 'name') === name);
}
