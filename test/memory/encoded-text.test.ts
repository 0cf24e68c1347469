// Goal: a text is hashed and stored as what it is, however it was put together and whoever needs one meanwhile.
import { expect } from 'chai';
import fc from 'fast-check';
import { EncodedText } from '../../lib/memory/encoded-text.js';
import { instantiateKernel } from '../../lib/memory/kernel.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { loadText, storeEncoded, type StoredText } from '../../lib/memory/text.js';
import type { Key } from '../../lib/memory/tables.js';
import * as words from '../../lib/memory/words.js';

const LABEL_BYTES = 2 ** 20;

function regionOf(): Region {
  return createRegion({
    ...{ maxBytes: 2 ** 22, stripes: 1, maxStreams: 1, maxBoundaries: 1, maxSeries: 1 },
    maxLabelBytes: LABEL_BYTES,
  });
}

/** With the secret of the published vectors: the bytes 0 to 15. */
function knownRegion(): Region {
  const region = regionOf();
  for (let index = 0; index < words.SECRET_BYTES; index++) region.bytes[words.SECRET + index] = index;
  return region;
}

/** Takes a text, and gives it back. */
function withText<T>(use: (text: EncodedText) => T): T {
  const text = EncodedText.take();
  const result = use(text);
  EncodedText.giveBack(text);
  return result;
}

const keyOf = ({ kernel }: Region, owner: number, text: string): Key =>
  withText(encoded => {
    encoded.put(text);
    return encoded.keyOf(kernel, owner);
  });

const bytesOf = (key: Key): string => Buffer.from(Int32Array.from(key).buffer).toString('hex');

/** SipHash-2-4 with 128 bits as its authors describe it, with numbers of any size. */
function sipHash(secret: Buffer, message: Buffer): string {
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  const rotate = (value: bigint, by: bigint): bigint => wrap((value << by) | (value >> (64n - by)));
  const [k0, k1] = [secret.readBigUInt64LE(0), secret.readBigUInt64LE(8)];
  let [a, b, c, d] = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn ^ 0xeen,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ] as [bigint, bigint, bigint, bigint];
  const rounds = (count: number): void => {
    for (; count > 0; count--) {
      [a, c] = [wrap(a + b), wrap(c + d)];
      [b, d] = [rotate(b, 13n) ^ a, rotate(d, 16n) ^ c];
      [a, c] = [wrap(rotate(a, 32n) + d), wrap(c + b)];
      [b, d] = [rotate(b, 17n) ^ c, rotate(d, 21n) ^ a];
      c = rotate(c, 32n);
    }
  };
  const padded = Buffer.alloc((Math.floor(message.length / 8) + 1) * 8);
  padded.set(message);
  padded[padded.length - 1] = message.length & 255;
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at);
    d ^= word;
    rounds(2);
    a ^= word;
  }
  const out = Buffer.alloc(16);
  c ^= 0xeen;
  rounds(4);
  out.writeBigUInt64LE(a ^ b ^ c ^ d, 0);
  b ^= 0xddn;
  rounds(4);
  out.writeBigUInt64LE(a ^ b ^ c ^ d, 8);
  return out.toString('hex');
}

const SECRET = Buffer.from(Array.from({ length: 16 }, (_, index) => index));

describe('the key of a text', () => {
  const region = knownRegion();

  it('should be SipHash-2-4 with 128 bits, by the vectors of its authors', () => {
    VECTORS.forEach((vector, length) => {
      const message = Uint8Array.from({ length }, (_, index) => index);
      expect(sipHash(SECRET, Buffer.from(message)), `reference, ${length} bytes`).to.equal(vector);
      expect(hashOf(region, message), `kernel, ${length} bytes`).to.equal(vector);
    });
  });

  it('should be the hash of its owner and its UTF-8, whatever its length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1, max: 2000 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (owner, text) => {
          const message = Buffer.concat([Buffer.from(Int32Array.of(owner).buffer), Buffer.from(text)]);
          expect(bytesOf(keyOf(region, owner, text))).to.equal(sipHash(SECRET, message));
        },
      ),
    );
    const long = 'ü'.repeat(100_000);
    expect(bytesOf(keyOf(region, 0, long))).to.equal(
      sipHash(SECRET, Buffer.concat([Buffer.alloc(4), Buffer.from(long)])),
    );
  });

  it('should be the same in all threads of a store, another one in another store, and for another owner', () => {
    const [one, other] = [regionOf(), regionOf()];
    const otherThread = { ...one, kernel: instantiateKernel(one.memory) };
    expect(keyOf(one, 1, '{}')).to.deep.equal(keyOf(otherThread, 1, '{}'));
    expect(keyOf(one, 1, '{}')).not.to.deep.equal(keyOf(one, 2, '{}'));
    expect(keyOf(one, 1, '{}')).not.to.deep.equal(keyOf(other, 1, '{}'));
  });
});

