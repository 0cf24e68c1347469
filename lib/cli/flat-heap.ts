import { setFlagsFromString } from 'node:v8';

/**
 * For a process that runs for months and beside others: from now on V8 collects a little and often, so its heap takes about the
 * same all the time. Of the process, not of this thread.
 */
export function keepHeapFlat(): void {
  // V8 lets a heap grow to as much as four times of what is alive in it, by how fast it was of late: twice is enough.
  setFlagsFromString('--heap-growing-percent=100');
  // A buffer that was read into is freed when the young objects are collected, and counts for the whole heap until then. A young
  // generation that grew is collected so seldom that these buffers make V8 collect the whole heap, again and again.
  setFlagsFromString('--semi-space-growth-factor=1');
}
