/** What an object of a stream was written as, or how long it was when that is too long. */
export type ReadBytes = { readonly bytes: Buffer } | { readonly skippedBytes: number };

const ROOM_MIN = 4096;
/** More room than that is not kept for the next one. */
const ROOM_KEPT_MAX = 1024 * 1024;

/**
 * Bytes that come in pieces, up to so many: of more only the number is kept. Pieces are copied, because each is a view of a
 * larger one, and there may be one for every byte.
 */
export class BoundedBytes {
  readonly #bytesMax: number;
  #room = Buffer.alloc(ROOM_MIN);
  #byteLength = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  push(piece: Uint8Array): void {
    const length = this.#byteLength;
    this.#byteLength += piece.length;
    if (this.#byteLength > this.#bytesMax) {
      if (length <= this.#bytesMax) this.#room = Buffer.alloc(ROOM_MIN);
      return;
    }
    if (this.#byteLength > this.#room.length) {
      const larger = Buffer.alloc(
        Math.max(this.#byteLength, Math.min(this.#bytesMax, 2 * this.#room.length)),
      );
      this.#room.copy(larger, 0, 0, length);
      this.#room = larger;
    }
    this.#room.set(piece, length);
  }

  /** What came since the last time. The bytes are those of this place: they change with the next push. */
  take(): ReadBytes {
    const byteLength = this.#byteLength;
    this.#byteLength = 0;
    if (byteLength > this.#bytesMax) return { skippedBytes: byteLength };
    const bytes = this.#room.subarray(0, byteLength);
    if (this.#room.length > ROOM_KEPT_MAX) this.#room = Buffer.alloc(ROOM_MIN);
    return { bytes };
  }
}
