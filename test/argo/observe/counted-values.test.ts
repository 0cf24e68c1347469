import { expect } from 'chai';
import { CountedValues, type HeldValue } from '../../../lib/argo/observe/counted-values.js';

function hold(values: CountedValues, value: unknown): HeldValue {
  const held = values.hold(value);
  if (held === undefined) throw new Error('not held');
  return held;
}

const LONG = { text: 'x'.repeat(2000) };

describe('CountedValues', () => {
  it('should have a number for what comes a second time, and for what is long', () => {
    const values = new CountedValues();
    expect(hold(values, ['a', 1])).to.deep.equal({ json: '["a",1]' });
    const second = hold(values, ['a', 1]);
    expect(second).to.have.property('id');
    expect(hold(values, ['a', 1])).to.deep.equal(second);
    expect(hold(values, LONG)).to.have.property('id');
  });

  it('should have the keys of objects of texts once, however their texts differ', () => {
    const values = new CountedValues();
    const one = hold(values, { at: '10:00', as: 'é' });
    const other = hold(values, { at: '11:00', as: '' });
    expect(one).to.deep.include({ texts: ['10:00', 'é'] });
    expect(other).to.have.property('keys', 'keys' in one ? one.keys : undefined);
    expect(values.read(one)).to.deep.equal({ at: '10:00', as: 'é' });
    expect(values.read(other)).to.deep.equal({ at: '11:00', as: '' });
  });

  it('should give back whatever was held', () => {
    const values = new CountedValues();
    const all = [
      null,
      0,
      '',
      'text',
      true,
      [],
      {},
      { a: 1 },
      { a: 'b' },
      { a: { b: ['c'] } },
      { __proto__: null, x: 'y' },
      LONG,
    ];
    for (const value of [...all, ...all, ...all])
      expect(values.read(hold(values, value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
    const proto = JSON.parse('{"__proto__":"p","q":"r"}') as unknown;
    const back = values.read(hold(values, proto));
    expect(JSON.stringify(back)).to.equal('{"__proto__":"p","q":"r"}');
  });

  it('should hold nothing that is no JSON', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(new CountedValues().hold(cycle)).to.equal(undefined);
    expect(new CountedValues().hold(() => 0)).to.equal(undefined);
  });

  it('should forget what nobody has any more, and nothing before', () => {
    const values = new CountedValues();
    const one = hold(values, LONG);
    const other = hold(values, { ...LONG });
    values.release(one);
    expect(values.read(other)).to.deep.equal(LONG);
    values.release(other);
    expect([...values.saved()]).to.deep.equal([]);
    expect(() => values.read(other)).to.throw(RangeError);
    const keyed = hold(values, { a: 'b' });
    values.release(keyed);
    expect([...values.saved()]).to.deep.equal([]);
  });

  it('should mean the same in another process, with the same uses', () => {
    const values = new CountedValues();
    const held = [hold(values, LONG), hold(values, { ...LONG }), hold(values, { a: 'b' })];
    const other = new CountedValues();
    for (const saved of values.saved()) other.restore(saved);
    expect(held.map(each => other.read(each))).to.deep.equal([LONG, LONG, { a: 'b' }]);
    // New numbers are new.
    const fresh = hold(other, { more: 'y'.repeat(2000) });
    expect(held).to.not.deep.include(fresh);
    for (const each of [...held, fresh]) other.release(each);
    expect([...other.saved()]).to.deep.equal([]);
  });
});
