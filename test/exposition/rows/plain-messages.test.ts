import { expect } from 'chai';
import fc from 'fast-check';
import { compiledKernel, plainKernel } from '../../../lib/exposition/rows/row-kernel.js';
import {
  DATA,
  HISTOGRAM,
  LABELS,
  NEXT_ROW,
  OFFSETS,
  OUT,
  OUT_BYTES,
  TEMPLATE,
} from '../../../lib/exposition/rows/row-layout.js';

const KERNELS = [compiledKernel(), plainKernel()] as const;

describe('plainMessages', () => {
  const number = fc.oneof(fc.double(), fc.nat(1000), fc.constantFrom(2 ** 53, 2 ** 64, -1, NaN, Infinity));
  const seconds = fc.oneof(
    fc.double({ min: -10, max: 4e9, noNaN: true }),
    fc.constantFrom(0, 0.0005, 1.0005),
  );

  it('should be byte for byte what the compiled kernel writes, and as long', () => {
    const rows = fc.integer({ min: 0, max: 6 }).chain(buckets =>
      fc.record({
        buckets: fc.constant(buckets),
        kind: buckets === 0 ? fc.constantFrom(0, 1) : fc.constant(HISTOGRAM),
        bounds: fc.array(fc.double(), { minLength: buckets, maxLength: buckets }),
        rows: fc.array(
          fc.record({
            label: fc.integer({ min: 0, max: 300 }),
            numbers: fc.array(number, {
              minLength: buckets === 0 ? 1 : 4 + buckets,
              maxLength: buckets === 0 ? 1 : 4 + buckets,
            }),
            start: seconds,
          }),
          { maxLength: 6 },
        ),
        skipped: fc.nat(50),
        room: fc.oneof(fc.nat(900), fc.constant(OUT_BYTES)),
      }),
    );
    fc.assert(
      fc.property(rows, ({ buckets, kind, bounds, rows: own, skipped, room }) => {
        const answers = KERNELS.map(kernel => {
          kernel.f64.set(bounds, TEMPLATE / 8);
          let end = skipped;
          own.forEach(({ label, numbers, start }, index) => {
            kernel.u32[OFFSETS / 4 + index] = end;
            kernel.bytes.fill(65 + index, LABELS + end - skipped, LABELS + end - skipped + label);
            end += label;
            kernel.f64.set([...numbers, start], DATA / 8 + index * (numbers.length + 1));
          });
          kernel.u32[OFFSETS / 4 + own.length] = end;
          const width = (own[0]?.numbers.length ?? 1) + 1;
          const length = kernel.messageBytes(kind, buckets, OFFSETS, DATA, width, own.length);
          const to = kernel.putMessages(
            kind,
            TEMPLATE,
            buckets,
            LABELS,
            OFFSETS,
            DATA,
            width,
            own.length,
            OUT,
            OUT + room,
          );
          return { length, done: kernel.u32[NEXT_ROW / 4], bytes: kernel.bytes.toString('hex', OUT, to) };
        });
        const [compiled, plain] = answers;
        expect(plain).to.deep.equal(compiled);
        if (compiled?.done === own.length) expect(compiled.bytes.length / 2).to.equal(compiled.length);
      }),
      { numRuns: 500 },
    );
  });
});
