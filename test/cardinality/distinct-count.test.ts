import { expect } from 'chai';
import { DistinctCount } from '../../lib/cardinality/distinct-count.js';
import { mixedHigh, mixedLow } from '../../lib/cardinality/hashed-labels.js';
import { rankOf, registerOf, REGISTERS } from '../../lib/cardinality/hyper-log-log.js';

function hashOf(number: number): [low: number, high: number] {
  const low = mixedLow(number, ~number);
  return [low, mixedHigh(low, number)];
}

function add(count: DistinctCount, from: number, to: number): DistinctCount {
  for (let number = from; number < to; number++) count.add(...hashOf(number));
  return count;
}

describe('DistinctCount', () => {
  it('should be exact up to 1,024, however often each comes', () => {
    const count = new DistinctCount();
    for (let times = 0; times < 3; times++) add(count, 0, 1024);
    expect([count.count, count.isExact]).to.deep.equal([1024, true]);
    add(count, 1024, 1025);
    expect(count.isExact).to.equal(false);
    expect(count.count).to.be.closeTo(1025, 60);
  });

  it('should lose nothing when it begins to estimate', () => {
    const [few, many] = [new DistinctCount(8), new DistinctCount(8)];
    add(few, 0, 20_000);
    add(add(many, 0, 4), 0, 20_000);
    expect(few.count).to.equal(many.count);
    expect(few.count).to.be.closeTo(20_000, 1200);
  });

  it('should go on without its copy, exact or not', () => {
    for (const size of [10, 5000]) {
      const count = add(new DistinctCount(), 0, size);
      const copy = count.copy();
      expect([copy.count, copy.isExact]).to.deep.equal([count.count, count.isExact]);
      const before = count.count;
      add(copy, 10_000, 30_000);
      expect(count.count).to.equal(before);
      expect(copy.count).to.be.closeTo(size + 20_000, 0.06 * (size + 20_000));
    }
    expect(add(new DistinctCount(), 0, 100).copy(16).isExact).to.equal(false);
  });

  it('should never count less than before others joined, nor does its copy', () => {
    for (let size = 1; size <= 1024; size += 31) {
      const count = add(new DistinctCount(), 0, size);
      count.join(new Uint8Array(REGISTERS));
      expect([count.count >= size, count.copy().count, count.isExact]).to.deep.equal([
        true,
        count.count,
        false,
      ]);
    }
  });

  it('should count what others saw of the same hashes once', () => {
    const registers = new Uint8Array(REGISTERS);
    for (let number = 0; number < 300; number++) {
      const [low, high] = hashOf(number);
      registers[registerOf(low)] = Math.max(registers[registerOf(low)] ?? 0, rankOf(high));
    }
    const count = add(new DistinctCount(), 200, 400);
    count.join(registers);
    expect(count.isExact).to.equal(false);
    expect(count.count).to.be.closeTo(400, 24);
  });
});
