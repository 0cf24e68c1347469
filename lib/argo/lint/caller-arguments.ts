// What the values of a template's variables can be, by those that call it in the same document.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import type { BlockScope } from './block-scope.js';
import { parameterIn } from './declared-parameters.js';
import { spreadOfText } from './label-flow.js';
import { spreadOfItems } from './loop-spread.js';
import { factsOf } from './spec-facts.js';
import type { PlacedCall } from './spec-facts.js';
import { either, fixed, isEndless, passedOn, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';
import type { NameSpread } from './variable-spread.js';

type Json = Readonly<Record<string, unknown>>;

/** Calls of calls that are followed. */
const DEPTH_MAX = 4;
/** Calls that are looked at for one specification. */
const CALLS_MAX = 20_000;

const INPUT = 'inputs.parameters.';
const OUTPUT = 'outputs.parameters.';
const ARGUMENT = 'workflow.parameters.';
const CALLED_OUTPUT = /^(?:steps|tasks)\.(.+?)\.outputs\.parameters\.(.+)$/;

/** How many values the variables have of the templates that a metric tells about. */
export function namesFromCallers(scope: BlockScope): NameSpread {
  const callers = callersIn(scope);
  const place = (json: Json): NameSpread => callers.placeOf(json, DEPTH_MAX);
  const places = (scope.templates ?? []).map(({ json }) => place(json));
  return name => {
    if (isItem(name)) return scope.loop && callers.itemsOf(scope.loop, NOTHING_AROUND, DEPTH_MAX, name);
    if (name.startsWith(ARGUMENT)) return callers.ofArgument(name);
    // What a template around an inline one declares is filled into that, whatever it has itself.
    const outer = scope.around.filter(({ json }) => declaresInput(json, name)).map(({ json }) => place(json));
    // Of several templates, one that does not know makes all of them unknown.
    const [first, ...others] = [...places, ...outer].map(each => each(name) ?? spreadOf('declared', name));
    // Nothing is known by the place: the table of variables says more.
    if (!first || [first, ...others].every(({ kind }) => kind === 'declared')) return undefined;
    return others.reduce(either, first);
  };
}

const NOTHING_AROUND: Json = {};

const known = { whole: new WeakMap<Json, Callers>(), open: new WeakMap<Json, Callers>() };

/** One for all metrics of a specification: they ask for the same inputs. */
function callersIn(scope: BlockScope): Callers {
  const ofSpec = known[scope.isWholeWorkflow ? 'whole' : 'open'];
  let callers = ofSpec.get(scope.spec);
  if (!callers) {
    callers = new Callers(scope);
    ofSpec.set(scope.spec, callers);
  }
  return callers;
}

class Callers {
  readonly #spec: Json;
  readonly #isWhole: boolean;
  readonly #inputs = new FoundSpreads();
  readonly #outputs = new FoundSpreads();
  readonly #items = new FoundSpreads();
  #left = CALLS_MAX;

  constructor({ spec, isWholeWorkflow }: BlockScope) {
    this.#spec = spec;
    this.#isWhole = isWholeWorkflow;
  }

  /** The variables of a template that it gets from elsewhere, or gives. */
  placeOf(template: Json, depth: number): NameSpread {
    return name => {
      if (name.startsWith(INPUT))
        return this.#inputs.of(template, `${depth} ${name}`, () => this.#ofInput(template, name, depth));
      if (name.startsWith(OUTPUT)) return this.#ofOutput(template, name.slice(OUTPUT.length), name, depth);
      if (name.startsWith(ARGUMENT)) return this.ofArgument(name);
      const [, step, parameter] = CALLED_OUTPUT.exec(name) ?? [];
      if (step === undefined || parameter === undefined) return undefined;
      const called = factsOf(this.#spec).calledBy(template, step);
      return called && this.#ofOutput(called, parameter, name, depth - 1);
    };
  }

  /** A submission gives what it wants, but for what the list of a parameter allows. */
  ofArgument(name: string): Spread | undefined {
    const parameter = parameterIn(recordAt(this.#spec, 'arguments'), name.slice(ARGUMENT.length));
    const choices = listAt(parameter, 'enum');
    return choices.length > 0 && this.#isWhole ? fixed(choices.length, [name]) : undefined;
  }

  /** @param name `item`, or a member of it. `undefined`: the call has no loop, or nobody knows how many items there are. */
  itemsOf(call: Json, around: Json, depth: number, name: string): Spread | undefined {
    const spread = this.#items.of(call, String(depth), () =>
      spreadOfItems(call, this.placeOf(around, depth)),
    );
    return spread?.kind === 'fixed' || spread?.kind === 'declared' ? passedOn(spread, name) : spread;
  }

  #ofInput(template: Json, name: string, depth: number): Spread | undefined {
    const parameter = name.slice(INPUT.length);
    const declared = parameterIn(recordAt(template, 'inputs'), parameter);
    const choices = listAt(declared, 'enum');
    if (choices.length > 0) return fixed(choices.length, [name]);
    const facts = factsOf(this.#spec);
    let spread: Spread | undefined;
    let isOpen = facts.isCalledByOthers(template) || !this.#isWhole;
    for (const placed of depth === 0 ? [] : facts.callersOf(template)) {
      this.#left--;
      if (this.#left < 0) break;
      const passed = this.#passed(placed, parameter, depth) ?? ownValue(declared);
      if (passed) spread = spread ? either(spread, passed) : passed;
      else isOpen = true;
    }
    if (!spread || spread.kind === 'declared') return spread;
    // Who is not in the document may pass something else.
    if (spread.kind === 'fixed' && (isOpen || this.#left < 0 || depth === 0))
      return spreadOf('declared', name);
    return passedOn(spread, name);
  }

  #passed(placed: PlacedCall, name: string, depth: number): Spread | undefined {
    const argument = parameterIn(recordAt(placed.call, 'arguments'), name);
    if (!isRecord(argument)) return undefined;
    if (isRecord(argument['valueFrom'])) return spreadOf('declared', 'valueFrom');
    const around = this.placeOf(placed.around, depth - 1);
    return spreadOfText(textAt(argument, 'value'), each =>
      isItem(each) ? this.itemsOf(placed.call, placed.around, depth - 1, each) : around(each),
    );
  }

  /** Only what has no end: nobody knows how often a step runs whose output it is. */
  #ofOutput(template: Json, parameter: string, name: string, depth: number): Spread | undefined {
    const spread = this.#outputs.of(template, `${depth} ${parameter}`, () =>
      this.#outputOf(template, parameter, depth),
    );
    return spread && passedOn(spread, name);
  }

  #outputOf(template: Json, parameter: string, depth: number): Spread | undefined {
    this.#left--;
    if (depth <= 0 || this.#left < 0) return undefined;
    const from = recordAt(parameterIn(recordAt(template, 'outputs'), parameter), 'valueFrom');
    const expression = textAt(from, 'expression');
    const text = textAt(from, 'parameter') || (expression && `{{=${expression}}}`);
    if (!text) return undefined;
    const spread = spreadOfText(text, this.placeOf(template, depth - 1));
    return isEndless(spread) ? spread : undefined;
  }
}

function isItem(name: string): boolean {
  return name === 'item' || name.startsWith('item.');
}

function declaresInput(template: Json, name: string): boolean {
  return (
    name.startsWith(INPUT) &&
    parameterIn(recordAt(template, 'inputs'), name.slice(INPUT.length)) !== undefined
  );
}

/** What an input has when nobody passes anything. */
function ownValue(declared: unknown): Spread | undefined {
  const { value, default: preset } = isRecord(declared) ? declared : { value: undefined, default: undefined };
  const text = value ?? preset;
  return typeof text === 'string' && !text.includes('{{') ? fixed(1) : undefined;
}

/** What was found for an object by a key: many ask the same, and whoever is asked asks others. */
class FoundSpreads {
  readonly #byObject = new WeakMap<Json, Map<string, Spread | undefined>>();

  of(object: Json, key: string, find: () => Spread | undefined): Spread | undefined {
    let found = this.#byObject.get(object);
    if (!found) this.#byObject.set(object, (found = new Map<string, Spread | undefined>()));
    if (!found.has(key)) found.set(key, find());
    return found.get(key);
  }
}
