// Nodes as they are written in a Workflow object. A workflow may have thousands, and from one of its objects to the next little of
// them has changed. So nothing is made of a node but its ID, and an index of where the members stand that looks ask for.
import { endOfValue, isObjectAt, isWordAt, visitMembers } from '../../guard/json-text.js';
import type { MemberVisitor } from '../../guard/json-text.js';
import { isRecord } from '../../guard/json-value.js';
import { isFulfilled } from './workflow-node.js';
import type { WorkflowNode } from './workflow-node.js';
import type { WrittenText } from './written-text.js';

/** Members of a node that are found without parsing it, and their columns in the index. */
const COLUMNS = {
  ...{ name: 0, displayName: 1, type: 2, phase: 3, boundaryID: 4, children: 5, startedAt: 6, finishedAt: 7 },
  ...{ daemoned: 8, taskResultSynced: 9, memoizationStatus: 10 },
  ...{ templateName: 11, templateScope: 12, templateRef: 13 },
};
type Json = Readonly<Record<string, unknown>>;
type Field = keyof typeof COLUMNS;
const WIDTH = Object.keys(COLUMNS).length;

interface Column {
  readonly word: Uint8Array;
  readonly column: number;
}

/** By the length of their names. */
const COLUMNS_BY_LENGTH: readonly (readonly Column[] | undefined)[] = columnsByLength();

const ROWS_MIN = 64;
/** Where a member stands that a node does not have. */
const NOWHERE = 0;

const [TRUE, FALSE] = [Buffer.from('true'), Buffer.from('false')];
const [ZERO, NINE] = [0x30, 0x39];
/** What is not asked for often is read each time; in the place of the rest, until somebody asks. */
const UNREAD = null;

/**
 * The nodes that are written there, in their order.
 *
 * @param from of the object under `status.nodes`
 * @throws SyntaxError where it is written in a way that only a parser understands, or is no JSON
 */
export function readWrittenNodes(
  text: WrittenText,
  from: number,
): { nodes: ReadonlyMap<string, WorkflowNode>; to: number } {
  const reader = new NodesReader(new NodeIndex(text));
  const to = visitMembers(text.bytes, from, reader);
  return { nodes: reader.nodes, to };
}

class NodesReader implements MemberVisitor {
  readonly nodes = new Map<string, WorkflowNode>();
  /** IDs of what is no node. */
  readonly #odd = new Set<string>();
  readonly #index: NodeIndex;

  constructor(index: NodeIndex) {
    this.#index = index;
  }

