// The kernel that makes bytes of numbers and label texts, in a private memory of fixed size. Made when a thread first needs
// it. Calls are synchronous, so whoever uses it puts in what it needs and takes out what came of it in one turn.
import { diag } from '../../guard/guarded-diag.js';
import { KERNEL_BASE64 } from './kernel-binary.js';
import { plainLabels } from './plain-labels.js';
import { plainMessages } from './plain-messages.js';
import { plainRows } from './plain-rows.js';
import type { RowFunctions } from './row-functions.js';
import { MEMORY_PAGES, POWERS, POWERS_FIRST, POWERS_LAST } from './row-layout.js';

export interface RowKernel extends RowFunctions {
  readonly bytes: Buffer;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
}

/** Of WebAssembly. */
const PAGE_BYTES = 65_536;

let kernel: RowKernel | undefined;

/** The one of this thread. */
export function rowKernel(): RowKernel {
  kernel ??= instantiate();
  return kernel;
}

function instantiate(): RowKernel {
  try {
    return compiledKernel();
  } catch (error) {
    diag.warn(
      'There is no room for another WebAssembly memory, so Prometheus text is made by slower means. `node ' +
        '--disable-wasm-trap-handler` needs less address space, as does a higher `ulimit -v`.',
      error,
    );
    return plainKernel();
  }
}

/** Throws where there is no address space for it: 10 GiB for each memory, unless V8 goes without guards. */
export function compiledKernel(): RowKernel {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const module = new WebAssembly.Module(Buffer.from(KERNEL_BASE64, 'base64'));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const views = viewsOf(memory.buffer);
  putPowers(new DataView(memory.buffer));
  return { ...(instance.exports as unknown as RowFunctions), ...views };
}

export function plainKernel(): RowKernel {
  const views = viewsOf(new ArrayBuffer(MEMORY_PAGES * PAGE_BYTES));
  const { bytes, u32, f64 } = views;
  return {
    ...plainRows(bytes, u32, f64),
    ...plainMessages(bytes, u32, f64),
    ...plainLabels(bytes, u32),
    ...views,
  };
}

function viewsOf(buffer: ArrayBufferLike): Pick<RowKernel, 'bytes' | 'u32' | 'f64'> {
  return { bytes: Buffer.from(buffer), u32: new Uint32Array(buffer), f64: new Float64Array(buffer) };
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
