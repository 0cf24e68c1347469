// Decodes the kernel's binary into flat code that can be stopped before every access to memory. Knows the instructions
// that the compiler emits for the kernel and refuses all others, so that nothing is executed by guess.
import { SECRET_BYTES } from '../../lib/memory/words.js';

/** How an instruction touches memory; `bytes` is 4 or 8. */
export interface MemoryAccess {
  readonly kind: 'load' | 'store' | 'add' | 'sub' | 'exchange' | 'compareExchange';
  readonly type: 'i32' | 'i64' | 'f64';
  readonly bytes: 4 | 8;
  /** Values on the stack, address included. */
  readonly operands: number;
}

export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly results: number;
  /** Parameters that are f64; all others of the kernel are i32. */
  readonly doubles: ReadonlySet<number>;
  /** Zero of each local's type, parameters included. */
  readonly zeros: readonly (number | bigint)[];
  /** Three numbers an instruction: opcode, and what the table below says. */
  readonly code: Int32Array;
  readonly constants: readonly (number | bigint)[];
  /** For each instruction that touches memory: the locals whose values nobody reads afterwards. */
  readonly deadLocals: ReadonlyMap<number, readonly number[]>;
}

/** Opcodes of the flat code. Numeric ones keep WebAssembly's numbers; a: immediate. */
export const OP = {
  /** a: target; b: height of the stack there, plus 65,536 if one value goes along. Backwards: 0x10d instead. */
  BRANCH: 0x10c,
  BRANCH_BACK: 0x10d,
  BRANCH_IF: 0x10e,
  BRANCH_IF_BACK: 0x10f,
  /** Branches when the condition is zero: the beginning of an `if`. */
  BRANCH_UNLESS: 0x110,
  RETURN: 0x111,
  DROP: 0x1a,
  SELECT: 0x1b,
  GET: 0x20,
  SET: 0x21,
  TEE: 0x22,
  /** a: index into `constants`. */
  CONSTANT: 0x112,
  /** a: index into ACCESSES; b: offset. */
  ACCESS: 0x113,
} as const;

/**
 * Functions that are not decoded. They have to do with one thread alone, whose globals they change, and with words that
 * never change: real WebAssembly runs them, with a secret that is the same in all runs.
 */
export const HASHES = ['hashBegin', 'hashBlock', 'hashEnd', 'hashWord'] as const;
export const NO_SECRET = new Uint8Array(SECRET_BYTES);

const load = (type: MemoryAccess['type'], bytes: 4 | 8): MemoryAccess => ({
  kind: 'load',
  type,
  bytes,
  operands: 1,
});
const store = (type: MemoryAccess['type'], bytes: 4 | 8): MemoryAccess => ({
  kind: 'store',
  type,
  bytes,
  operands: 2,
});
const modify = (kind: MemoryAccess['kind'], type: 'i32' | 'i64', operands = 2): MemoryAccess => ({
  kind,
  type,
  bytes: type === 'i32' ? 4 : 8,
  operands,
});

/** By opcode; atomic ones have 0xfe00 added. */
const ACCESS_BY_OPCODE = new Map<number, MemoryAccess>([
  [0x28, load('i32', 4)],
  [0x29, load('i64', 8)],
  [0x2b, load('f64', 8)],
  // The unsigned one only.
  [0x35, load('i64', 4)],
  [0x36, store('i32', 4)],
  [0x37, store('i64', 8)],
  [0x39, store('f64', 8)],
  [0x3e, store('i64', 4)],
  [0xfe10, load('i32', 4)],
  [0xfe11, load('i64', 8)],
  [0xfe17, store('i32', 4)],
  [0xfe18, store('i64', 8)],
  [0xfe1e, modify('add', 'i32')],
  [0xfe1f, modify('add', 'i64')],
  [0xfe25, modify('sub', 'i32')],
  [0xfe26, modify('sub', 'i64')],
  [0xfe41, modify('exchange', 'i32')],
  [0xfe42, modify('exchange', 'i64')],
  [0xfe48, modify('compareExchange', 'i32', 3)],
  [0xfe49, modify('compareExchange', 'i64', 3)],
]);
const ACCESS_OPCODES = [...ACCESS_BY_OPCODE.keys()];
export const ACCESSES: readonly MemoryAccess[] = [...ACCESS_BY_OPCODE.values()];

