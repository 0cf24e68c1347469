import { expect } from 'chai';
import { policyOf, ruleDataOf } from '../../../lib/store/definition/label-rule.js';

describe('ruleDataOf', () => {
  it('should say that a function is missing, so that who has none notices', () => {
    const rule = { label: 'l', allow: ['a', { source: 'b', flags: 'i' }], maxValues: 3, overflowValue: 'x' };
    expect(ruleDataOf(rule)).to.deep.equal(rule);
    const data = ruleDataOf({ ...rule, map: value => value });
    expect(data).to.deep.equal({ ...rule, isMapped: true });
    expect(structuredClone(data)).to.deep.equal(JSON.parse(JSON.stringify(data)));
  });
});

describe('policyOf', () => {
  it('should name the last rule that applies', () => {
    const rule = { label: 'l', overflowValue: 'x' };
    const all = { map: (value: string) => value, allow: ['a'], maxValues: 3 };
    expect(policyOf({ ...rule, ...all })).to.deep.equal({ ...rule, rule: 'maxValues', maxValues: 3 });
    expect(policyOf({ ...rule, map: all.map, allow: all.allow })).to.deep.equal({ ...rule, rule: 'allow' });
    expect(policyOf({ ...rule, map: all.map })).to.deep.equal({ ...rule, rule: 'map' });
    expect(policyOf({ ...rule, drop: true })).to.deep.equal({ ...rule, rule: 'drop' });
  });
});
