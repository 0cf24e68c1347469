// The texts of series as bytes, in chunks: a million strings would be a million objects that the engine moves about. What is
// dropped leaves a hole; when holes are more than half of it, whoever holds it copies the rest to a new one. One thread.
import { MEBIBYTE } from '../../limits.js';

const CHUNK_BYTES = 262_144;
/** Before each text, its length. */
const HEAD_BYTES = 4;
/** Below this, holes are not worth the copying. */
const HOLES_MIN = MEBIBYTE;

interface Chunk {
  readonly bytes: Buffer;
  /** Of the same bytes: what reads and writes a number by it is nearly nothing, also when nothing was made fast yet. */
  readonly view: DataView;
}

/** Where texts were put in somebody's memory. */
export interface TextPlaces {
  readonly bytes: Buffer;
  /** Of each text the address where it begins and the one where it ends. */
  readonly places: Uint32Array;
}

export class SeriesTexts {
  readonly #chunks: Chunk[] = [];
  #end = CHUNK_BYTES;
  #bytes = 0;
  #holes = 0;

  /** @param write puts the text at an address. Returns where the text stands. */
  put(length: number, write: (into: Buffer, at: number) => void): number {
    const needed = HEAD_BYTES + length;
    if (this.#end + needed > CHUNK_BYTES) {
      this.#chunks.push(chunkOf(Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, needed))));
      this.#end = 0;
    }
    const chunk = this.#chunks.length - 1;
    const { bytes, view } = this.#chunks[chunk] ?? NOTHING;
    const at = this.#end;
    view.setUint32(at, length);
    write(bytes, at + HEAD_BYTES);
    this.#end += needed;
    this.#bytes += needed;
    return chunk * CHUNK_BYTES + at;
  }

  read(place: number): string {
    const { bytes, view } = this.#chunks[Math.floor(place / CHUNK_BYTES)] ?? NOTHING;
    const at = place % CHUNK_BYTES;
    return bytes.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + view.getUint32(at));
  }

  /** Nobody asks for it any more, but who asked for its place before. */
  drop(place: number): void {
    this.#holes += HEAD_BYTES + this.#lengthAt(place);
  }

  get isSparse(): boolean {
    return this.#holes > HOLES_MIN && this.#holes > this.#bytes / 2;
  }

  /** Returns where it stands there. */
  copyTo(other: SeriesTexts, place: number): number {
    const { bytes } = this.#chunks[Math.floor(place / CHUNK_BYTES)] ?? NOTHING;
    const begin = (place % CHUNK_BYTES) + HEAD_BYTES;
    const length = this.#lengthAt(place);
    return other.put(length, (into, at) => into.set(bytes.subarray(begin, begin + length), at));
  }

  /**
   * Copies texts, as many of the first ones as there is room for from `begin` to `end`, and notes where they stand from
   * `index` on in `places`. Returns how many. Those that stand one behind the other here are copied at once.
   *
   * @param placeOf of the text of each rank
   */
  stage(
    placeOf: (rank: number) => number,
    count: number,
    [begin, end]: readonly [number, number],
    { bytes, places }: TextPlaces,
    index: number,
  ): number {
    let [from, to, of] = [0, 0, -1];
    let at = begin;
    const flush = (): void => {
      if (to > from) bytes.set((this.#chunks[of] ?? NOTHING).bytes.subarray(from, to), at - (to - from));
    };
    let rank = 0;
    for (; rank < count; rank++) {
      const place = placeOf(rank);
      const chunk = Math.floor(place / CHUNK_BYTES);
      const offset = place - chunk * CHUNK_BYTES;
      const length = this.#chunks[chunk]?.view.getUint32(offset) ?? 0;
      if (at + HEAD_BYTES + length > end) break;
      if (chunk !== of || offset !== to) {
        flush();
        [from, of] = [offset, chunk];
      }
      places[index + 2 * rank] = at + HEAD_BYTES;
      at += HEAD_BYTES + length;
      to = offset + HEAD_BYTES + length;
      places[index + 2 * rank + 1] = at;
    }
    flush();
    return rank;
  }

  #lengthAt(place: number): number {
    return this.#chunks[Math.floor(place / CHUNK_BYTES)]?.view.getUint32(place % CHUNK_BYTES) ?? 0;
  }
}

function chunkOf(bytes: Buffer): Chunk {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

const NOTHING = chunkOf(Buffer.alloc(HEAD_BYTES));