const F64_UNARY = [0x99, 0x9a];
const UNARY = new Set([0x45, 0x50, 0xa7, 0xac, 0xad, 0xb7, 0xb8, 0xbd, 0xbf, ...F64_UNARY]);
const BINARY = new Set([
  ...range(0x46, 0x4f),
  ...range(0x51, 0x5a),
  ...range(0x61, 0x66),
  0x6a,
  0x6b,
  0x6c,
  ...range(0x71, 0x76),
  0x7c,
  0x7d,
  0x7e,
  ...range(0x83, 0x88),
  ...range(0xa0, 0xa5),
]);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

class Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset);
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  unsigned(): number {
    return Number(BigInt.asUintN(32, this.signed(false)));
  }

  signed(extend = true): bigint {
    let value = 0n;
    for (let shift = 0n; ;) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (!(byte & 128)) return extend && byte & 64 ? value - (1n << shift) : value;
    }
  }

  double(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }

  text(): string {
    const length = this.unsigned();
    this.at += length;
    return Buffer.from(this.#bytes.subarray(this.at - length, this.at)).toString();
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.unsigned() }, read);
  }
}

interface Signature {
  readonly parameters: readonly number[];
  readonly results: number;
}

interface Label {
  readonly kind: 'block' | 'loop' | 'if';
  readonly height: number;
  readonly results: number;
  /** Where to go, known from the beginning only for a loop. */
  readonly start: number;
  /** Places that wait for the address of the end. */
  readonly fixups: number[];
  otherwise: number;
}

const zeroOf = (type: number): number | bigint => (type === 0x7e ? 0n : 0);

class FunctionDecoder {
  readonly #bytes: Bytes;
  readonly #code: number[] = [];
  readonly #constants: (number | bigint)[] = [];
  readonly #labels: Label[] = [];
  #height = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  decode(name: string, { parameters, results }: Signature): WasmFunction {
    const end = this.#bytes.unsigned() + this.#bytes.at;
    const zeros = parameters.map(zeroOf);
    this.#bytes.list(() => {
      const count = this.#bytes.unsigned();
      const zero = zeroOf(this.#bytes.byte());
      for (let index = 0; index < count; index++) zeros.push(zero);
    });
    this.#open('block', results);
    while (this.#bytes.at < end) this.#instruction(name);
    this.#emit(OP.RETURN);
    const code = Int32Array.from(this.#code);
    return {
      name,
      parameters: parameters.length,
      results,
      doubles: new Set(parameters.flatMap((type, index) => (type === 0x7c ? [index] : []))),
      zeros,
      code,
      constants: this.#constants,
      deadLocals: findDeadLocals(code, zeros.length),
    };
  }

  #emit(op: number, a = 0, b = 0): number {
    return this.#code.push(op, a, b) - 3;
  }

  #open(kind: Label['kind'], results: number): void {
    const label = {
      kind,
      height: this.#height,
      results,
      start: this.#code.length / 3,
      fixups: [],
      otherwise: -1,
    };
    this.#labels.push(label);
    if (kind === 'if') label.otherwise = this.#emit(OP.BRANCH_UNLESS, 0, this.#height);
  }

  #branch(forward: number, backward: number): void {
    const depth = this.#bytes.unsigned();
    const label = this.#labels[this.#labels.length - 1 - depth]!;
    if (label.kind === 'loop') this.#emit(backward, label.start, label.height);
    else label.fixups.push(this.#emit(forward, 0, label.height + 65536 * label.results));
  }

  #close(): void {
    const label = this.#labels.pop()!;
    const here = this.#code.length / 3;
    if (label.otherwise >= 0) this.#code[label.otherwise + 1] = here;
    for (const place of label.fixups) this.#code[place + 1] = here;
    this.#height = label.height + label.results;
  }

  #else(): void {
    const label = this.#labels[this.#labels.length - 1]!;
    label.fixups.push(this.#emit(OP.BRANCH, 0, label.height + 65536 * label.results));
    this.#code[label.otherwise + 1] = this.#code.length / 3;
    label.otherwise = -1;
    this.#height = label.height;
  }

  #constant(value: number | bigint): void {
    this.#emit(OP.CONSTANT, this.#constants.push(value) - 1);
    this.#height++;
  }

  #instruction(name: string): void {
    const bytes = this.#bytes;
    let op = bytes.byte();
    if (op === 0xfe) op = 0xfe00 + bytes.unsigned();
    const access = ACCESS_BY_OPCODE.get(op);
    if (access !== undefined) {
      bytes.unsigned();
      this.#emit(OP.ACCESS, ACCESS_OPCODES.indexOf(op), bytes.unsigned());
      this.#height += (access.kind === 'store' ? 0 : 1) - access.operands;
    } else if (op >= 0x02 && op <= 0x04) {
      const results = bytes.byte() === 0x40 ? 0 : 1;
      if (op === 0x04) this.#height--;
      this.#open(op === 0x02 ? 'block' : op === 0x03 ? 'loop' : 'if', results);
    } else if (op === 0x05) this.#else();
    else if (op === 0x0b) this.#close();
    else if (op === 0x0c) this.#branch(OP.BRANCH, OP.BRANCH_BACK);
    else if (op === 0x0d) {
      this.#height--;
      this.#branch(OP.BRANCH_IF, OP.BRANCH_IF_BACK);
    } else if (op === 0x0f) this.#emit(OP.RETURN);
    else if (op === OP.DROP) {
      this.#emit(op);
      this.#height--;
    } else if (op === OP.SELECT) {
      this.#emit(op);
      this.#height -= 2;
    } else if (op >= OP.GET && op <= OP.TEE) {
      this.#emit(op, bytes.unsigned());
      this.#height += op === OP.GET ? 1 : op === OP.SET ? -1 : 0;
    } else if (op === 0x41) this.#constant(Number(bytes.signed()));
    else if (op === 0x42) this.#constant(bytes.signed());
    else if (op === 0x44) this.#constant(bytes.double());
    else if (UNARY.has(op)) this.#emit(op);
    else if (BINARY.has(op)) {
      this.#emit(op);
      this.#height--;
    } else throw new Error(`${name}: instruction 0x${op.toString(16)} is unknown to the interpreter`);
  }
}

