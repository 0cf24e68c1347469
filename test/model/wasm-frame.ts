// One call of a kernel function that can be stopped before every access to memory. A frame is a value: it can be copied,
// compared and continued later, as often as one likes.
import type { UndoMemory } from './undo-memory.js';
import { ACCESSES, OP, type MemoryAccess, type WasmFunction } from './wasm-module.js';

/** Why a frame stands where it stands. `back`: it is about to jump backwards, where V8 may stop a thread for good. */
export type Stop = 'access' | 'back' | 'returned';

type Value = number | bigint;

export class WasmFrame {
  readonly code: WasmFunction;
  /** Locals, then the stack of values. */
  readonly values: Value[];
  at: number;
  stop: Stop;

  private constructor(code: WasmFunction, values: Value[], at: number, stop: Stop) {
    this.code = code;
    this.values = values;
    this.at = at;
    this.stop = stop;
  }

  static call(code: WasmFunction, args: readonly number[]): WasmFrame {
    // JavaScript's numbers become i32 as at WebAssembly's border.
    const values = code.zeros.map((zero, index) =>
      index >= code.parameters ? zero : code.doubles.has(index) ? args[index]! : args[index]! | 0,
    );
    const frame = new WasmFrame(code, values, 0, 'access');
    frame.#run();
    return frame;
  }

  copy(): WasmFrame {
    return new WasmFrame(this.code, this.values.slice(), this.at, this.stop);
  }

  /** The access that comes next. Only while `stop` is access. */
  access(): MemoryAccess {
    return ACCESSES[this.code.code[this.at * 3 + 1]!]!;
  }

  address(): number {
    const base = this.values[this.values.length - this.access().operands] as number;
    return (base >>> 0) + this.code.code[this.at * 3 + 2]!;
  }

  /** Performs the access, or the jump backwards, and goes on to the next stop. */
  step(memory: UndoMemory): void {
    if (this.stop === 'access') {
      const access = this.access();
      const address = this.address();
      const value = access.operands > 1 ? this.values.pop()! : 0;
      const expected = access.operands > 2 ? this.values.pop()! : 0;
      this.values.pop();
      const answer = memory.perform(access, address, value, expected);
      if (answer !== undefined) this.values.push(answer);
      this.at++;
    } else this.#jump();
    this.#run();
  }

  /** The function's answer, undefined if it has none. Only when `stop` is returned. */
  answer(): Value | undefined {
    return this.code.results === 0 ? undefined : this.values.at(-1);
  }

  #jump(): void {
    const { code } = this.code;
    const target = code[this.at * 3 + 2]!;
    const locals = this.code.zeros.length;
    const carried = target >= 65536 ? [this.values[this.values.length - 1]!] : [];
    this.values.length = locals + (target & 65535);
    this.values.push(...carried);
    this.at = code[this.at * 3 + 1]!;
  }

  #run(): void {
    const { code, constants } = this.code;
    const { values } = this;
    for (;;) {
      const op = code[this.at * 3]!;
      const a = code[this.at * 3 + 1]!;
      switch (op) {
        case OP.GET:
          values.push(values[a]!);
          break;
        case OP.SET:
          values[a] = values.pop()!;
          break;
        case OP.TEE:
          values[a] = values[values.length - 1]!;
          break;
        case OP.CONSTANT:
          values.push(constants[a]!);
          break;
        case OP.ACCESS:
          for (const local of this.code.deadLocals.get(this.at)!) values[local] = 0;
          this.stop = 'access';
          return;
        case OP.BRANCH:
          this.#jump();
          continue;
        case OP.BRANCH_BACK:
          this.stop = 'back';
          return;
        case OP.BRANCH_IF:
          if (values.pop() === 0) break;
          this.#jump();
          continue;
        case OP.BRANCH_IF_BACK:
          if (values.pop() === 0) break;
          this.stop = 'back';
          return;
        case OP.BRANCH_UNLESS:
          if (values.pop() !== 0) break;
          this.at = a;
          continue;
        case OP.RETURN:
          this.stop = 'returned';
          return;
        case OP.DROP:
          values.pop();
          break;
        case OP.SELECT: {
          const condition = values.pop();
          const otherwise = values.pop()!;
          if (condition === 0) values[values.length - 1] = otherwise;
          break;
        }
        default:
          compute(op, values);
      }
      this.at++;
    }
  }
}

const scratch = new Float64Array(1);
const bits = new BigInt64Array(scratch.buffer);

