// What those pass to a template that call it in the same document.
import { isRecord, listAt, recordAt, textAt } from '../json-value.js';
import { callsOf } from './block-scope.js';
import type { BlockScope } from './block-scope.js';
import { spreadOfText } from './label-flow.js';
import type { InputSpread } from './label-flow.js';
import { either, fixed, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';

type Json = Readonly<Record<string, unknown>>;

/** Calls of calls that are followed. */
const DEPTH_MAX = 4;

/** How many values the input parameters of the templates get that a metric tells about. */
export function inputsFromCallers(scope: BlockScope): InputSpread {
  const { templates = [], spec } = scope;
  return name =>
    templates
      .map(({ json }) => fromCallers(json, spec, DEPTH_MAX)(name))
      .reduce<Spread | undefined>((all, one) => (all && one ? either(all, one) : (all ?? one)), undefined);
}

function fromCallers(template: Json, spec: Json, depth: number): InputSpread {
  return name => {
    const declared = listAt(recordAt(template, 'inputs'), 'parameters').find(each => textAt(each, 'name') === name);
    const choices = listAt(declared, 'enum');
    if (choices.length > 0) return fixed(choices.length);
    if (depth === 0) return undefined;
    let spread: Spread | undefined;
    for (const around of listAt(spec, 'templates').filter(isRecord)) {
      for (const call of callsOf(around)) {
        if (!isCallOf(call, template)) continue;
        const passed = passedBy(call, around, name, spec, depth);
        if (passed) spread = spread ? either(spread, passed) : passed;
      }
    }
    if (!spread || spread.kind === 'fixed' || spread.kind === 'declared') return spread;
    return { ...spread, through: `inputs.parameters.${name}` };
  };
}

function isCallOf(call: Json, template: Json): boolean {
  const name = textAt(template, 'name');
  return call['inline'] === template || (name !== '' && textAt(call, 'template') === name);
}

function passedBy(call: Json, around: Json, name: string, spec: Json, depth: number): Spread | undefined {
  const argument = listAt(recordAt(call, 'arguments'), 'parameters').find(each => textAt(each, 'name') === name);
  if (!isRecord(argument)) return undefined;
  if (isRecord(argument['valueFrom'])) return spreadOf('declared', 'valueFrom');
  const items = call['withItems'];
  return spreadOfText(textAt(argument, 'value'), {
    inputs: fromCallers(around, spec, depth - 1),
    items: Array.isArray(items) ? items.length : undefined,
  });
}
