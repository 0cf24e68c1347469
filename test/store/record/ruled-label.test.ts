// Goal: what stands for a value is what the rule says, whatever the value is; and asked about what it made itself, a rule
// without a map never says something else.
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { LabelRule } from '../../../lib/store/definition/label-rule.js';
import { RuledLabel } from '../../../lib/store/record/ruled-label.js';

const ruled = (rule: Partial<LabelRule>, faults: string[] = []): RuledLabel =>
  new RuledLabel(
    { label: 'l', overflowValue: '_OTHER', ...rule },
    { maxLabelValueLength: 100, onFault: detail => faults.push(detail) },
  );

describe('RuledLabel', () => {
  it('should leave out what is dropped, whatever it is', () => {
    for (const value of ['a', 1, false, [], {}, Symbol('s')])
      expect(ruled({ drop: true }).apply(value)).to.equal(undefined);
  });

  it('should compare what is allowed as it is exposed, and keep its type', () => {
    const rule = ruled({ allow: ['GET', '1', 'true', '["a"]', { source: '^x', flags: 'i' }] });
    const list = ['a'];
    for (const value of ['GET', 1, '1', true, 'Xyz', list, '_OTHER'])
      expect(rule.apply(value)).to.equal(value);
    for (const value of ['get', 2, false, 'ax', '', NaN, ['b']]) expect(rule.apply(value)).to.equal('_OTHER');
  });

  it('should give map a text, and let nothing of what it does out', () => {
    const faults: string[] = [];
    const seen: string[] = [];
    const rule = ruled(
      {
        map: value => {
          seen.push(value);
          if (value === 'bad') throw new Error('no');
          return value === '7' ? (7 as unknown as string) : value.toUpperCase();
        },
      },
      faults,
    );
    expect(['a', 1, true, ['x'], 'bad', 7].map(value => rule.apply(value))).to.deep.equal([
      ...['A', '1', 'TRUE', '["X"]', '_OTHER', '_OTHER'],
    ]);
    expect(seen).to.deep.equal(['a', '1', 'true', '["x"]', 'bad', '7']);
    expect(faults).to.have.lengthOf(2);
  });

  it('should leave what no attribute may have to who counts it', () => {
    for (const rule of [ruled({ map: () => 'x' }), ruled({ allow: ['x'] })])
      for (const value of [Symbol('s'), {}, 1n, () => 1]) expect(rule.apply(value)).to.equal(value);
  });

  it('should allow what map made, and nothing else', () => {
    const rule = ruled({ map: value => value.slice(0, 1), allow: ['a'] });
    expect(['abc', 'a', 'b', 'bcd'].map(value => rule.apply(value))).to.deep.equal([
      'a',
      'a',
      '_OTHER',
      '_OTHER',
    ]);
  });

  it('should stay with what it said', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()));
    const allow = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom(...['^a', '.', '\\d', 'b$'].map(source => ({ source, flags: '' }))),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(allow, value, (allowed, given) => {
        const rule = ruled({ allow: allowed });
        const once = rule.apply(given);
        // Deep: NaN is NaN.
        expect(rule.apply(once)).to.deep.equal(once);
        expect([given, '_OTHER']).to.deep.include(once);
      }),
    );
  });
});
