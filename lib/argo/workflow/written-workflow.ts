// Workflow objects as an API server writes them. Most of what it writes are nodes that were there before, and templates that many
// workflows have: these stay as they are written until somebody asks for them. Who asks gets what a parser makes of them.
import { isAscii } from 'node:buffer';
import {
  endOfValue,
  isListAt,
  isObjectAt,
  isWordAt,
  skipBlanks,
  visitItems,
  visitMembers,
} from '../../guard/json-text.js';
import type { MemberVisitor } from '../../guard/json-text.js';
import { TwoGenerationCache } from '../../guard/two-generation-cache.js';
import { FormerTexts } from './former-texts.js';
import type { FormerText } from './former-texts.js';
import type { WorkflowNode } from './workflow-node.js';
import { readWrittenNodes } from './written-nodes.js';
import type { WrittenNodes } from './written-nodes.js';
import { WrittenText } from './written-text.js';

/** What is shorter is parsed as a whole. */
const BYTES_MIN = 2048;

/** With its quotation marks; an API server makes them of 36 characters. */
const UID_BYTES_MAX = 100;

/** Characters of the templates that are kept parsed, in each of two generations. */
const KNOWN_CHARACTERS_MAX = 1024 * 1024;

/** What is long enough to be left, where there may be any number of such members. */
const LONG_BYTES_MIN = 64 * 1024;

/** How a member that may be long is left; and the one that tells which workflow it is. */
type Kind = 'nodes' | 'shared' | 'once' | 'long' | 'uid';

/** Which members of an object are looked at, by name. */
interface Place {
  readonly members: readonly (readonly [name: string, word: Uint8Array, inside: Place | Kind])[];
}

const SPEC = placeOf({ templates: 'shared' });
/** What is long in a template, and asked for where another one is inline in it. */
const TEMPLATE = placeOf({ dag: placeOf({ tasks: 'long' }), steps: 'long' });
const WORKFLOW = {
  metadata: placeOf({ managedFields: 'once', uid: 'uid' }),
  spec: SPEC,
  status: placeOf({ nodes: 'nodes', storedTemplates: 'shared', storedWorkflowTemplateSpec: SPEC }),
};
/** A workflow, or an event with one. */
const EVENT_OBJECT = 'object';
const TOP = placeOf({ ...WORKFLOW, [EVENT_OBJECT]: placeOf(WORKFLOW) });

/** In the place of a member that is left. */
const LEFT = '0';

interface LeftMember {
  /** Names of what it stands in, from the outermost one. */
  readonly place: readonly string[];
  readonly name: string;
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  readonly nodes?: WrittenNodes;
}

type Owner = Record<string | symbol, unknown>;

/** A member that was not asked for yet. */
class LateValue {
  readonly read: () => unknown;

  constructor(read: () => unknown) {
    this.read = read;
  }
}

/** Not a getter for each: V8 keeps those, and what they know, until it collects all of its heap. */
const READS_LATE: ProxyHandler<Owner> = {
  get(owner, name) {
    const value = owner[name];
    return value instanceof LateValue ? (owner[name] = value.read()) : value;
  },
};

/** Under which `status` has its nodes, where they were not parsed. */
const WRITTEN_NODES = Symbol('written nodes');

/** Reads what an API server writes about Workflows. Belongs to one thread. */
export class WorkflowParser {
  /** By their text. */
  readonly #known = new TwoGenerationCache<string, { readonly value: unknown }>(
    KNOWN_CHARACTERS_MAX,
    text => text.length,
  );

  readonly #formerTexts = new FormerTexts();

  /**
   * A Workflow, or an event with one, as `JSON.parse` reads it. Members that may be long are read when somebody asks for them:
   * then throws what is no JSON in them.
   *
   * @param bytes valid UTF-8, which must not change as long as the result is in use: what is read of it then may be taken for what is
   *   written in the next event
   * @throws SyntaxError
   */
  parse(bytes: Buffer): unknown {
    const text = new WrittenText(bytes, isAscii(bytes));
    const walk = bytes.length < BYTES_MIN ? undefined : this.#walk(text);
    const value = walk && this.#parseAround(text, walk.left);
    if (walk && value && value['type'] !== 'DELETED') this.#keep(walk);
    return value ?? text.valueAt(0, bytes.length);
  }

  /** `undefined`: nothing is left, or it is written in a way that only a parser understands. */
  #walk(text: WrittenText): Walk | undefined {
    const walk = new Walk(text, this.#formerTexts);
    try {
      visitMembers(text.bytes, skipBlanks(text.bytes, 0), new PlaceVisitor(walk, TOP, []));
      return walk.left.length > 0 ? walk : undefined;
    } catch {
      return undefined;
    }
  }

  /** Of events: another one follows soon. Of a list there may be any number. */
  #keep({ text, left, uid, isEvent }: Walk): void {
    if (!isEvent || uid === '') return;
    const members = left.map(({ from, to, nodes }) => ({ from, to, rows: nodes?.rows }));
    this.#formerTexts.set(uid, text.bytes, members);
  }

  /** `undefined`: it is no JSON. */
  #parseAround(text: WrittenText, left: readonly LeftMember[]): Owner | undefined {
    let around = '';
    let at = 0;
    for (const { from, to } of left) {
      around += text.slice(at, from) + LEFT;
      at = to;
    }
    try {
      const value = JSON.parse(around + text.slice(at, text.bytes.length)) as Owner;
      const owners = new Map<readonly string[], Owner>();
      for (const member of left) {
        const { place, name, nodes } = member;
        const owner = owners.get(place) ?? openAt(value, place);
        owners.set(place, owner);
        owner[name] = this.#lateValue(member, text);
        if (nodes) Object.defineProperty(owner, WRITTEN_NODES, { value: nodes.nodes });
      }
      return value;
    } catch {
      return undefined;
    }
  }

  #lateValue({ kind, from, to }: LeftMember, text: WrittenText): LateValue {
    return new LateValue(() =>
      kind === 'shared' ? this.#share(text.slice(from, to)) : text.valueAt(from, to),
    );
  }

  #share(text: string): unknown {
    let known = this.#known.get(text);
    if (!known) {
      known = { value: JSON.parse(text) as unknown };
      this.#known.set(text, known);
    }
    return known.value;
  }
}

