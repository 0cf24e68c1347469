import { expect } from 'chai';
import { AnyKeyMap, ByteList, GoFunction, GoObject } from '../../../../lib/argo/go/value/go-value.js';
import { plainValue } from '../../../../lib/argo/go/value/plain-value.js';
import type { Value } from '../../../../lib/argo/go/value/value.js';

describe('plainValue', () => {
  it('should leave plain values as they are', () => {
    const value: Value = [1n, 'a', new Map([['b', [null]]])];
    expect(plainValue(value)).to.equal(value);
  });

  it('should replace what JSON writes otherwise', () => {
    const month = new GoObject('time.Month', 'May', 5n).asValue();
    expect(plainValue([month, ByteList.of(97n, 98n)])).to.deep.equal([5n, 'YWI=']);
    expect(plainValue(new Map([['m', month]]))).to.deep.equal(new Map([['m', 5n]]));
  });

  it('should refuse what JSON cannot write, however deep', () => {
    expect(() => plainValue([new AnyKeyMap()])).to.throw(
      'json: unsupported type: map[interface {}]interface {}',
    );
    expect(() => plainValue([[new GoFunction('func(string)', () => null).asValue()]])).to.throw(
      'func(string)',
    );
  });

  it('should look at a list once, however often it is held', () => {
    let value: Value = [];
    for (let level = 0; level < 60; level++) value = [value, value];
    expect(plainValue(value)).to.equal(value);
  });
});
