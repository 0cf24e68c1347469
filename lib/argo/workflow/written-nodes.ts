// Nodes as they are written in a Workflow object. A workflow may have thousands, and from one of its objects to the next little of
// them has changed. So of a node only its ID, type and phase are read, and where the members stand that looks ask for.
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
/** Columns of the node itself: where its value stands, its key with the quotation mark before it, and what comes after it. */
const VALUE = Object.keys(COLUMNS).length;
const KEY = VALUE + 1;
const END = VALUE + 2;
const WIDTH = VALUE + 3;

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
const [ZERO, NINE, COMMA] = [0x30, 0x39, 0x2c];
/** In the place of what nobody asked for yet. */
const UNREAD = null;

/** What nodes say, and where it stands in a text. */
export interface NodeRows {
  readonly facts: readonly NodeFacts[];
  /** A row for each of them. */
  readonly places: Int32Array;
}

/** Nodes that may be written again, and the bytes that they were read from. */
export interface FormerNodes extends NodeRows {
  readonly bytes: Uint8Array;
}

/** The nodes of a text, in their order. */
export interface WrittenNodes {
  readonly nodes: ReadonlyMap<string, WorkflowNode>;
  /** After the last byte of the object that they stand in. */
  readonly to: number;
  readonly rows: NodeRows;
}

/**
 * The nodes that are written there, in their order. Those that follow another one as they did before, byte for byte, are not read
 * again.
 *
 * @param from of the object under `status.nodes`
 * @throws SyntaxError where it is written in a way that only a parser understands, or is no JSON
 */
export function readWrittenNodes(text: WrittenText, from: number, former?: FormerNodes): WrittenNodes {
  const index = new NodeIndex(text, former?.facts.length);
  const reader = new NodesReader(index, former);
  const to = visitMembers(text.bytes, from, reader);
  return { nodes: reader.nodes, to, rows: { facts: reader.facts, places: index.written() } };
}

class NodesReader implements MemberVisitor {
  readonly nodes = new Map<string, WrittenNode>();
  readonly facts: NodeFacts[] = [];
  /** IDs of what is no node. */
  readonly #odd = new Set<string>();
  readonly #index: NodeIndex;
  readonly #former: FormerNodes | undefined;
  /** Of the former ones the first that may still come. */
  #next = 0;

  constructor(index: NodeIndex, former: FormerNodes | undefined) {
    this.#index = index;
    this.#former = former;
  }

