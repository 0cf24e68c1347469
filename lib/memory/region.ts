// The memory of one store: created once, attached by any thread. It never grows, because views that threads cached would
// keep the old length.
import { randomBytes } from 'node:crypto';
import { MetricStoreError } from '../errors.js';
import { MEBIBYTE, PAGE_BYTES } from '../limits.js';
import { instantiateKernel, requireWebAssembly, type Kernel, type SharedMemory } from './kernel.js';
import { computeLayout, findForeignWord, writeHeader, type Layout, type LayoutRequest } from './layout.js';
import { SECRET_BYTES } from './words.js';

/** A store's memory as one thread sees it. */
export interface Region {
  readonly memory: SharedMemory;
  readonly layout: Layout;
  readonly kernel: Kernel;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly i64: BigInt64Array;
  readonly f64: Float64Array;
  readonly bytes: Uint8Array;
}

/** @throws MetricStoreError BUDGET_TOO_SMALL, MEMORY_UNAVAILABLE, WEBASSEMBLY_UNAVAILABLE */
export function createRegion(request: LayoutRequest): Region {
  requireWebAssembly();
  const layout = computeLayout(request);
  const memory = allocate(layout.pages);
  const buffer = memory.buffer as SharedArrayBuffer;
  writeHeader(buffer, layout, randomBytes(SECRET_BYTES));
  return viewRegion(memory, buffer, layout);
}

function allocate(pages: number): SharedMemory {
  try {
    return memoryOf(pages);
  } catch (error) {
    throw new MetricStoreError(
      'MEMORY_UNAVAILABLE',
      `the operating system refused ${Math.ceil((pages * PAGE_BYTES) / MEBIBYTE)} MiB of shared memory${adviceFor(pages)}`,
      { cause: error },
    );
  }
}

function memoryOf(pages: number): SharedMemory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/**
 * What helps. Older versions of Node reserve address space for each memory, whatever its size, so that a smaller one is
 * refused just as well; newer ones do without where there is a limit. One page tells.
 */
function adviceFor(pages: number): string {
  try {
    if (pages > 1) memoryOf(1);
  } catch {
    return (
      '. V8 reserves about 10 GiB of address space for a WebAssembly memory of any size: start `node ' +
      '--disable-wasm-trap-handler`, which needs none of it, or raise the limit of address space (`ulimit -v unlimited`)'
    );
  }
  return ': lower maxBytes, or raise the limit of address space (`ulimit -v unlimited`)';
}

/**
 * Looks at a memory that somebody hands over before anything is made of it: who forged it, or changed the constants of its
 * header, gets an error and no store whose addresses lead elsewhere.
 *
 * @throws MetricStoreError HANDLE_CROSSED_PROCESS when the memory did not survive the way here, NOT_A_STORE_HANDLE when it
 * is something else, NOT_SHARED when it cannot be shared, LAYOUT_MISMATCH when another version of this package made it,
 * WEBASSEMBLY_UNAVAILABLE
 */
export function attachRegion(memory: unknown, request: LayoutRequest): Region {
  requireWebAssembly();
  const buffer = sharedBufferOf(memory);
  const layout = layoutOf(request);
  const bytes = layout.pages * PAGE_BYTES;
  if (buffer.byteLength !== bytes)
    throw mismatch(`this memory has ${buffer.byteLength} bytes, its options need ${bytes}`);
  const foreign = findForeignWord(buffer, layout);
  if (foreign !== undefined) throw mismatch(`this memory has ${foreign}`);
  return viewRegion(memory as SharedMemory, buffer, layout);
}

function layoutOf(request: LayoutRequest): Layout {
  try {
    return computeLayout(request);
  } catch (error) {
    throw mismatch('the options of this store handle do not fit into its budget', error);
  }
}

function mismatch(what: string, cause?: unknown): MetricStoreError {
  return new MetricStoreError(
    'LAYOUT_MISMATCH',
    `${what}: use one version of otel-argo-metrics in all threads`,
    cause === undefined ? undefined : { cause },
  );
}

function sharedBufferOf(memory: unknown): SharedArrayBuffer {
  const buffer = bufferOf(memory);
  if (buffer === undefined)
    throw isNothing(memory)
      ? new MetricStoreError(
          'HANDLE_CROSSED_PROCESS',
          'this store handle has lost its memory: a store is shared by the threads of one process (workerData, postMessage to a Worker), ' +
            'not by processes; give each process a store of its own',
        )
      : new MetricStoreError(
          'NOT_A_STORE_HANDLE',
          'expected the handle of a store (store.handle), got one whose memory is not a WebAssembly.Memory',
        );
  if (Object.prototype.toString.call(buffer) !== '[object SharedArrayBuffer]')
    throw new MetricStoreError('NOT_SHARED', 'the memory of this store handle is not shared between threads');
  return buffer as SharedArrayBuffer;
}

/** Of a `WebAssembly.Memory` of any realm, and of nothing that only looks like one. */
function bufferOf(memory: unknown): ArrayBufferLike | undefined {
  const property = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'buffer');
  try {
    return property?.get?.call(memory) as ArrayBufferLike | undefined;
  } catch {
    return undefined;
  }
}

/** What JSON leaves of a memory. */
function isNothing(memory: unknown): boolean {
  if (memory === undefined || memory === null) return true;
  if (typeof memory !== 'object') return false;
  try {
    const isPlain = Object.prototype.toString.call(memory) === '[object Object]';
    return isPlain && Object.keys(memory).length === 0 && !('buffer' in memory);
  } catch {
    return false; // A proxy that does not want to be looked at.
  }
}

function viewRegion(memory: SharedMemory, buffer: SharedArrayBuffer, layout: Layout): Region {
  return {
    memory,
    layout,
    kernel: instantiateKernel(memory),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    i64: new BigInt64Array(buffer),
    f64: new Float64Array(buffer),
    bytes: new Uint8Array(buffer),
  };
}