  member(keyFrom: number, keyTo: number, valueAt: number): number {
    const { bytes } = this.#index.text;
    // Keys that are numbers come first in an object, and in the order of their numbers.
    if (isNumber(bytes, keyFrom, keyTo)) throw new SyntaxError('a key is a number');
    const id = this.#index.text.slice(keyFrom, keyTo);
    // The last one counts, in the place of the first.
    if (this.nodes.has(id) || this.#odd.has(id)) throw new SyntaxError('a key is there twice');
    if (!isObjectAt(bytes, valueAt)) {
      this.#odd.add(id);
      return endOfValue(bytes, valueAt);
    }
    const row = this.#index.begin(valueAt);
    const end = visitMembers(bytes, valueAt, this.#index);
    this.nodes.set(id, new WrittenNode(id, this.#index, row));
    return end;
  }
}

/** Where in the text the members of nodes stand: a row for each node. */
class NodeIndex implements MemberVisitor {
  readonly text: WrittenText;
  #places = new Int32Array(ROWS_MIN * (WIDTH + 1));
  /** Of the row that is being written. */
  #offset = -(WIDTH + 1);

  constructor(text: WrittenText) {
    this.text = text;
  }

  /** The row of the next node. */
  begin(from: number): number {
    this.#offset += WIDTH + 1;
    if (this.#offset === this.#places.length) {
      const larger = new Int32Array(2 * this.#places.length);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#offset + WIDTH] = from;
    return this.#offset;
  }

  member(keyFrom: number, keyTo: number, valueAt: number): number {
    const { bytes } = this.text;
    const columns = COLUMNS_BY_LENGTH[keyTo - keyFrom];
    if (columns)
      for (const { word, column } of columns)
        if (isWordAt(bytes, keyFrom, keyTo, word)) this.#places[this.#offset + column] = valueAt;
    return endOfValue(bytes, valueAt);
  }

  textOf(row: number, field: Field): string {
    const from = this.#places[row + COLUMNS[field]] ?? NOWHERE;
    return from === NOWHERE ? '' : this.text.textAt(from);
  }

  wordOf(row: number, field: Field): string {
    const from = this.#places[row + COLUMNS[field]] ?? NOWHERE;
    return from === NOWHERE ? '' : this.text.wordAt(from);
  }

  timeOf(row: number, field: Field): number | undefined {
    const from = this.#places[row + COLUMNS[field]] ?? NOWHERE;
    return from === NOWHERE ? undefined : this.text.timeAt(from);
  }

  /** Whether the value begins like that. */
  isWord(row: number, field: Field, word: Uint8Array): boolean {
    const from = this.#places[row + COLUMNS[field]] ?? NOWHERE;
    return from !== NOWHERE && isWordAt(this.text.bytes, from, from + word.length, word);
  }

  valueOf(row: number, field: Field): unknown {
    const from = this.#places[row + COLUMNS[field]] ?? NOWHERE;
    return from === NOWHERE ? undefined : this.text.valueAt(from);
  }

  jsonOf(row: number): Json {
    return recordOf(this.text.valueAt(this.#places[row + WIDTH] ?? NOWHERE)) ?? {};
  }
}

/** Each member is read once: a hostile one may be as long as the object, and asked for as often as it has nodes. */
class WrittenNode implements WorkflowNode {
  readonly id: string;
  readonly type: string;
  readonly phase: string;
  readonly #index: NodeIndex;
  readonly #row: number;
  #name: string | typeof UNREAD = UNREAD;
  #displayName: string | typeof UNREAD = UNREAD;
  #boundaryId: string | typeof UNREAD = UNREAD;
  #children: readonly string[] | typeof UNREAD = UNREAD;
  #startedAt: number | undefined | typeof UNREAD = UNREAD;
  #finishedAt: number | undefined | typeof UNREAD = UNREAD;
  #isFromCache: boolean | typeof UNREAD = UNREAD;
  #templateName: string | typeof UNREAD = UNREAD;
  #templateScope: string | typeof UNREAD = UNREAD;
  #templateRef: Json | undefined | typeof UNREAD = UNREAD;
  #json: Json | typeof UNREAD = UNREAD;

  constructor(id: string, index: NodeIndex, row: number) {
    this.id = id;
    this.#index = index;
    this.#row = row;
    this.type = index.wordOf(row, 'type');
    this.phase = index.wordOf(row, 'phase');
  }

  get name(): string {
    return (this.#name ??= this.#index.textOf(this.#row, 'name'));
  }

  get displayName(): string {
    return (this.#displayName ??= this.#index.textOf(this.#row, 'displayName'));
  }

  get boundaryId(): string {
    return (this.#boundaryId ??= this.#index.textOf(this.#row, 'boundaryID'));
  }

  get children(): readonly string[] {
    return (this.#children ??= textsOf(this.#index.valueOf(this.#row, 'children')));
  }

  get startedAt(): number | undefined {
    if (this.#startedAt === UNREAD) this.#startedAt = this.#index.timeOf(this.#row, 'startedAt');
    return this.#startedAt;
  }

  get finishedAt(): number | undefined {
    if (this.#finishedAt === UNREAD) this.#finishedAt = this.#index.timeOf(this.#row, 'finishedAt');
    return this.#finishedAt;
  }

  get isFulfilled(): boolean {
    const isSynced = !this.#index.isWord(this.#row, 'taskResultSynced', FALSE);
    return isFulfilled(this.phase, isSynced, this.#index.isWord(this.#row, 'daemoned', TRUE));
  }

  get isFromCache(): boolean {
    return (this.#isFromCache ??=
      recordOf(this.#index.valueOf(this.#row, 'memoizationStatus'))?.['hit'] === true);
  }

  get templateName(): string {
    return (this.#templateName ??= this.#index.wordOf(this.#row, 'templateName'));
  }

  get templateScope(): string {
    return (this.#templateScope ??= this.#index.wordOf(this.#row, 'templateScope'));
  }

  get templateRef(): Json | undefined {
    if (this.#templateRef === UNREAD)
      this.#templateRef = recordOf(this.#index.valueOf(this.#row, 'templateRef'));
    return this.#templateRef;
  }

  get json(): Json {
    return (this.#json ??= this.#index.jsonOf(this.#row));
  }
}

function recordOf(value: unknown): Json | undefined {
  return isRecord(value) ? value : undefined;
}

/** Also of no byte at all, which is no usual key. */
function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) < ZERO || (bytes[at] ?? 0) > NINE) return false;
  return true;
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter(text => typeof text === 'string') : [];
}

function columnsByLength(): Column[][] {
  const byLength: Column[][] = [];
  for (const [name, column] of Object.entries(COLUMNS))
    (byLength[name.length] ??= []).push({ word: Buffer.from(name), column });
  return byLength;
}
