import { expect } from 'chai';
import fc from 'fast-check';
import { compiledKernel, plainKernel } from '../../../lib/exposition/rows/row-kernel.js';
import {
  CANONICAL,
  NEXT_LINE,
  NEXT_ROW,
  NO_ROOM,
  OTHER_WAY,
  RULES,
  RUN_KEYS,
  RUN_OFFSETS,
  RUN_ORDER,
  RUN_PLACES,
  RUN_SORTED,
  RUN_SORTED_OFFSETS,
  RUN_TEXTS,
} from '../../../lib/exposition/rows/row-layout.js';
import { ruleImage } from '../../../lib/exposition/series/rule-image.js';

const kernels = [compiledKernel(), plainKernel()];

/** What a kernel makes of canonical texts, and where it stops. */
function made(
  kernel: (typeof kernels)[number],
  texts: readonly string[],
  room: number,
  isHistogram: boolean,
  verbatim: boolean,
): unknown {
  const { bytes, u32, putLabels, sortTexts } = kernel;
  const image = ruleImage({ verbatim, isHistogram, fixed: [['c', 'fixed'], ['x', '\u00e4']] }); // prettier-ignore
  bytes.set(image!.bytes, RULES);
  bytes.fill(0, RUN_TEXTS, RUN_TEXTS + 65_536);
  u32[RUN_OFFSETS / 4] = 0;
  let at = CANONICAL;
  for (const [index, text] of texts.entries()) {
    u32[RUN_PLACES / 4 + 2 * index] = at;
    at += bytes.write(text, at);
    u32[RUN_PLACES / 4 + 2 * index + 1] = at;
  }
  const { fixedBytes } = image!;
  const [to, end] = [RUN_TEXTS, RUN_TEXTS + room];
  const last = putLabels(RULES, RUN_PLACES, texts.length, fixedBytes, to, end, to, RUN_OFFSETS + 4);
  const rows = u32[NEXT_ROW / 4] ?? 0;
  const reason = u32[NEXT_LINE / 4];
  const labels = bytes.toString('latin1', RUN_TEXTS, last);
  const offsets = [...u32.subarray(RUN_OFFSETS / 4, RUN_OFFSETS / 4 + rows + 1)];
  sortTexts(RUN_TEXTS, RUN_OFFSETS, RUN_ORDER, RUN_KEYS, rows, RUN_SORTED, RUN_SORTED_OFFSETS);
  const sorted = bytes.toString('latin1', RUN_SORTED, RUN_SORTED + (last - RUN_TEXTS));
  const sortedOffsets = [...u32.subarray(RUN_SORTED_OFFSETS / 4, RUN_SORTED_OFFSETS / 4 + rows + 1)];
  return { rows, reason, labels, offsets, sorted, sortedOffsets };
}

describe('plainLabels', () => {
  const someText = fc
    .dictionary(
      fc.oneof(
        fc.constantFrom('a', 'b_c', 'le', 'x', 'c', 'z9'),
        fc.string({ maxLength: 3, unit: 'binary' }),
      ),
      fc.oneof(fc.string({ maxLength: 6 }), fc.double(), fc.boolean(), fc.constant([1]), fc.constant('')),
      { maxKeys: 4 },
    )
    .map(attributes => JSON.stringify(attributes));

  it('should make the same of everything as the compiled kernel', () => {
    fc.assert(
      fc.property(
        fc.array(someText, { maxLength: 20 }),
        fc.oneof(fc.constant(60_000), fc.nat(400)),
        fc.boolean(),
        fc.boolean(),
        (texts, room, ...flags) => {
          const [compiled, plain] = kernels.map(kernel => made(kernel, texts, room, ...flags));
          expect(plain).to.deep.equal(compiled);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('should say why it stops', () => {
    for (const kernel of kernels) {
      const stops = (texts: readonly string[], room: number): unknown[] => {
        made(kernel, texts, room, false, false);
        return [kernel.u32[NEXT_ROW / 4], kernel.u32[NEXT_LINE / 4]];
      };
      expect(stops(['{"a":"1"}', '{"a.b":"1"}'], 60_000)).to.deep.equal([1, OTHER_WAY]);
      expect(stops(['{"a":"1"}', '{"a":"1"}'], 70)).to.deep.equal([1, NO_ROOM]);
      expect(stops(['{"a":"1"}', '{}'], 60_000)).to.deep.equal([2, 0]);
    }
  });
});
