// An answer for who sends it himself: bytes on demand, and an end whatever becomes of who asked. One thread.
import { pipeline, Readable } from 'node:stream';
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
  #isOver = false;
  #running: Readable | undefined;
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

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = this.#chunks;
    this.#chunks = undefined;
    if (chunks === undefined) throw this.#end;
    const running = (this.#running = this.#stream(chunks));
    try {
      for await (const chunk of running) yield chunk as Uint8Array;
    } finally {
      clearTimeout(this.#timer);
      this.#finish();
      running.destroy();
    }
  }

  #stream(chunks: Iterable<Uint8Array>): Readable {
    const text = Readable.from(paced(this.#copiesOf(chunks)), { objectMode: false });
    if (this.#gzipLevel === 0) return text;
    const gzip = createGzip({ level: this.#gzipLevel });
    // Whichever of the two ends early ends the other; who takes the chunks is told by them.
    return pipeline(text, gzip, () => undefined);
  }

  #expire(millis: number): void {
    this.#chunks = undefined;
    this.#end = new MetricStoreError(
      'COLLECT_TIMEOUT',
      `the chunks of an answer were not taken within ${millis} ms (answerTimeoutMillis)`,
    );
    this.#finish();
    this.#running?.destroy(this.#end);
  }

  /** Streams go on for a step after they were told to end. */
  #finish(): void {
    this.#isOver = true;
    this.#release();
  }

  /** What makes the chunks writes the next one into the same memory. */
  *#copiesOf(chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
    for (const chunk of chunks) {
      yield chunk.slice();
      if (this.#isOver) return;
    }
  }
}
