import { expect } from 'chai';
import { estimate, join, rankOf, registerOf, REGISTERS } from '../../lib/cardinality/hyper-log-log.js';
import { mixedHigh, mixedLow } from '../../lib/cardinality/hashed-labels.js';

function sketchOf(from: number, to: number): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  for (let number = from; number < to; number++) {
    const low = mixedLow(number, number ^ 0x5bd1e995);
    const register = registerOf(low);
    registers[register] = Math.max(registers[register] ?? 0, rankOf(mixedHigh(low, number)));
  }
  return registers;
}

describe('HyperLogLog', () => {
  for (const count of [0, 1, 10, 100, 1000, 5000, 10_000, 12_000, 50_000, 300_000])
    it(`should be within 6 % of ${count}, at each of five places`, () => {
      for (let place = 0; place < 5; place++) {
        const from = place * 1_000_000;
        expect(estimate(sketchOf(from, from + count))).to.be.closeTo(count, count * 0.06);
      }
    });

  it('should be off by less than 2.5 % on average', () => {
    const errors = Array.from({ length: 20 }, (_, place) => {
      const from = place * 1_000_000;
      return Math.abs(estimate(sketchOf(from, from + 20_000)) / 20_000 - 1);
    });
    expect(errors.reduce((sum, error) => sum + error) / errors.length).to.be.lessThan(0.025);
  });

  it('should count what several saw once, in any order', () => {
    const whole = sketchOf(0, 30_000);
    const [a, b] = [sketchOf(0, 20_000), sketchOf(10_000, 30_000)];
    const joined = a.slice();
    join(joined, b);
    join(joined, b);
    join(b, a);
    expect(joined).to.deep.equal(whole);
    expect(b).to.deep.equal(whole);
  });

  it('should have ranks from 1 on, for every word', () => {
    expect([0xffffffff, 0x80000000, 0x7fffffff, 0x40000000, 0x800, 0x7ff, 0].map(rankOf)).to.deep.equal([
      1, 1, 2, 2, 21, 22, 22,
    ]);
    expect(rankOf(-1)).to.equal(1);
    expect(registerOf(-1)).to.equal(REGISTERS - 1);
  });
});
