import { expect } from 'chai';
import fc from 'fast-check';
import { compiledKernel, plainKernel, rowKernel } from '../../../lib/exposition/rows/row-kernel.js';
import {
  DATA,
  OFFSETS,
  LINE_CUMULATIVE,
  LINE_SIZE,
  LABELS,
  NEXT_LINE,
  NEXT_ROW,
  NUMBER_LENGTH_MAX,
  OUT,
  OUT_BYTES,
  POWERS,
  POWERS_FIRST,
  POWERS_LAST,
  ROWS_MAX,
  TEMPLATE,
} from '../../../lib/exposition/rows/row-layout.js';

/** Random numbers of each kind. */
const NUMBERS = Number(process.env['GENERATED_NUMBERS'] ?? 200_000);
const BATCH = 2000;

/** As the kernel is to write a number, by what the language itself does. */
function expected(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}

const KERNELS = [
  ['compiled', compiledKernel()],
  ['plain', plainKernel()],
] as const;

for (const [name, kernel] of KERNELS)
  describe(`putNumber of the ${name} kernel`, () => {
    const written = (value: number): string =>
      kernel.bytes.toString('latin1', OUT, OUT + kernel.putNumber(OUT, value));

    /** Many at a time: as rows that have neither name nor labels. */
    const differences = (values: readonly number[]): string[] => {
      kernel.u32.fill(0, TEMPLATE / 4, (TEMPLATE + LINE_SIZE) / 4);
      kernel.u32.fill(0, OFFSETS / 4, OFFSETS / 4 + values.length + 1);
      kernel.f64.set(values, DATA / 8);
      const end = kernel.putRows(
        TEMPLATE,
        1,
        LABELS,
        OFFSETS,
        DATA,
        1,
        values.length,
        0,
        OUT,
        OUT + OUT_BYTES,
      );
      expect(kernel.u32[NEXT_ROW / 4]).to.equal(values.length);
      const lines = kernel.bytes.toString('latin1', OUT, end).split('\n');
      return values.flatMap((value, index) => {
        const line = lines[index] ?? '';
        const wanted = expected(value);
        return line === wanted && line.length <= NUMBER_LENGTH_MAX ? [] : [`${wanted} as ${line}`];
      });
    };

    /** In whole batches: a list of all would be large, and its values are forgotten as soon as they were compared. */
    const differencesOf = (count: number, make: (index: number) => number): string[] => {
      const found: string[] = [];
      for (let from = 0; from < count && found.length < 10; from += BATCH)
        found.push(
          ...differences(
            Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => make(from + index)),
          ),
        );
      return found;
    };

    const seed = Date.now();
    let state = BigInt(seed);
    const bits = new DataView(new ArrayBuffer(8));
    /** 64 random bits: splitmix64. */
    const random64 = (): bigint => {
      state = BigInt.asUintN(64, state + 0x9e37_79b9_7f4a_7c15n);
      let mixed = state;
      mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
      mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
      return mixed ^ (mixed >> 31n);
    };
    const doubleOf = (pattern: bigint): number => {
      bits.setBigUint64(0, pattern);
      return bits.getFloat64(0);
    };
    const fraction = (): number => Number(random64() >> 11n) / 2 ** 53;

    const special: readonly (readonly [number, string])[] = [
      [0, '0'],
      [-0, '0'],
      [NaN, 'NaN'],
      [Infinity, '+Inf'],
      [-Infinity, '-Inf'],
      [1e6, '1000000'],
      [-1_234_567, '-1234567'],
      [2 ** 53 - 1, '9007199254740991'],
      [2 ** 53, '9007199254740992'],
      [1e20, '100000000000000000000'],
      [1e21, '1e+21'],
      [0.1 + 0.2, '0.30000000000000004'],
      [1e-6, '0.000001'],
      [1.5e-7, '1.5e-7'],
      [5e-324, '5e-324'],
      [1.7976931348623157e308, '1.7976931348623157e+308'],
      [-0.0000012345678901234567, '-0.0000012345678901234567'],
    ];
    for (const [value, text] of special)
      it(`should write ${Object.is(value, -0) ? '-0' : value} as ${text}`, () => {
        expect(written(value)).to.equal(text);
      });

    it('should write every power of two and of ten, and their neighbours, as the language does', () => {
      const powers: number[] = [];
      for (let exponent = -1074; exponent <= 1023; exponent++) powers.push(2 ** exponent);
      for (let exponent = -323; exponent <= 308; exponent++) powers.push(Number(`1e${exponent}`));
      const around = powers.flatMap(power => {
        bits.setFloat64(0, power);
        const pattern = bits.getBigUint64(0);
        return [pattern - 1n, pattern, pattern + 1n].map(doubleOf).flatMap(value => [value, -value]);
      });
      expect(differencesOf(around.length, index => around[index] ?? 0)).to.deep.equal([]);
    });

    const kinds: Readonly<Record<string, (index: number) => number>> = {
      'of any bits': () => doubleOf(random64()),
      'below one': fraction,
      'below a million': () => fraction() * 1e6,
      'with few decimals': index => index / 1000,
      'that are sums of tenths': index => index * 0.1 + 0.2,
      'that are thirds': index => (index * 17) / 3,
      'near the smallest': index => doubleOf(BigInt(index)),
      'from 2^53 on': index => 2 ** 53 + index * 2 ** (index % 40),
      whole: () => Number(random64() >> 11n),
    };
    for (const [kind, make] of Object.entries(kinds))
      it(`should write numbers ${kind} as the language does, seed ${seed}`, () => {
        expect(differencesOf(NUMBERS, make)).to.deep.equal([]);
      });
  });