  member(keyFrom: number, keyTo: number, valueAt: number): number {
    const { bytes } = this.#index.text;
    // Keys that are numbers come first in an object, and in the order of their numbers.
    if (isNumber(bytes, keyFrom, keyTo)) throw new SyntaxError('a key is a number');
    const id = this.#index.text.slice(keyFrom, keyTo);
    if (!isObjectAt(bytes, valueAt)) {
      this.#addOdd(id);
      return endOfValue(bytes, valueAt);
    }
    const row = this.#index.begin(keyFrom - 1, valueAt);
    const end = this.#index.end(visitMembers(bytes, valueAt, this.#index));
    const [type, phase] = [this.#index.wordOf(row, COLUMNS.type), this.#index.wordOf(row, COLUMNS.phase)];
    this.#add(new NodeFacts(id, type, phase), row);
    if (this.#former?.facts[this.#next]?.id === id) this.#next++;
    return this.#passRepeated(end);
  }

  /** After the nodes that follow as they followed before. */
  #passRepeated(from: number): number {
    const former = this.#former;
    if (!former) return from;
    let at = from;
    for (let facts = former.facts[this.#next]; facts; facts = former.facts[++this.#next]) {
      const row = this.#index.repeat(at, this.#next * WIDTH, former);
      if (row === undefined) break;
      this.#add(facts, row);
      at = this.#index.endOf(row);
    }
    return at;
  }

  /** Of two members with one key the last one counts, in the place of the first: only a parser does that. */
  #add(facts: NodeFacts, row: number): void {
    const { size } = this.nodes;
    this.nodes.set(facts.id, new WrittenNode(facts, this.#index, row));
    if (this.nodes.size === size || (this.#odd.size > 0 && this.#odd.has(facts.id))) throw twice();
    this.facts.push(facts);
  }

  #addOdd(id: string): void {
    if (this.nodes.has(id) || this.#odd.has(id)) throw twice();
    this.#odd.add(id);
  }
}

function twice(): SyntaxError {
  return new SyntaxError('a key is there twice');
}

/** Where in the text the members of nodes stand: a row for each node. */
class NodeIndex implements MemberVisitor {
  readonly text: WrittenText;
  #places: Int32Array;
  /** Of the row that is being written. */
  #offset = -WIDTH;

  constructor(text: WrittenText, rows = 0) {
    this.text = text;
    this.#places = new Int32Array((rows + ROWS_MIN) * WIDTH);
  }

  /** All rows. */
  written(): Int32Array {
    return this.#places.subarray(0, this.#offset + WIDTH);
  }

  /** The row of the next node. */
  begin(keyFrom: number, valueFrom: number): number {
    const offset = this.#beginRow();
    this.#places[offset + KEY] = keyFrom;
    this.#places[offset + VALUE] = valueFrom;
    return offset;
  }

  /** After the last byte of this row's node. */
  end(to: number): number {
    this.#places[this.#offset + END] = to;
    return to;
  }

  endOf(row: number): number {
    return this.#places[row + END] ?? NOWHERE;
  }

  /**
   * The row of the next node, if after a comma it is written as that one was.
   *
   * @param at of the comma
   */
  repeat(at: number, formerRow: number, { places: former, bytes }: FormerNodes): number | undefined {
    const [formerFrom, formerTo] = [former[formerRow + KEY] ?? NOWHERE, former[formerRow + END] ?? NOWHERE];
    const from = at + 1;
    const to = from + formerTo - formerFrom;
    const written = this.text.bytes;
    if (written[at] !== COMMA || to > written.length) return undefined;
    if (written.compare(bytes, formerFrom, formerTo, from, to) !== 0) return undefined;
    const offset = this.#beginRow();
    const shift = from - formerFrom;
    for (let column = 0; column < WIDTH; column++) {
      const place = former[formerRow + column] ?? NOWHERE;
      this.#places[offset + column] = place === NOWHERE ? NOWHERE : place + shift;
    }
    return offset;
  }

  #beginRow(): number {
    this.#offset += WIDTH;
    if (this.#offset === this.#places.length) {
      const larger = new Int32Array(2 * this.#places.length);
      larger.set(this.#places);
      this.#places = larger;
    }
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

  textOf(row: number, column: number): string {
    const from = this.#places[row + column] ?? NOWHERE;
    return from === NOWHERE ? '' : this.text.textAt(from);
  }

  wordOf(row: number, column: number): string {
    const from = this.#places[row + column] ?? NOWHERE;
    return from === NOWHERE ? '' : this.text.wordAt(from);
  }

  textsOf(row: number, column: number): readonly string[] {
    const from = this.#places[row + column] ?? NOWHERE;
    return from === NOWHERE ? [] : this.text.textsAt(from);
  }

  timeOf(row: number, column: number): number | undefined {
    const from = this.#places[row + column] ?? NOWHERE;
    return from === NOWHERE ? undefined : this.text.timeAt(from);
  }

  /** Whether the value begins like that. */
  isWord(row: number, column: number, word: Uint8Array): boolean {
    const from = this.#places[row + column] ?? NOWHERE;
    return from !== NOWHERE && isWordAt(this.text.bytes, from, from + word.length, word);
  }

  valueOf(row: number, column: number): unknown {
    const from = this.#places[row + column] ?? NOWHERE;
    return from === NOWHERE ? undefined : this.text.valueAt(from);
  }

  jsonOf(row: number): Json {
    return recordOf(this.text.valueAt(this.#places[row + VALUE] ?? NOWHERE)) ?? {};
  }
}

/** What is read of a node, most of it when somebody asks for it: once, also if it is written again and again. */
class NodeFacts {
  readonly id: string;
  readonly type: string;
  readonly phase: string;
  name: string | typeof UNREAD = UNREAD;
  displayName: string | typeof UNREAD = UNREAD;
  boundaryId: string | typeof UNREAD = UNREAD;
  children: readonly string[] | typeof UNREAD = UNREAD;
  startedAt: number | undefined | typeof UNREAD = UNREAD;
  finishedAt: number | undefined | typeof UNREAD = UNREAD;
  isFulfilled: boolean | typeof UNREAD = UNREAD;
  isFromCache: boolean | typeof UNREAD = UNREAD;
  templateName: string | typeof UNREAD = UNREAD;
  templateScope: string | typeof UNREAD = UNREAD;

  constructor(id: string, type: string, phase: string) {
    this.id = id;
    this.type = type;
    this.phase = phase;
  }
}

/** Each member is read once: a hostile one may be as long as the object, and asked for as often as it has nodes. */
class WrittenNode implements WorkflowNode {
  readonly #facts: NodeFacts;
  readonly #index: NodeIndex;
  readonly #row: number;
  #templateRef: Json | undefined | typeof UNREAD = UNREAD;
  #json: Json | typeof UNREAD = UNREAD;

  constructor(facts: NodeFacts, index: NodeIndex, row: number) {
    this.#facts = facts;
    this.#index = index;
    this.#row = row;
  }

  get index(): number {
    return this.#row / WIDTH;
  }

  get id(): string {
    return this.#facts.id;
  }

  get type(): string {
    return this.#facts.type;
  }

  get phase(): string {
    return this.#facts.phase;
  }

  get name(): string {
    return (this.#facts.name ??= this.#index.textOf(this.#row, COLUMNS.name));
  }

  get displayName(): string {
    return (this.#facts.displayName ??= this.#index.textOf(this.#row, COLUMNS.displayName));
  }

  get boundaryId(): string {
    return (this.#facts.boundaryId ??= this.#index.wordOf(this.#row, COLUMNS.boundaryID));
  }

  get children(): readonly string[] {
    return (this.#facts.children ??= this.#index.textsOf(this.#row, COLUMNS.children));
  }

  get startedAt(): number | undefined {
    if (this.#facts.startedAt === UNREAD)
      this.#facts.startedAt = this.#index.timeOf(this.#row, COLUMNS.startedAt);
    return this.#facts.startedAt;
  }

  get finishedAt(): number | undefined {
    if (this.#facts.finishedAt === UNREAD)
      this.#facts.finishedAt = this.#index.timeOf(this.#row, COLUMNS.finishedAt);
    return this.#facts.finishedAt;
  }

  get isFulfilled(): boolean {
    return (this.#facts.isFulfilled ??= isFulfilled(
      this.phase,
      !this.#index.isWord(this.#row, COLUMNS.taskResultSynced, FALSE),
      this.#index.isWord(this.#row, COLUMNS.daemoned, TRUE),
    ));
  }

  get isFromCache(): boolean {
    return (this.#facts.isFromCache ??=
      recordOf(this.#index.valueOf(this.#row, COLUMNS.memoizationStatus))?.['hit'] === true);
  }

  get templateName(): string {
    return (this.#facts.templateName ??= this.#index.wordOf(this.#row, COLUMNS.templateName));
  }

  get templateScope(): string {
    return (this.#facts.templateScope ??= this.#index.wordOf(this.#row, COLUMNS.templateScope));
  }

  get templateRef(): Json | undefined {
    if (this.#templateRef === UNREAD)
      this.#templateRef = recordOf(this.#index.valueOf(this.#row, COLUMNS.templateRef));
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

function columnsByLength(): Column[][] {
  const byLength: Column[][] = [];
  for (const [name, column] of Object.entries(COLUMNS))
    (byLength[name.length] ??= []).push({ word: Buffer.from(name), column });
  return byLength;
}