/** What the kernel says of bytes that need not be a text. */
function hashOf({ kernel }: Region, message: Uint8Array): string {
  const padded = new Uint8Array(Math.ceil((message.length + 1) / 32) * 32).fill(0xff);
  padded.set(message);
  const all = [...new Int32Array(padded.buffer)];
  kernel.hashBegin();
  const block = (at: number): Parameters<typeof kernel.hashBlock> =>
    all.slice(at, at + 8) as unknown as Parameters<typeof kernel.hashBlock>;
  const last = Math.floor(message.length / 32) * 8;
  for (let at = 0; at < last; at += 8) kernel.hashBlock(...block(at));
  kernel.hashEnd(message.length, ...block(last));
  return bytesOf([0, 1, 2, 3].map(kernel.hashWord) as unknown as Key);
}

/** Pieces of a text, short and long: as they are, as JSON, one character, and one that is taken back. */
const pieces = fc.array(
  fc
    .tuple(
      fc.constantFrom('put', 'json', 'character', 'cut'),
      fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 })),
      fc.constantFrom(1, 1, 3, 20),
    )
    .map(([kind, piece, times]) => [kind, piece.repeat(times)] as const),
  { maxLength: 40 },
);

describe('EncodedText', () => {
  it('should be the pieces that were put into it, however many, as text, in bytes and in memory', () => {
    const region = regionOf();
    fc.assert(
      fc.property(pieces, list => {
        withText(encoded => {
          let expected = '';
          for (const [kind, piece] of list) {
            const { length } = encoded;
            if (kind === 'json') encoded.putJson(piece);
            else if (kind === 'character') encoded.putCharacter(59);
            else encoded.put(piece);
            if (kind === 'cut') encoded.cutTo(length);
            else expected += kind === 'json' ? JSON.stringify(piece) : kind === 'character' ? ';' : piece;
          }
          expect(encoded.toString()).to.equal(expected);
          expect(encoded.length).to.equal(Buffer.byteLength(expected));
          expect(encoded.bytes.toString('utf8', 0, encoded.length)).to.equal(expected);
          const stored = storeEncoded(region, encoded);
          if (typeof stored === 'string') return;
          expect(loadText(region, stored.address, stored.length)).to.equal(expected);
          const end = stored.address + stored.length;
          expect([...region.bytes.slice(end, Math.ceil(end / 4) * 4)], 'behind it').to.deep.equal(
            Array(-end & 3).fill(0),
          );
        });
      }),
    );
  });

  it('should write as JSON does what is quoted, each character for itself and half of one', () => {
    for (let code = 0; code < 0x3000; code++) {
      const text = `a${String.fromCharCode(code)}b`;
      expect(
        withText(encoded => (encoded.putJson(text), encoded.toString())),
        `${code}`,
      ).to.equal(JSON.stringify(text));
    }
    const halves = ['\ud800', 'x\udc00y', '\u{1f600}', '\udc00\ud800'];
    for (const text of halves)
      expect(JSON.parse(withText(encoded => (encoded.putJson(text), encoded.toString())))).to.equal(text);
    expect(withText(encoded => (encoded.put('\ud800'), encoded.toString()))).to.equal('\ufffd');
  });

  it('should be another one for whoever needs one while one is in use', () => {
    const outer = EncodedText.take();
    outer.put('outer');
    withText(inner => inner.put('inner'));
    expect(EncodedText.take().length).to.equal(0);
    expect(outer.toString()).to.equal('outer');
    EncodedText.giveBack(outer);
    expect(EncodedText.take()).to.equal(outer);
  });

  it('should be kept with a long text, whose bytes are counted, and not how many there could be', () => {
    for (const character of ['x', 'ü', '\u{1f600}']) {
      const long = EncodedText.take();
      long.put(character.repeat(30_000 / Buffer.byteLength(character)));
      EncodedText.giveBack(long);
      expect(EncodedText.take(), character).to.equal(long);
    }
  });

  it('should not be kept when it had to grow very large', () => {
    const large = EncodedText.take();
    large.put('x'.repeat(LABEL_BYTES));
    const stored = storeEncoded(regionOf(), large) as StoredText;
    expect(stored.length).to.equal(LABEL_BYTES);
    EncodedText.giveBack(large);
    expect(EncodedText.take()).not.to.equal(large);
  });
});