/** Backwards data flow, until nothing changes. A dead local must not make two states differ. */
function findDeadLocals(code: Int32Array, locals: number): Map<number, number[]> {
  const count = code.length / 3;
  const live = Array.from({ length: count + 1 }, () => new Set<number>());
  for (let changed = true; changed;) {
    changed = false;
    for (let at = count - 1; at >= 0; at--) {
      const [op, a] = [code[at * 3]!, code[at * 3 + 1]!];
      const jumps = op >= OP.BRANCH && op <= OP.BRANCH_UNLESS;
      const falls = op !== OP.BRANCH && op !== OP.BRANCH_BACK && op !== OP.RETURN;
      const now = new Set([...(falls ? live[at + 1]! : []), ...(jumps ? live[a]! : [])]);
      if (op === OP.SET || op === OP.TEE) now.delete(a);
      if (op === OP.GET) now.add(a);
      if (now.size !== live[at]!.size) changed = true;
      live[at] = now;
    }
  }
  const dead = new Map<number, number[]>();
  for (let at = 0; at < count; at++)
    if (code[at * 3] === OP.ACCESS)
      dead.set(
        at,
        range(0, locals - 1).filter(local => !live[at]!.has(local)),
      );
  return dead;
}

/** The exported functions by name, without those that hash. */
export function decodeModule(binary: Uint8Array): Map<string, WasmFunction> {
  const reader = new Bytes(binary, 8);
  const sections = new Map<number, number>();
  while (reader.at < binary.length) {
    const id = reader.byte();
    const size = reader.unsigned();
    sections.set(id, reader.at);
    reader.at += size;
  }
  const section = (id: number): Bytes => new Bytes(binary, sections.get(id)!);
  const types = section(1);
  const signatures = types.list((): Signature => {
    types.byte();
    return { parameters: types.list(() => types.byte()), results: types.list(() => types.byte()).length };
  });
  const declared = section(3);
  const signatureOf = declared.list(() => signatures[declared.unsigned()]!);
  const exported = section(7);
  const names = new Map<number, string>();
  exported.list(() => {
    const name = exported.text();
    const kind = exported.byte();
    const index = exported.unsigned();
    if (kind === 0) names.set(index, name);
  });
  const bodies = section(10);
  let index = 0;
  const functions = bodies.list(() => {
    const name = names.get(index) ?? `#${index}`;
    const signature = signatureOf[index++]!;
    if (!HASHES.some(hash => hash === name)) return [new FunctionDecoder(bodies).decode(name, signature)];
    const size = bodies.unsigned();
    bodies.at += size;
    return [];
  });
  return new Map(functions.flat().map(found => [found.name, found]));
}
