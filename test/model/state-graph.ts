// The states that were seen, by their hash, and which follows which: to find those from which no end can be reached.

/** A list of 32-bit numbers that grows. */
class NumberList {
  #numbers = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#numbers.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.length++] = value;
  }

  at(index: number): number {
    return this.#numbers[index]!;
  }
}

export class StateGraph {
  /** Two halves of the hash and the state's number plus 1, in an open-addressed table. */
  #table = new Int32Array(3 << 16);
  #size = 1 << 16;
  states = 0;
  readonly #from = new NumberList();
  readonly #to = new NumberList();
  readonly #ends = new NumberList();

  /** Notes that the state follows `from` (-1: nothing). */
  enter(a: number, b: number, from: number): { id: number; isNew: boolean } {
    if (this.states * 2 > this.#size) this.#grow();
    const at = this.#find(this.#table, this.#size, a, b);
    const isNew = this.#table[at + 2] === 0;
    if (isNew) this.#table.set([a, b, ++this.states], at);
    const id = this.#table[at + 2]! - 1;
    if (from >= 0 && from !== id) {
      this.#from.push(from);
      this.#to.push(id);
    }
    return { id, isNew };
  }

  markEnd(id: number): void {
    this.#ends.push(id);
  }

  statesWithoutEnd(): number {
    // The edges backwards, sorted by counting.
    const edges = this.#to.length;
    const starts = new Int32Array(this.states + 1);
    for (let edge = 0; edge < edges; edge++) starts[this.#to.at(edge) + 1]!++;
    for (let state = 0; state < this.states; state++) starts[state + 1]! += starts[state]!;
    const fill = starts.slice();
    const before = new Int32Array(edges);
    for (let edge = 0; edge < edges; edge++) before[fill[this.#to.at(edge)]!++] = this.#from.at(edge);
    const reached = new Uint8Array(this.states);
    const open = new NumberList();
    const reach = (state: number): void => {
      if (reached[state] === 1) return;
      reached[state] = 1;
      open.push(state);
    };
    for (let end = 0; end < this.#ends.length; end++) reach(this.#ends.at(end));
    for (let next = 0; next < open.length; next++) {
      const state = open.at(next);
      for (let edge = starts[state]!; edge < starts[state + 1]!; edge++) reach(before[edge]!);
    }
    return this.states - open.length;
  }

  #find(table: Int32Array, size: number, a: number, b: number): number {
    for (let slot = (a ^ (b >>> 7)) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const at = slot * 3;
      if (table[at + 2] === 0 || (table[at] === a && table[at + 1] === b)) return at;
    }
  }

  #grow(): void {
    const size = this.#size * 2;
    const table = new Int32Array(size * 3);
    for (let at = 0; at < this.#table.length; at += 3) {
      if (this.#table[at + 2] === 0) continue;
      const found = this.#find(table, size, this.#table[at]!, this.#table[at + 1]!);
      table.set(this.#table.subarray(at, at + 3), found);
    }
    this.#table = table;
    this.#size = size;
  }
}
