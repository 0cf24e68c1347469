import { expect } from 'chai';
import {
  addLate,
  emptyVariables,
  namesOf,
  variableOf,
  variablesOver,
} from '../../../../lib/argo/expression/run/layered-variables.js';

describe('layered variables', () => {
  it('should find what they stand on, and what is their own first', () => {
    const lowest = emptyVariables();
    Object.assign(lowest, { a: '1', b: '1' });
    const middle = Object.assign(variablesOver(lowest), { b: '2', c: '2' });
    const top = Object.assign(variablesOver(middle), { c: '3' });
    expect(['a', 'b', 'c', 'd'].map(name => variableOf(top, name))).to.deep.equal(['1', '2', '3', undefined]);
    expect(namesOf(top)).to.deep.equal([['c'], ['b', 'c'], ['a', 'b']]);
    // The names of what others stand on are listed once.
    expect(namesOf(top)[1]).to.equal(namesOf(variablesOver(middle))[1]);
  });

  it('should make a late text once, when it is asked for, whatever stands on it', () => {
    const lowest = emptyVariables();
    let made = 0;
    addLate(lowest, 'long', () => `text ${++made}`);
    const top = variablesOver(lowest);
    expect(namesOf(top)).to.deep.equal([[], ['long']]);
    expect(made).to.equal(0);
    expect([variableOf(top, 'long'), variableOf(lowest, 'long')]).to.deep.equal(['text 1', 'text 1']);
    expect(made).to.equal(1);
  });

  it('should have no variable that an object of an application inherits, and none of Object', () => {
    const inherited = Object.create({ a: '1' }) as Record<string, string>;
    expect(variableOf(inherited, 'a')).to.equal(undefined);
    expect(namesOf(inherited)).to.deep.equal([[]]);
    const top = variablesOver(emptyVariables());
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(variableOf(top, name)).to.equal(undefined);
    top['__proto__'] = 'x';
    expect(variableOf(top, '__proto__')).to.equal('x');
  });
});
