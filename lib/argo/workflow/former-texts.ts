// What workflows were written as the last time. An event repeats nearly all of the one before it: of what is written byte for byte as it
// was, it is known where it ends, and of nodes what was read of them.
import { isNestedAt } from '../../guard/json-text.js';
import { TwoGenerationCache } from '../../guard/two-generation-cache.js';
import type { FormerNodes, NodeRows } from './written-nodes.js';

/** Longer ones are not kept. An API server takes objects of 1.5 MiB, as etcd is set up by default. */
const TEXT_BYTES_MAX = 2 * 1024 * 1024;
/** What those of a generation may weigh; there are two. */
const BYTES_MAX = 8 * 1024 * 1024;
/** About what a node takes beside its text when all was asked for, and a text that has nodes. What is odd in a node may take more. */
const NODE_BYTES = 700;
const TEXT_BYTES = 8000;
/** Objects grow: how much larger the next one may be to fit into the same place. */
const GROWTH = 1.25;

/** Where a member stands that is not read with the rest, and the nodes that it holds, if it does. */
export interface PassedMember {
  readonly from: number;
  readonly to: number;
  readonly rows?: NodeRows | undefined;
}

/** One of them, which becomes the next one: so its bytes, and where its nodes stand, are not made anew for each event. */
export class FormerText {
  readonly bytesMax: number;
  readonly #bytes: Buffer;
  #places = new Int32Array();
  #members: readonly PassedMember[] = [];
  #nodes: FormerNodes | undefined;

  constructor(byteLength: number, bytesMax: number) {
    this.bytesMax = bytesMax;
    this.#bytes = Buffer.alloc(byteLength);
  }

  get nodes(): FormerNodes | undefined {
    return this.#nodes;
  }

  /** @returns whether it has room for that */
  become(bytes: Uint8Array, members: readonly PassedMember[]): boolean {
    if (bytes.length > this.#bytes.length || sizeOf(bytes, members) > this.bytesMax) return false;
    this.#bytes.set(bytes);
    // Their rows are kept once.
    this.#members = members.map(({ from, to }) => ({ from, to }));
    const rows = rowsOf(members);
    this.#nodes = rows && { bytes: this.#bytes, facts: rows.facts, places: this.#keep(rows.places) };
    return true;
  }

  /**
   * After the value that begins there, if it is written as the member was.
   *
   * @param index of the member among those that are passed
   */
  endAsBefore(index: number, bytes: Buffer, from: number): number | undefined {
    const member = this.#members[index];
    // Where a number or a word ends, the byte after it says.
    if (!member || !isNestedAt(bytes, from)) return undefined;
    const to = from + member.to - member.from;
    const isSame = to <= bytes.length && bytes.compare(this.#bytes, member.from, member.to, from, to) === 0;
    return isSame ? to : undefined;
  }

  #keep(places: Int32Array): Int32Array {
    if (places.length > this.#places.length) this.#places = new Int32Array(GROWTH * places.length);
    this.#places.set(places);
    return this.#places;
  }
}

/** Those that changed of late, by the UID of their workflow. */
export class FormerTexts {
  readonly #texts = new TwoGenerationCache<string, FormerText>(BYTES_MAX, (_, { bytesMax }) => bytesMax);

  get(uid: string): FormerText | undefined {
    return this.#texts.get(uid);
  }

  set(uid: string, bytes: Uint8Array, members: readonly PassedMember[]): void {
    if (bytes.length > TEXT_BYTES_MAX || this.get(uid)?.become(bytes, members) === true) return;
    const bytesMax = GROWTH * sizeOf(bytes, members);
    if (bytesMax > BYTES_MAX) return;
    const text = new FormerText(GROWTH * bytes.length, bytesMax);
    text.become(bytes, members);
    this.#texts.set(uid, text);
  }
}

function rowsOf(members: readonly PassedMember[]): NodeRows | undefined {
  return members.find(({ rows }) => rows)?.rows;
}

function sizeOf(bytes: Uint8Array, members: readonly PassedMember[]): number {
  return TEXT_BYTES + bytes.length + NODE_BYTES * (rowsOf(members)?.facts.length ?? 0);
}