for (const [name, kernel] of KERNELS)
  describe(`putRows of the ${name} kernel`, () => {
    interface Line {
      readonly head: string;
      readonly bare: string;
      readonly tail: string;
      readonly column: number;
      readonly isCumulative: boolean;
    }
    interface Row {
      readonly labels: string;
      readonly numbers: readonly number[];
    }

    const putTemplate = (lines: readonly Line[]): void => {
      let at = TEMPLATE + lines.length * LINE_SIZE;
      lines.forEach((line, index) => {
        const entry = TEMPLATE + index * LINE_SIZE;
        [line.head, line.bare, line.tail].forEach((text, place) => {
          kernel.u32[entry / 4 + 2 * place] = at;
          kernel.u32[entry / 4 + 2 * place + 1] = text.length;
          at += kernel.bytes.write(text, at);
        });
        kernel.u32[entry / 4 + 6] = line.column;
        kernel.u32[(entry + LINE_CUMULATIVE) / 4] = line.isCumulative ? 1 : 0;
      });
    };

    /** Writes into room of `room` bytes again and again, until nothing is left. */
    const writeInPieces = (lines: readonly Line[], rows: readonly Row[], room: number): string => {
      const width = rows[0]?.numbers.length ?? 0;
      let [row, line, text] = [0, 0, ''];
      while (row < rows.length) {
        putTemplate(lines);
        const before = 7; // Offsets are those of a block, of which these are not the first rows.
        let offset = before;
        rows.slice(row).forEach((left, index) => {
          const encoded = Buffer.from(left.labels);
          kernel.u32[OFFSETS / 4 + index] = offset;
          kernel.bytes.set(encoded, LABELS + offset - before);
          offset += encoded.length;
          kernel.u32[OFFSETS / 4 + index + 1] = offset;
          kernel.f64.set(left.numbers, DATA / 8 + index * width);
        });
        const args = [DATA, width, rows.length - row, line, OUT, OUT + room] as const;
        const end = kernel.putRows(TEMPLATE, lines.length, LABELS, OFFSETS, ...args);
        expect(end).to.be.within(OUT + 1, OUT + room);
        text += kernel.bytes.toString('utf8', OUT, end);
        row += kernel.u32[NEXT_ROW / 4] ?? 0;
        line = kernel.u32[NEXT_LINE / 4] ?? 0;
      }
      expect(line).to.equal(0);
      return text;
    };

    const expectedText = (lines: readonly Line[], rows: readonly Row[]): string =>
      rows
        .map(({ labels, numbers }) => {
          let sum = 0;
          return lines
            .map(({ head, bare, tail, column, isCumulative }) => {
              const value = numbers[column] ?? 0;
              if (isCumulative) sum += value;
              const start = labels === '' ? bare : `${head}${labels}${tail}`;
              return `${start}${expected(isCumulative ? sum : value)}\n`;
            })
            .join('');
        })
        .join('');

    const WIDTH = 3;
    const someText = fc.string({ maxLength: 40, unit: 'binary-ascii' });
    const someLine = fc.record({
      head: someText,
      bare: someText,
      tail: someText,
      column: fc.nat(WIDTH - 1),
      isCumulative: fc.boolean(),
    });
    const someRow = fc.record({
      labels: fc.string({ maxLength: 60, unit: 'binary' }),
      numbers: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
        minLength: WIDTH,
        maxLength: WIDTH,
      }),
    });

    it('should write what its template says, in whichever pieces there is room for', () => {
      fc.assert(
        fc.property(
          fc.array(someLine, { minLength: 1, maxLength: 20 }),
          fc.array(someRow, { minLength: 1, maxLength: 20 }),
          fc.integer({ min: 512, max: 3000 }),
          (lines, rows, room) => {
            expect(writeInPieces(lines, rows, room)).to.equal(expectedText(lines, rows));
          },
        ),
      );
    });

    it('should say that it wrote nothing where not even one line has room', () => {
      putTemplate([{ head: 'a{', bare: 'a ', tail: '} ', column: 0, isCumulative: false }]);
      kernel.u32.set([0, 100], OFFSETS / 4);
      const end = kernel.putRows(TEMPLATE, 1, LABELS, OFFSETS, DATA, 1, 1, 0, OUT, OUT + 100);
      expect(end).to.equal(OUT);
      expect(kernel.u32[NEXT_ROW / 4]).to.equal(0);
    });

    it('should have room for as many offsets and numbers as its layout says', () => {
      expect(OFFSETS + (ROWS_MAX + 1) * 4).to.be.at.most(TEMPLATE);
      expect(DATA + ROWS_MAX * 8).to.be.at.most(OUT);
      expect(OUT + OUT_BYTES).to.be.below(kernel.bytes.length);
    });
  });

