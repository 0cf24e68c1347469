// An answer for who sends it himself: bytes on demand, and an end whatever becomes of who asked. One thread.
import { pipeline, Readable, type Duplex } from 'node:stream';
import { createGzip } from 'node:zlib';
import { MetricStoreError } from '../errors.js';
import { unref } from '../guard/deadline.js';
import { paced } from './paced.js';

export interface PrometheusBodyOptions {
  /** 0: not compressed. */
  readonly gzipLevel: number;
  /** From now until all is taken; then a collection is not held any longer. */
  readonly answerTimeoutMillis: number;
}

/** Made while it is taken, once. Each chunk is its taker's to keep. */
export class PrometheusBody implements AsyncIterable<Uint8Array> {
  readonly #gzipLevel: number;
  readonly #timer: NodeJS.Timeout;
  readonly #release: () => void;
  #chunks: Iterable<Uint8Array> | undefined;
  #isExpired = false;
  #copies: Generator<Uint8Array, void, undefined> | undefined;
  #compressing: Duplex | undefined;
  #end = new MetricStoreError('COLLECT_TIMEOUT', 'the chunks of an answer are taken once: collect again');

  /** @param release says that the chunks are not read any more */
  constructor(
    chunks: Iterable<Uint8Array>,
    release: () => void,
    { gzipLevel, answerTimeoutMillis }: PrometheusBodyOptions,
  ) {
    this.#chunks = chunks;
    this.#release = release;
    this.#gzipLevel = gzipLevel;
    this.#timer = setTimeout(() => this.#expire(answerTimeoutMillis), answerTimeoutMillis);
    unref(this.#timer);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array, void, undefined> {
    const steps = this.#steps();
    let hasBegun = false;
    return {
      next: () => {
        hasBegun = true;
        return steps.next();
      },
      return: () => {
        // A generator that has not begun runs nothing of its own when it is ended.
        if (!hasBegun && this.#chunks !== undefined) this.#close();
        return steps.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#steps(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#chunks === undefined) throw this.#end;
    const copies = this.#copiesOf(this.#chunks);
    this.#chunks = undefined;
    this.#copies = copies;
    try {
      if (this.#gzipLevel === 0) yield* paced(copies);
      else yield* this.#compressed(copies);
    } finally {
      this.#close();
    }
    if (this.#isExpired) throw this.#end;
  }

  async *#compressed(copies: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    const text = Readable.from(paced(copies), { objectMode: false });
    // Whichever of the two ends early ends the other; who takes the chunks is told by them.
    const gzip = pipeline(text, createGzip({ level: this.#gzipLevel }), () => undefined);
    this.#compressing = gzip;
    try {
      // A copy: gzip goes on writing behind each piece, into memory that its taker may give to another thread.
      for await (const chunk of gzip) yield new Uint8Array(chunk as Uint8Array);
    } finally {
      gzip.destroy();
    }
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#chunks = undefined;
    this.#finish();
  }

  #expire(millis: number): void {
    this.#chunks = undefined;
    this.#isExpired = true;
    this.#end = new MetricStoreError(
      'COLLECT_TIMEOUT',
      `the chunks of an answer were not taken within ${millis} ms (answerTimeoutMillis)`,
    );
    this.#finish();
    this.#compressing?.destroy(this.#end);
  }

  /** Streams go on for a step after they were told to end: they find that there is no more. */
  #finish(): void {
    this.#copies?.return();
    this.#release();
  }

  /** What makes the chunks writes the next one into the same memory. A slice of a Buffer would be no copy. */
  *#copiesOf(chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
    for (const chunk of chunks) yield new Uint8Array(chunk);
  }
}
