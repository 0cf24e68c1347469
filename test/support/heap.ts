import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of the heap that are still in use after a full collection. */
export function usedHeapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Bytes of buffers outside of the heap that are still in use after a full collection. */
export function usedBufferBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}
