/*
 * The memory of one store: created once, attached by any thread. It never grows, because views that threads cached would
 * keep the old length.
 */
import { MetricStoreError } from '../errors.js';
import { MEBIBYTE, PAGE_BYTES } from '../limits.js';
import { instantiateKernel, requireWebAssembly, type Kernel, type SharedMemory } from './kernel.js';
import {
  computeLayout,
  FORMAT_VERSION,
  MAGIC_VALUE,
  writeHeader,
  type Layout,
  type LayoutRequest,
} from './layout.js';
import * as words from './words.js';

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
  writeHeader(buffer, layout);
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
 * @throws MetricStoreError HANDLE_CROSSED_PROCESS when the memory did not survive the way here, LAYOUT_MISMATCH when
 * another version of this package made it, WEBASSEMBLY_UNAVAILABLE
 */
export function attachRegion(memory: unknown, request: LayoutRequest): Region {
  requireWebAssembly();
  const buffer = bufferOf(memory);
  if (buffer === undefined || !(Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'))
    throw new MetricStoreError(
      'HANDLE_CROSSED_PROCESS',
      'this store handle has lost its memory: a store is shared by the threads of one process (workerData, postMessage to a Worker), ' +
        'not by processes; give each process a store of its own',
    );
  const header = new Uint32Array(buffer, 0, 2);
  const [magic, format] = [header[words.MAGIC / 4], header[words.FORMAT / 4]];
  const layout = computeLayout(request);
  if (magic !== MAGIC_VALUE || format !== FORMAT_VERSION || buffer.byteLength !== layout.pages * PAGE_BYTES)
    throw new MetricStoreError(
      'LAYOUT_MISMATCH',
      `this memory has magic ${magic}, format ${format} and ${buffer.byteLength} bytes; this version of otel-argo-metrics expects ` +
        `${MAGIC_VALUE}, ${FORMAT_VERSION} and ${layout.pages * PAGE_BYTES}: use one version of the package in all threads`,
    );
  return viewRegion(memory as SharedMemory, buffer, layout);
}

function bufferOf(memory: unknown): SharedArrayBuffer | undefined {
  return typeof memory === 'object' && memory !== null && 'buffer' in memory
    ? (memory.buffer as SharedArrayBuffer)
    : undefined;
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