function compute(op: number, values: Value[]): void {
  const right = values.pop()!;
  const unary = computeUnary(op, right);
  if (unary !== undefined) values.push(unary);
  else {
    const left = values.pop()!;
    values.push(
      typeof left === 'bigint'
        ? computeI64(op, left, right as bigint)
        : op >= 0x61 && (op <= 0x66 || op >= 0xa0)
          ? computeF64(op, left, right as number)
          : computeI32(op, left, right as number),
    );
  }
}

function computeUnary(op: number, value: Value): Value | undefined {
  switch (op) {
    case 0x45:
      return value === 0 ? 1 : 0;
    case 0x50:
      return value === 0n ? 1 : 0;
    case 0x99:
      return Math.abs(value as number);
    case 0x9a:
      return -(value as number);
    case 0xa7:
      return Number(BigInt.asIntN(32, value as bigint));
    case 0xac:
      return BigInt(value);
    case 0xad:
      return BigInt((value as number) >>> 0);
    case 0xb7:
      return value;
    case 0xb8:
      return (value as number) >>> 0;
    case 0xbd:
      scratch[0] = value as number;
      return bits[0]!;
    case 0xbf:
      bits[0] = value as bigint;
      return scratch[0]!;
    default:
      return undefined;
  }
}

function computeI32(op: number, left: number, right: number): number {
  switch (op) {
    case 0x46:
      return Number(left === right);
    case 0x47:
      return Number(left !== right);
    case 0x48:
      return Number(left < right);
    case 0x49:
      return Number(left >>> 0 < right >>> 0);
    case 0x4a:
      return Number(left > right);
    case 0x4b:
      return Number(left >>> 0 > right >>> 0);
    case 0x4c:
      return Number(left <= right);
    case 0x4d:
      return Number(left >>> 0 <= right >>> 0);
    case 0x4e:
      return Number(left >= right);
    case 0x4f:
      return Number(left >>> 0 >= right >>> 0);
    case 0x6a:
      return (left + right) | 0;
    case 0x6b:
      return (left - right) | 0;
    case 0x6c:
      return Math.imul(left, right);
    case 0x71:
      return left & right;
    case 0x72:
      return left | right;
    case 0x73:
      return left ^ right;
    case 0x74:
      return left << right;
    case 0x75:
      return left >> right;
    case 0x76:
      return (left >>> right) | 0;
    default:
      throw new Error(`i32 instruction 0x${op.toString(16)}`);
  }
}

const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

function computeI64(op: number, left: bigint, right: bigint): Value {
  switch (op) {
    case 0x51:
      return Number(left === right);
    case 0x52:
      return Number(left !== right);
    case 0x53:
      return Number(left < right);
    case 0x54:
      return Number(unsigned(left) < unsigned(right));
    case 0x55:
      return Number(left > right);
    case 0x56:
      return Number(unsigned(left) > unsigned(right));
    case 0x57:
      return Number(left <= right);
    case 0x58:
      return Number(unsigned(left) <= unsigned(right));
    case 0x59:
      return Number(left >= right);
    case 0x5a:
      return Number(unsigned(left) >= unsigned(right));
    case 0x7c:
      return wrap(left + right);
    case 0x7d:
      return wrap(left - right);
    case 0x7e:
      return wrap(left * right);
    case 0x83:
      return left & right;
    case 0x84:
      return left | right;
    case 0x85:
      return left ^ right;
    case 0x86:
      return wrap(left << (unsigned(right) & 63n));
    case 0x87:
      return left >> (unsigned(right) & 63n);
    case 0x88:
      return wrap(unsigned(left) >> (unsigned(right) & 63n));
    default:
      throw new Error(`i64 instruction 0x${op.toString(16)}`);
  }
}

function computeF64(op: number, left: number, right: number): number {
  switch (op) {
    case 0x61:
      return Number(left === right);
    case 0x62:
      return Number(left !== right);
    case 0x63:
      return Number(left < right);
    case 0x64:
      return Number(left > right);
    case 0x65:
      return Number(left <= right);
    case 0x66:
      return Number(left >= right);
    case 0xa0:
      return left + right;
    case 0xa1:
      return left - right;
    case 0xa2:
      return left * right;
    case 0xa3:
      return left / right;
    case 0xa4:
      return Math.min(left, right);
    case 0xa5:
      return Math.max(left, right);
    default:
      throw new Error(`f64 instruction 0x${op.toString(16)}`);
  }
}
