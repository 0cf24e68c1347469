// Bytes by key, in blocks outside of the heap: a hundred thousand small records cost their bytes and eight more each, and a
// collection of garbage does not walk through them.
//
// A record: the length of its key, or 0 for a UUID in 16 bytes, or DEAD; how many bytes follow; the key; the body. Nothing of
// a block is ever moved but by `#compact`, which keeps the order.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_BYTES = 16;
const UUID_DASHES = [8, 13, 18, 23];

const KEY_BYTES_MAX = 254;
const TEXT = /^[\x20-\x7e]{1,254}$/;
const DEAD = 255;
/** The first byte, and a length of 24 bits. */
const LENGTH_BYTES = 3;
const HEAD_BYTES = 1 + LENGTH_BYTES;
const LENGTH_MAX = 2 ** (8 * LENGTH_BYTES) - 1;

/** A place is the number of a block and an offset in it: 20 of 32 bits. What is longer has a block of its own. */
const OFFSET_BITS = 20;
const BLOCK_BYTES = 2 ** OFFSET_BITS;
const BLOCKS_MAX = 2 ** (32 - OFFSET_BITS) - 1;

const EMPTY = 0;
/** Of the table: there was one. No place is so high. */
const GONE = 2 ** 32 - 1;
const FIRST_SLOTS = 256;

interface Block {
  bytes: Buffer;
  /** What stands before it is dead. */
  begin: number;
  used: number;
  live: number;
}

interface Place {
  readonly block: Block;
  readonly offset: number;
}

export class KeyedRecords {
  /** By number. */
  readonly #blocks: (Block | undefined)[] = [];
  /** Numbers of blocks, the oldest first. Into the last one is written. */
  #order: number[] = [];
  /** Places, one higher, by the hash of the key. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #taken = 0;
  #size = 0;
  readonly #key = Buffer.alloc(KEY_BYTES_MAX);

  get size(): number {
    return this.#size;
  }

  /** Of all blocks, what is free or dead in them included. */
  get bytes(): number {
    return this.#order.reduce((sum, number) => sum + this.#blockAt(number).bytes.length, 0);
  }

  /** The body, to be read at once. */
  get(key: string): Buffer | undefined {
    const slot = this.#slotOf(this.#writeKey(key));
    if (slot === undefined) return undefined;
    return bodyOf(this.#placeIn(slot));
  }

  /** The newest one from now on. False, and it is not there, if the key is no such text or there is no room. */
  set(key: string, body: Uint8Array): boolean {
    this.delete(key);
    const keyBytes = this.#writeKey(key);
    const bytes = HEAD_BYTES + (keyBytes || UUID_BYTES) + body.length;
    if (keyBytes === undefined || bytes - HEAD_BYTES > LENGTH_MAX) return false;
    const last = this.#order.at(-1);
    const number = this.#blockFor(bytes);
    if (number === undefined) return false;
    const block = this.#blockAt(number);
    const offset = block.used;
    block.bytes[offset] = keyBytes;
    block.bytes.writeUIntLE(bytes - HEAD_BYTES, offset + 1, LENGTH_BYTES);
    this.#key.copy(block.bytes, offset + HEAD_BYTES, 0, keyBytes || UUID_BYTES);
    block.bytes.set(body, offset + bytes - body.length);
    block.used += bytes;
    block.live += bytes;
    this.#enter(number, offset);
    // What is dead in the one before may be most of it, and perhaps nothing more is ever deleted there.
    if (last !== undefined && last !== number) this.#tidy(last);
    return true;
  }

  delete(key: string): boolean {
    return this.#delete(this.#writeKey(key));
  }

  /** The oldest first. What is deleted meanwhile may come or not; nothing may be set. */
  *keys(): Generator<string, void, undefined> {
    for (const number of this.#order) {
      const block = this.#blockAt(number);
      for (const offset of offsetsIn(block))
        if (block.bytes[offset] !== DEAD) yield keyAt(block.bytes, offset);
    }
  }

  /** All records as bytes for `take`, the oldest first. */
  *pieces(): Generator<Buffer, void, undefined> {
    for (const number of [...this.#order]) {
      const block = this.#blockAt(number);
      if (block.live < block.used) this.#compact(number);
      if (block.used > 0) yield block.bytes.subarray(0, block.used);
    }
  }

  /**
   * Takes what another one gave, which belongs to this one from now on. Keys must be new.
   *
   * @throws RangeError for what is no such piece
   */
  take(piece: Buffer): void {
    const block = { bytes: piece, begin: 0, used: piece.length, live: piece.length };
    let records = 0;
    let last = 0;
    let end = 0;
    for (const offset of offsetsIn(block)) {
      records++;
      last = offset;
      end = endOf(piece, offset);
      if (piece[offset] === DEAD) throw new RangeError('a record of a piece is dead');
    }
    if (end !== piece.length || last >= BLOCK_BYTES) throw new RangeError('this is no piece of records');
    const number = this.#addBlock(block);
    if (number === undefined) throw new RangeError('there is no room for more records');
    this.#grow(records);
    for (const offset of offsetsIn(block)) this.#enter(number, offset);
  }

  /** Its length, 0 for a UUID; undefined for one that is too long, or has other characters than ASCII has. */
  #writeKey(key: string): number | undefined {
    if (UUID.test(key)) {
      this.#key.write(key.replaceAll('-', ''), 'hex');
      return 0;
    }
    return TEXT.test(key) ? this.#key.write(key, 'latin1') : undefined;
  }

  #blockFor(bytes: number): number | undefined {
    const last = this.#order.at(-1);
    const block = last === undefined ? undefined : this.#blockAt(last);
    if (block !== undefined && block.used + bytes <= block.bytes.length) return last;
    const fresh = Buffer.allocUnsafeSlow(Math.max(bytes, BLOCK_BYTES));
    return this.#addBlock({ bytes: fresh, begin: 0, used: 0, live: 0 });
  }