/** For the bytes 0, 1, 2, … of each length from 0 on. */
const VECTORS = [
  'a3817f04ba25a8e66df67214c7550293',
  'da87c1d86b99af44347659119b22fc45',
  '8177228da4a45dc7fca38bdef60affe4',
  '9c70b60c5267a94e5f33b6b02985ed51',
  'f88164c12d9c8faf7d0f6e7c7bcd5579',
  '1368875980776f8854527a07690e9627',
  '14eeca338b208613485ea0308fd7a15e',
  'a1f1ebbed8dbc153c0b84aa61ff08239',
  '3b62a9ba6258f5610f83e264f31497b4',
  '264499060ad9baabc47f8b02bb6d71ed',
  '00110dc378146956c95447d3f3d0fbba',
  '0151c568386b6677a2b4dc6f81e5dc18',
  'd626b266905ef35882634df68532c125',
  '9869e247e9c08b10d029934fc4b952f7',
  '31fcefac66d7de9c7ec7485fe4494902',
  '5493e99933b0a8117e08ec0f97cfc3d9',
  '6ee2a4ca67b054bbfd3315bf85230577',
  '473d06e8738db89854c066c47ae47740',
  'a426e5e423bf4885294da481feaef723',
  '78017731cf65fab074d5208952512eb1',
  '9e25fc833f2290733e9344a5e83839eb',
  '568e495abe525a218a2214cd3e071d12',
  '4a29b54552d16b9a469c10528eff0aae',
  'c9d184ddd5a9f5e0cf8ce29a9abf691c',
  '2db479ae78bd50d8882a8a178a6132ad',
  '8ece5f042d5e447b5051b9eacb8d8f6f',
  '9c0b53b4b3c307e87eaee08678141f66',
  'abf248af69a6eae4bfd3eb2f129eeb94',
  '0664da1668574b88b935f3027358aef4',
  'aa4b9dc4bf337de90cd4fd3c467c6ab7',
  'ea5c7f471faf6bde2b1ad7d4686d2287',
  '2939b0183223fafc1723de4f52c43d35',
  '7c3956ca5eeafc3e363e9d556546eb68',
  '77c6077146f01c32b6b69d5f4ea9ffcf',
  '37a6986cb8847edf0925f0f1309b54de',
  'a705f0e69da9a8f907241a2e923c8cc8',
  '3dc47d1f29c448461e9e76ed904f6711',
  '0d62bf01e6fc0e1a0d3c4751c5d3692b',
  '8c03468bca7c669ee4fd5e084bbee7b5',
  '528a5bb93baf2c9c4473cce5d0d22bd9',
  'df6a301e95c95dad97ae0cc8c6913bd8',
  '801189902c857f39e73591285e70b6db',
  'e617346ac9c231bb3650ae34ccca0c5b',
  '27d93437efb721aa401821dcec5adf89',
  '89237d9ded9c5e78d8b1c9b166cc7342',
  '4a6d8091bf5e7d651189fa94a250b14c',
  '0e33f96055e7ae893ffc0e3dcf492902',
  'e61c432b720b19d18ec8d84bdc63151b',
  'f7e5aef549f782cf379055a608269b16',
  '438d030fd0b7a54fa837f2ad201a6403',
  'a590d3ee4fbf04e3247e0d27f286423f',
  '5fe2c1a172fe93c4b15cd37caef9f538',
  '2c97325cbd06b36eb2133dd08b3a017c',
  '92c814227a6bca949ff0659f002ad39e',
  'dce850110bd8328cfbd50841d6911d87',
  '67f14984c7da791248e32bb5922583da',
  '1938f2cf72d54ee97e94166fa91d2a36',
  '74481e9646ed49fe0f6224301604698e',
  '57fca5de98a9d6d8006438d0583d8a1d',
  '9fecde1cefdc1cbed4763674d9575359',
  'e3040c00eb28f15366ca73cbd872e740',
  '7697009a6a831dfecca91c5993670f7a',
  '5853542321f567a005d547a4f04759bd',
  '5150d1772f50834a503e069a973fbd7c',
];
