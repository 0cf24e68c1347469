// What a specification of a workflow says as a whole. Found once for each, since every metric in it may ask.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';

type Json = Readonly<Record<string, unknown>>;

/** A step, a task or what runs when one is over, and the template that it stands in. */
export interface PlacedCall {
  readonly call: Json;
  readonly around: Json;
}

export interface SpecFacts {
  /** Something runs when a workflow, a step or a task is over. */
  readonly hasHandlers: boolean;
  /** Templates of other objects, or plugins, whose outputs nobody declares here. */
  readonly hasUnknownTemplates: boolean;
  /** Names under which output parameters become those of the workflow. */
  readonly globalNames: readonly string[];
  /** Who runs the template, by its name or because it has it inline. */
  callersOf(template: Json): readonly PlacedCall[];
  /** Something else than steps and tasks runs it: the workflow as its entry, or what runs when something is over. */
  isCalledByOthers(template: Json): boolean;
  /** The template that a step or a task of this name runs, if it is in the specification. */
  calledBy(around: Json, name: string): Json | undefined;
  /** Steps and tasks whose `outputs.result` is mentioned in the template around them. */
  mentionsResultOf(placed: PlacedCall): boolean;
}

const known = new WeakMap<Json, SpecFacts>();

export function factsOf(spec: Json): SpecFacts {
  let facts = known.get(spec);
  if (!facts) {
    facts = new Facts(spec);
    known.set(spec, facts);
  }
  return facts;
}

class Facts implements SpecFacts {
  readonly hasHandlers: boolean;
  readonly hasUnknownTemplates: boolean;
  readonly globalNames: readonly string[];
  readonly #templates = new Map<string, Json>();
  readonly #handlers = new Set<string>();
  readonly #byName = new Map<string, PlacedCall[]>();
  readonly #byInline = new Map<unknown, PlacedCall[]>();
  readonly #mentions = new WeakMap<Json, ReadonlySet<string>>();
  readonly #callsOf = new WeakMap<Json, ReadonlyMap<string, Json>>();

  constructor(spec: Json) {
    const keys = new Set<string>();
    const globalNames = new Set<string>();
    walk(spec, (key, value) => {
      keys.add(key);
      if (key === 'globalName' && typeof value === 'string') globalNames.add(value);
      if ((key === 'onExit' || key === 'entrypoint') && typeof value === 'string') this.#handlers.add(value);
      if (key === 'hooks' && isRecord(value))
        for (const hook of Object.values(value)) this.#handlers.add(textAt(hook, 'template'));
    });
    this.hasHandlers = ['onExit', 'hooks', 'templateRef'].some(key => keys.has(key));
    this.hasUnknownTemplates = ['templateRef', 'plugin'].some(key => keys.has(key));
    this.globalNames = [...globalNames];
    for (const template of listAt(spec, 'templates')) {
      const name = textAt(template, 'name');
      if (isRecord(template) && !this.#templates.has(name)) this.#templates.set(name, template);
      this.#collect(template, 0);
    }
    this.#collectHooks(spec, {});
  }

  callersOf(template: Json): readonly PlacedCall[] {
    const name = textAt(template, 'name');
    const byName = name === '' ? [] : (this.#byName.get(name) ?? []);
    return [...byName, ...(this.#byInline.get(template) ?? [])];
  }

  isCalledByOthers(template: Json): boolean {
    return this.#handlers.has(textAt(template, 'name')) && !this.#byInline.has(template);
  }

  calledBy(around: Json, name: string): Json | undefined {
    let calls = this.#callsOf.get(around);
    if (!calls) {
      // Of several the first one counts.
      calls = new Map(
        callsOf(around)
          .reverse()
          .map(call => [textAt(call, 'name'), call]),
      );
      this.#callsOf.set(around, calls);
    }
    const call = calls.get(name);
    if (!call) return undefined;
    return isRecord(call['inline']) ? call['inline'] : this.#templates.get(textAt(call, 'template'));
  }

  mentionsResultOf({ call, around }: PlacedCall): boolean {
    let mentions = this.#mentions.get(around);
    if (!mentions) {
      mentions = resultsMentionedIn(around);
      this.#mentions.set(around, mentions);
    }
    return mentions.has(textAt(call, 'name'));
  }

  #collect(around: unknown, depth: number): void {
    if (!isRecord(around) || depth > DEPTH_MAX) return;
    for (const call of callsOf(around)) {
      const name = textAt(call, 'template');
      if (name !== '') push(this.#byName, name, { call, around });
      this.#collectHooks(call, around);
      if (!isRecord(call['inline'])) continue;
      push(this.#byInline, call['inline'], { call, around });
      this.#collect(call['inline'], depth + 1);
    }
  }

  #collectHooks(holder: Json, around: Json): void {
    for (const hook of Object.values(recordAt(holder, 'hooks'))) {
      const name = textAt(hook, 'template');
      if (name !== '' && isRecord(hook)) push(this.#byName, name, { call: hook, around });
    }
  }
}

/** Templates inside templates. */
const DEPTH_MAX = 20;

/** Steps or tasks of a template. */
function callsOf(template: Json): Json[] {
  const steps = listAt(template, 'steps').flatMap(group =>
    Array.isArray(group) ? (group as unknown[]) : [],
  );
  return [...steps, ...listAt(recordAt(template, 'dag'), 'tasks')].filter(isRecord);
}

function push(calls: Map<unknown, PlacedCall[]>, key: unknown, call: PlacedCall): void {
  const list = calls.get(key);
  if (list) list.push(call);
  else calls.set(key, [call]);
}

const RESULT = /\b(?:steps|tasks)(?:\.([^\s.{}'"]+)|\[(['"])(.+?)\2\])\.outputs\.result/g;

function resultsMentionedIn(around: Json): ReadonlySet<string> {
  const names = new Set<string>();
  walk(around, (_, value) => {
    if (typeof value !== 'string') return;
    for (const [, plain, , bracketed] of value.matchAll(RESULT)) names.add(plain ?? bracketed ?? '');
  });
  return names;
}

/** Every member of every object, each object once: aliases of YAML share them. */
function walk(root: unknown, visit: (key: string, value: unknown) => void): void {
  const seen = new Set<unknown>();
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, member] of Object.entries(value)) {
      visit(key, member);
      waiting.push(member);
    }
  }
}
