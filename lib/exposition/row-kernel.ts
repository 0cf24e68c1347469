// The kernel that makes bytes of numbers and label texts, in a private memory of fixed size. Made when a thread first needs
// it. Calls are synchronous, so whoever uses it puts in what it needs and takes out what came of it in one turn.
import { KERNEL_BASE64 } from './kernel-binary.js';
import { MEMORY_PAGES, POWERS, POWERS_FIRST, POWERS_LAST } from './row-layout.js';

/** Addresses are numbers; row-layout.ts says what stands where. */
export interface RowFunctions {
  /** Returns how many bytes it wrote. */
  readonly putNumber: (to: number, value: number) => number;
  /** Returns the end of what it wrote; NEXT_ROW and NEXT_LINE say how far it came. */
  readonly putRows: (
    template: number,
    lines: number,
    labels: number,
    offsets: number,
    data: number,
    width: number,
    rows: number,
    line: number,
    to: number,
    end: number,
  ) => number;
}

export interface RowKernel extends RowFunctions {
  readonly bytes: Buffer;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
}

let kernel: RowKernel | undefined;

/** The one of this thread. */
export function rowKernel(): RowKernel {
  kernel ??= instantiate();
  return kernel;
}

function instantiate(): RowKernel {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const module = new WebAssembly.Module(Buffer.from(KERNEL_BASE64, 'base64'));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const { buffer } = memory;
  putPowers(new DataView(buffer));
  return {
    ...(instance.exports as unknown as RowFunctions),
    bytes: Buffer.from(buffer),
    u32: new Uint32Array(buffer),
    f64: new Float64Array(buffer),
  };
}

/** 10^k as 128 bits whose highest is set, rounded up. In a segment of the binary they would be half of it. */
function putPowers(view: DataView): void {
  for (let k = POWERS_FIRST; k <= POWERS_LAST; k++) {
    const power = 10n ** BigInt(Math.abs(k));
    const bits = BigInt(power.toString(2).length);
    const scaled = k < 0 ? ceilDiv(1n << (bits + 127n), power) : ceilDiv(power << 128n, 1n << bits);
    const at = POWERS + (k - POWERS_FIRST) * 16;
    view.setBigUint64(at, scaled >> 64n, true);
    view.setBigUint64(at + 8, scaled & 0xffff_ffff_ffff_ffffn, true);
  }
}

function ceilDiv(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