  #addBlock(block: Block): number | undefined {
    const free = this.#order.length < this.#blocks.length ? this.#blocks.indexOf(undefined) : -1;
    const number = free === -1 ? this.#blocks.length : free;
    if (number >= BLOCKS_MAX) return undefined;
    this.#blocks[number] = block;
    this.#order.push(number);
    return number;
  }

  #blockAt(number: number): Block {
    return this.#blocks[number] as Block;
  }

  #placeIn(slot: number): Place {
    const place = (this.#slots[slot] as number) - 1;
    return { block: this.#blockAt(place >>> OFFSET_BITS), offset: place & (BLOCK_BYTES - 1) };
  }

  #delete(keyBytes: number | undefined): boolean {
    const slot = this.#slotOf(keyBytes);
    if (slot === undefined) return false;
    const number = ((this.#slots[slot] as number) - 1) >>> OFFSET_BITS;
    const { block, offset } = this.#placeIn(slot);
    block.live -= endOf(block.bytes, offset) - offset;
    block.bytes[offset] = DEAD;
    // Most go in the order in which they came: whoever wants the oldest one must not walk through all of those each time.
    while (block.begin < block.used && block.bytes[block.begin] === DEAD)
      block.begin = endOf(block.bytes, block.begin);
    this.#slots[slot] = GONE;
    this.#size--;
    this.#tidy(number);
    return true;
  }

  #tidy(number: number): void {
    const block = this.#blockAt(number);
    const isLast = number === this.#order.at(-1);
    // Places end where a block of the usual size ends: a larger one is for its one record.
    if (block.live === 0 && isLast && block.bytes.length <= BLOCK_BYTES) block.begin = block.used = 0;
    else if (block.live === 0) this.#drop(number);
    else if (!isLast && block.live * 2 < block.used) this.#compact(number);
  }

  #drop(number: number): void {
    this.#blocks[number] = undefined;
    this.#order = this.#order.filter(other => other !== number);
  }

  /** Without what is dead, in the same order. */
  #compact(number: number): void {
    const block = this.#blockAt(number);
    const { bytes } = block;
    const isLast = number === this.#order.at(-1);
    const kept = Buffer.allocUnsafeSlow(isLast ? bytes.length : block.live);
    let used = 0;
    for (const offset of offsetsIn(block)) {
      if (bytes[offset] === DEAD) continue;
      const slot = this.#slotOfRecord(bytes, offset);
      bytes.copy(kept, used, offset, endOf(bytes, offset));
      this.#slots[slot] = placeOf(number, used);
      used += endOf(bytes, offset) - offset;
    }
    block.bytes = kept;
    block.begin = 0;
    block.used = used;
  }

  #enter(number: number, offset: number): void {
    this.#grow(1);
    this.#size++;
    this.#put(number, offset);
  }

  #put(number: number, offset: number): void {
    const { bytes } = this.#blockAt(number);
    const mask = this.#slots.length - 1;
    let slot = hashAt(bytes, offset) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = placeOf(number, offset);
    this.#taken++;
  }

  /** For so many more, a quarter of the table stays empty. */
  #grow(records: number): void {
    if ((this.#taken + records) * 4 <= this.#slots.length * 3) return;
    let length = FIRST_SLOTS;
    while (length * 3 < (this.#size + records) * 4 + 4) length *= 2;
    const places = this.#slots.filter(place => place !== EMPTY && place !== GONE);
    this.#slots = new Uint32Array(length);
    this.#taken = 0;
    for (const place of places) this.#put((place - 1) >>> OFFSET_BITS, (place - 1) & (BLOCK_BYTES - 1));
  }

  #slotOf(keyBytes: number | undefined): number | undefined {
    if (keyBytes === undefined || this.#size === 0) return undefined;
    const length = keyBytes || UUID_BYTES;
    const mask = this.#slots.length - 1;
    for (
      let slot = hashOf(this.#key, 0, length) & mask;
      this.#slots[slot] !== EMPTY;
      slot = (slot + 1) & mask
    ) {
      if (this.#slots[slot] === GONE) continue;
      const { block, offset } = this.#placeIn(slot);
      const begin = offset + HEAD_BYTES;
      if (
        block.bytes[offset] === keyBytes &&
        this.#key.compare(block.bytes, begin, begin + length, 0, length) === 0
      )
        return slot;
    }
    return undefined;
  }

  #slotOfRecord(bytes: Buffer, offset: number): number {
    const keyBytes = bytes[offset] as number;
    bytes.copy(this.#key, 0, offset + HEAD_BYTES, offset + HEAD_BYTES + (keyBytes || UUID_BYTES));
    return this.#slotOf(keyBytes) as number;
  }
}

function placeOf(number: number, offset: number): number {
  return number * BLOCK_BYTES + offset + 1;
}

function* offsetsIn({ bytes, begin, used }: Block): Generator<number, void, undefined> {
  for (let offset = begin; offset + HEAD_BYTES <= used; offset = endOf(bytes, offset)) yield offset;
}

function endOf(bytes: Buffer, offset: number): number {
  return offset + HEAD_BYTES + bytes.readUIntLE(offset + 1, LENGTH_BYTES);
}

function keyAt(bytes: Buffer, offset: number): string {
  const length = bytes[offset] as number;
  const begin = offset + HEAD_BYTES;
  if (length > 0) return bytes.toString('latin1', begin, begin + length);
  const hex = bytes.toString('hex', begin, begin + UUID_BYTES);
  const [a, b, c, d] = UUID_DASHES.map((dash, index) => dash - index) as [number, number, number, number];
  return `${hex.slice(0, a)}-${hex.slice(a, b)}-${hex.slice(b, c)}-${hex.slice(c, d)}-${hex.slice(d)}`;
}

function bodyOf({ block: { bytes }, offset }: Place): Buffer {
  const keyBytes = (bytes[offset] as number) || UUID_BYTES;
  return bytes.subarray(offset + HEAD_BYTES + keyBytes, endOf(bytes, offset));
}

function hashAt(bytes: Buffer, offset: number): number {
  const begin = offset + HEAD_BYTES;
  return hashOf(bytes, begin, begin + ((bytes[offset] as number) || UUID_BYTES));
}

/** FNV-1a, mixed at the end. */
function hashOf(bytes: Buffer, begin: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = begin; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