describe('rowKernel', () => {
  const kernel = rowKernel();

  it('should be the compiled one where there is room for it, and one for a thread', () => {
    expect(kernel.putRows.toString()).to.contain('[native code]');
    expect(rowKernel()).to.equal(kernel);
  });

  it('should have powers of ten that are exact to their last bit, rounded up', () => {
    const view = new DataView(kernel.bytes.buffer, POWERS);
    for (let k = POWERS_FIRST; k <= POWERS_LAST; k++) {
      const at = (k - POWERS_FIRST) * 16;
      const value = (view.getBigUint64(at, true) << 64n) | view.getBigUint64(at + 8, true);
      // 10^k lies above (value - 1) × 2^e and not above value × 2^e, with e = ⌊k log2 10⌋ - 127.
      const e = BigInt(Math.floor(k * Math.log2(10)) - 127);
      const [power, one] = k < 0 ? [1n, 10n ** BigInt(-k)] : [10n ** BigInt(k), 1n];
      const scale = (number: bigint): bigint => (e < 0n ? number : number << e);
      const scaledPower = e < 0n ? power << -e : power;
      expect(value >> 127n, `10^${k}`).to.equal(1n);
      expect(scale(value) * one >= scaledPower, `10^${k}`).to.equal(true);
      expect(scale(value - 1n) * one < scaledPower, `10^${k}`).to.equal(true);
    }
  });
});