/** The nodes of a workflow's status that a parser left as they are written. */
export function writtenNodesOf(
  status: Readonly<Record<string | symbol, unknown>>,
): ReadonlyMap<string, WorkflowNode> | undefined {
  // Others may hand in an object that has an answer to everything.
  return Object.hasOwn(status, WRITTEN_NODES)
    ? (status[WRITTEN_NODES] as ReadonlyMap<string, WorkflowNode>)
    : undefined;
}

/** What is there, from now on with members that are read when they are asked for. */
function openAt(value: Owner, place: readonly string[]): Owner {
  const outside = place.slice(0, -1);
  const name = place.at(-1) ?? '';
  const around = outside.reduce((owner, each) => owner[each] as Owner, value);
  const owner = new Proxy(around[name] as Owner, READS_LATE);
  around[name] = owner;
  return owner;
}

/** One way through a text. */
class Walk {
  readonly text: WrittenText;
  /** In the order of the text. */
  readonly left: LeftMember[] = [];
  isEvent = false;
  uid = '';
  /** What the same workflow was written as before, if that is known. */
  former: FormerText | undefined;
  readonly #formerTexts: FormerTexts;

  constructor(text: WrittenText, formerTexts: FormerTexts) {
    this.text = text;
    this.#formerTexts = formerTexts;
  }

  /** Members that come before the UID are read anew. */
  isOf(uid: string): void {
    this.uid = uid;
    this.former = this.#formerTexts.get(uid);
  }

  endOf(from: number): number {
    const { bytes } = this.text;
    return this.former?.endAsBefore(this.left.length, bytes, from) ?? endOfValue(bytes, from);
  }
}

class PlaceVisitor implements MemberVisitor {
  readonly #walk: Walk;
  readonly #place: Place;
  readonly #path: readonly string[];
  readonly #seen = new Set<string>();

  constructor(walk: Walk, place: Place, path: readonly string[]) {
    this.#walk = walk;
    this.#place = place;
    this.#path = path;
  }

  member(keyFrom: number, keyTo: number, valueAt: number): number {
    const { bytes } = this.#walk.text;
    for (const [name, word, inside] of this.#place.members)
      if (isWordAt(bytes, keyFrom, keyTo, word)) return this.#visit(name, inside, valueAt);
    return endOfValue(bytes, valueAt);
  }

  #visit(name: string, inside: Place | Kind, from: number): number {
    const walk = this.#walk;
    const { text, left } = walk;
    const { bytes } = text;
    // The last one counts.
    if (this.#seen.has(name)) throw new SyntaxError('a member is there twice');
    this.#seen.add(name);
    const place = this.#path;
    if (typeof inside === 'object') {
      if (!isObjectAt(bytes, from)) return endOfValue(bytes, from);
      walk.isEvent ||= name === EVENT_OBJECT;
      return visitMembers(bytes, from, new PlaceVisitor(walk, inside, [...place, name]));
    }
    if (inside === 'uid') {
      const to = endOfValue(bytes, from);
      if (to - from <= UID_BYTES_MAX) walk.isOf(text.textAt(from));
      return to;
    }
    if (inside === 'nodes' && isObjectAt(bytes, from)) {
      const nodes = readWrittenNodes(text, from, walk.former?.nodes);
      left.push({ place, name, kind: inside, from, to: nodes.to, nodes });
      return nodes.to;
    }
    const to = walk.endOf(from);
    // Longer than what is kept: nobody else has the same.
    if (inside === 'shared' && to - from > KNOWN_CHARACTERS_MAX && isListAt(bytes, from))
      return visitItems(bytes, from, (at, index) => this.#visitTemplate([...place, name, String(index)], at));
    const isLeft = inside === 'long' ? to - from >= LONG_BYTES_MIN : inside !== 'nodes';
    if (isLeft) left.push({ place, name, kind: inside, from, to });
    return to;
  }

  #visitTemplate(place: readonly string[], from: number): number {
    const { bytes } = this.#walk.text;
    return isObjectAt(bytes, from)
      ? visitMembers(bytes, from, new PlaceVisitor(this.#walk, TEMPLATE, place))
      : endOfValue(bytes, from);
  }
}

function placeOf(members: Readonly<Record<string, Place | Kind>>): Place {
  return {
    members: Object.entries(members).map(([name, inside]) => [name, Buffer.from(name), inside] as const),
  };
}
