import { expect } from 'chai';
import {
  AnyKeyMap,
  ByteList,
  GoFunction,
  GoObject,
  mismatch,
  typeName,
} from '../../../../lib/argo/go/value/go-value.js';
import type { Value } from '../../../../lib/argo/go/value/value.js';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';

describe('values of other Go types', () => {
  it('should be named as Go names them', () => {
    const values: Value[] = [null, 'a', true, 1n, 1, [], new Map(), new AnyKeyMap(), ByteList.of(1n)];
    values.push(GoTime.ZERO, new GoDuration(1n), new GoFunction('func()', () => 1n).asValue());
    expect(values.map(typeName)).to.deep.equal([
      ...['<nil>', 'string', 'bool', 'int', 'float64', '[]interface {}', 'map[string]interface {}'],
      ...['map[interface {}]interface {}', '[]uint8', 'time.Time', 'time.Duration', 'func()'],
    ]);
    expect(mismatch(null, 'bool').message).to.equal('interface conversion: interface {} is nil, not bool');
  });

  it('should tell keys of different types apart, and refuse lists', () => {
    const map = new AnyKeyMap();
    map.put(1n, 'int');
    map.put(1, 'float');
    map.put('1', 'text');
    expect([map.at(1n), map.at(1), map.at('1'), map.at(true)]).to.deep.equal([
      'int',
      'float',
      'text',
      undefined,
    ]);
    expect(() => map.put([1n], 1n)).to.throw('unhashable');
  });

  it('should print an object as its text', () => {
    expect(String(new GoObject('time.Month', 'May', 5n))).to.equal('May');
    expect(new GoObject('time.Month', 'May', 5n).identity).to.equal('May');
  });

  it('should know the kind of an object', () => {
    expect(new GoObject('time.Month', 'May', 5n).kind).to.equal('int');
    expect(new GoObject('*time.Location', 'UTC', new Map()).kind).to.equal('ptr');
    expect(new GoObject('semver.Version', '1.0.0', '1.0.0').kind).to.equal('struct');
  });
});
