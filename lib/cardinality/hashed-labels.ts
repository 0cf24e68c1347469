// One set of labels as hashes: of each label 64 bits, of the set their sum, so that the set without one of its labels is
// known without a second look. Two words of 32 bits each, because a sum of doubles loses its lower bits beyond 2^53. Not
// keyed: who makes labels on purpose that collide makes a wrong count, and nothing else.

const KEY_LOW = 0x811c9dc5;
const KEY_HIGH = 0x9747b28c;
const GROWTH = 2;

export class HashedLabels {
  /** Labels of the set. What stands at one index in the arrays belongs together. */
  length = 0;
  keyLow = new Int32Array(16);
  keyHigh = new Int32Array(16);
  low = new Int32Array(16);
  high = new Int32Array(16);
  /** Where the texts stand: begin and end of the key, begin and end of the value. */
  places = new Int32Array(4 * 16);
  /** Of the whole set. */
  sumLow = 0;
  sumHigh = 0;

  #low = 0;
  #high = 0;

  clear(): void {
    this.length = 0;
    this.sumLow = 0;
    this.sumHigh = 0;
  }

  /** Adds a label of which key and value stand in `bytes`, each from one index to another. */
  add(bytes: Uint8Array, keyFrom: number, keyTo: number, valueFrom: number, valueTo: number): void {
    const index = this.length++;
    if (index >= this.low.length) this.#grow();
    this.#hash(bytes, keyFrom, keyTo, KEY_LOW, KEY_HIGH);
    this.keyLow[index] = this.#low;
    this.keyHigh[index] = this.#high;
    this.#hash(bytes, valueFrom, valueTo, this.#low, this.#high);
    this.low[index] = this.#low;
    this.high[index] = this.#high;
    this.sumLow = (this.sumLow + this.#low) | 0;
    this.sumHigh = (this.sumHigh + this.#high) | 0;
    const { places } = this;
    places[4 * index] = keyFrom;
    places[4 * index + 1] = keyTo;
    places[4 * index + 2] = valueFrom;
    places[4 * index + 3] = valueTo;
  }

  /** Takes a label out of the set; the last one has its index from now on. */
  remove(index: number): void {
    const { keyLow, keyHigh, low, high, places } = this;
    this.sumLow = (this.sumLow - (low[index] ?? 0)) | 0;
    this.sumHigh = (this.sumHigh - (high[index] ?? 0)) | 0;
    const last = --this.length;
    for (const words of [keyLow, keyHigh, low, high]) words[index] = words[last] ?? 0;
    places.copyWithin(4 * index, 4 * last, 4 * last + 4);
  }

  #hash(bytes: Uint8Array, from: number, to: number, seedLow: number, seedHigh: number): void {
    let low = seedLow;
    let high = seedHigh;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      low = Math.imul(low ^ byte, 0x01000193);
      high = Math.imul((high << 13) | (high >>> 19), 0x5bd1e995) ^ byte;
    }
    this.#low = mixedLow(low, high ^ (to - from));
    this.#high = mixedHigh(this.#low, high);
  }

  #grow(): void {
    const grown = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(GROWTH * array.length);
      larger.set(array);
      return larger;
    };
    this.keyLow = grown(this.keyLow);
    this.keyHigh = grown(this.keyHigh);
    this.low = grown(this.low);
    this.high = grown(this.high);
    this.places = grown(this.places);
  }
}

/** Of two words the first one of a hash; the second one is `mixedHigh` of this. */
export function mixedLow(low: number, high: number): number {
  let mixed = low ^ Math.imul(high, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

export function mixedHigh(mixed: number, high: number): number {
  let other = high ^ Math.imul(mixed, 0x27d4eb2f);
  other = Math.imul(other ^ (other >>> 15), 0x2c1b3c6d);
  other = Math.imul(other ^ (other >>> 12), 0x297a2d39);
  return other ^ (other >>> 15);
}
