import { expect } from 'chai';
import {
  addLate,
  emptyVariables,
  namesOf,
  variableOf,
  VariableLayer,
} from '../../../../lib/argo/expression/run/layered-variables.js';
import type { VariableGroups } from '../../../../lib/argo/expression/run/layered-variables.js';

/** One group for each of these variables, and what was made until now. */
function groupsOf(variables: Readonly<Record<string, string>>): {
  groups: VariableGroups<string>;
  made: string[];
} {
  const made: string[] = [];
  const groups = Object.fromEntries(
    Object.entries(variables).map(([name, text]) => [
      name,
      (to: Record<string, string>, source: string): void => {
        made.push(name);
        to[name] = text + source;
      },
    ]),
  );
  return { groups, made };
}

describe('layered variables', () => {
  it('should find what they stand on, and what is their own first', () => {
    const lowest = VariableLayer.of(groupsOf({ a: '1', b: '1' }).groups, '!');
    const middle = VariableLayer.of(groupsOf({ b: '2', c: '2' }).groups, '', lowest);
    const top = VariableLayer.of(groupsOf({ c: '3' }).groups, '', middle);
    expect(['a', 'b', 'c', 'd'].map(name => variableOf(top, name))).to.deep.equal([
      '1!',
      '2',
      '3',
      undefined,
    ]);
    expect(namesOf(top)).to.deep.equal([['c'], ['b', 'c'], ['a', 'b']]);
    // The names of what others stand on are listed once.
    expect(namesOf(top)[1]).to.equal(namesOf(VariableLayer.of({}, undefined, middle))[1]);
  });

  it('should make a group once, when one of its variables is asked for, or all are', () => {
    const { groups, made } = groupsOf({
      a: '1',
      'workflow.labels': '{}',
      'workflow.name': 'n',
      workflow: 'w',
    });
    const layer = VariableLayer.of(groups, '');
    expect(made).to.deep.equal([]);
    expect(
      ['a.b.c', 'workflow.labels.team', 'workflow.labels'].map(name => variableOf(layer, name)),
    ).to.deep.equal([undefined, undefined, '{}']);
    expect(made).to.deep.equal(['a', 'workflow.labels']);
    expect(namesOf(layer)).to.deep.equal([['a', 'workflow.labels', 'workflow.name', 'workflow']]);
    expect(['a', 'workflow.name'].map(name => variableOf(layer, name))).to.deep.equal(['1', 'n']);
    expect(made).to.deep.equal(['a', 'workflow.labels', 'workflow.name', 'workflow']);
  });

  it('should make a late text once, when it is asked for, whatever stands on it', () => {
    let made = 0;
    const long = (variables: Record<string, string>): void =>
      addLate(variables, 'long', () => `text ${++made}`);
    const lowest = VariableLayer.of({ long }, undefined);
    const top = VariableLayer.of({}, undefined, lowest);
    expect(namesOf(top)).to.deep.equal([[], ['long']]);
    expect(made).to.equal(0);
    expect([variableOf(top, 'long'), variableOf(lowest, 'long')]).to.deep.equal(['text 1', 'text 1']);
    expect(made).to.equal(1);
  });

  it('should hold nothing where V8 takes it for old from the beginning', () => {
    const all: object[] = [];
    const late = (variables: Record<string, string>): void => {
      all.push(variables);
      addLate(variables, 'late', () => 'text');
    };
    const layer = VariableLayer.of({ late }, undefined);
    expect(variableOf(layer, 'late')).to.equal('text');
    expect(all.map(each => Object.getPrototypeOf(each) as unknown)).to.deep.equal([null]);
    // The hidden class of what has a prototype of its own, and the pair of functions that an accessor is.
    expect(Object.getPrototypeOf(layer)).to.equal(VariableLayer.prototype);
    for (const each of [layer, ...all])
      expect(Object.values(Object.getOwnPropertyDescriptors(each)).filter(own => 'get' in own)).to.deep.equal(
        [],
      );
  });

  it('should have no variable that an object of an application inherits, and none of Object', () => {
    const inherited = Object.create({ a: '1' }) as Record<string, string>;
    expect(variableOf(inherited, 'a')).to.equal(undefined);
    expect(namesOf(inherited)).to.deep.equal([[]]);
    const layer = VariableLayer.of({}, undefined, VariableLayer.of({ a: () => undefined }, undefined));
    for (const name of ['constructor', '__proto__', 'toString', 'a.constructor'])
      expect(variableOf(layer, name)).to.equal(undefined);
    const own = emptyVariables();
    own['__proto__'] = 'x';
    expect(variableOf(own, '__proto__')).to.equal('x');
  });
});
