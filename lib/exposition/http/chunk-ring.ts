// Buffers that an answer is sent from. Chunks are made in memory that is used again at once, and a socket or gzip takes its
// time: so each chunk is copied into one of a few buffers of its answer, and making goes on when there is one. What a slow
// client holds is these few. They are used again by other answers: memory of this size that is new each time comes from
// the operating system each time, which holds up all threads of the process.
import { OUT_BYTES } from '../rows/row-layout.js';

/** One that is filled, one that gzip works on, and two that wait for the socket. */
const BUFFERS_MAX = 4;
/** Kept for the next answers of this thread. */
const SPARE_MAX = 8;

const spare: Buffer[] = [];

/** A copy of a chunk. */
export interface HeldChunk {
  readonly bytes: Buffer;
  /** To be called once when the bytes were read to the end, or never will be. */
  readonly done: (error?: unknown) => void;
}

export class ChunkRing {
  #underWay = 0;
  #isClosed = false;
  #wake: () => void = () => undefined;
  readonly #moved: () => void;

  /** @param moved is told of each chunk that is held, and of each that was read */
  constructor(moved: () => void = () => undefined) {
    this.#moved = moved;
  }

  /** Waits until a chunk may be held. Whether one may: not after `close`. */
  async hasRoom(): Promise<boolean> {
    while (this.#underWay >= BUFFERS_MAX && !this.#isClosed)
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    return !this.#isClosed;
  }

  /** @param chunk OUT_BYTES at most */
  hold(chunk: Uint8Array): HeldChunk {
    const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(OUT_BYTES);
    buffer.set(chunk);
    this.#underWay++;
    this.#moved();
    return {
      bytes: buffer.subarray(0, chunk.length),
      done: error => {
        this.#underWay--;
        this.#moved();
        // What was cut off may still be read by the system for a moment: such a buffer is left to the garbage collector.
        if (!(error instanceof Error) && !this.#isClosed && spare.length < SPARE_MAX) spare.push(buffer);
        this.#wake();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }
}
