import { expect } from 'chai';
import { familyHead, messageAround } from '../../../lib/exposition/rows/message-value.js';
import { COUNTER, GAUGE, HISTOGRAM } from '../../../lib/exposition/rows/row-layout.js';
import { decodeMetricFamilies } from '../../support/protobuf-decoder.js';

describe('familyHead', () => {
  const familyOf = (
    kind: 0 | 1 | 2,
    numbers: number[],
    bounds: number[],
    start: number,
    help = 'Help',
  ): unknown => {
    const metric = Buffer.concat(messageAround(kind, 0, Float64Array.from(numbers), bounds, start / 1000));
    const head = familyHead({ name: 'ä.b', help, unit: 'seconds' }, kind, metric.length);
    return decodeMetricFamilies(Buffer.concat([head, metric]));
  };

  it('should begin a family that a decoder reads to its end', () => {
    const family = { name: 'ä.b', help: 'Help', unit: 'seconds' };
    expect(familyOf(COUNTER, [1.5], [], 1_764_196_800_123)).to.deep.equal([
      { ...family, type: 'counter', metrics: [{ labels: [], value: 1.5, createdMillis: 1_764_196_800_123 }] },
    ]);
    expect(familyOf(GAUGE, [-2], [], 1_764_196_800_123)).to.deep.equal([
      { ...family, type: 'gauge', metrics: [{ labels: [], value: -2 }] },
    ]);
    const buckets = [
      [1, 2n],
      [Infinity, 5n],
    ];
    expect(familyOf(HISTOGRAM, [5, 9.5, 0, 0, 2, 3], [1, Infinity], 0)).to.deep.equal([
      { ...family, type: 'histogram', metrics: [{ labels: [], value: { count: 5n, sum: 9.5, buckets } }] },
    ]);
  });

  it('should leave out what is empty, and tell long texts', () => {
    expect(familyOf(GAUGE, [1], [], 0, '')).to.deep.include.members([
      { name: 'ä.b', help: '', unit: 'seconds', type: 'gauge', metrics: [{ labels: [], value: 1 }] },
    ]);
    const [family] = familyOf(GAUGE, [1], [], 0, 'x'.repeat(70_000)) as { help: string }[];
    expect(family?.help).to.have.length(70_000);
  });
});
