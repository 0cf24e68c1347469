import { expect } from 'chai';
import { GoFunction, GoObject } from '../../../../lib/argo/go/value/go-value.js';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import type { Value } from '../../../../lib/argo/go/value/value.js';
import {
  checkSlice,
  goFunction,
  goKindOf,
  goTypeOf,
  isEmpty,
  variadic,
} from '../../../../lib/argo/go/value/go-function.js';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';

describe('goFunction', () => {
  const show = goFunction(['string', 'size', 'bool', 'any'], (text, size, flag, any) => [
    text,
    size,
    flag,
    any,
  ]);

  it('should check the number of arguments and their types', () => {
    expect(show('a', 1n, true, null)).to.deep.equal(['a', 1, true, null]);
    expect(() => show('a')).to.throw(EvaluationError, 'invalid number of arguments: expected 4, got 1');
    expect(() => show(1n, 1n, true, null)).to.throw(
      EvaluationError,
      'reflect: Call using int as type string',
    );
    expect(() => show('a', 1.5, true, null)).to.throw(
      EvaluationError,
      'reflect: Call using float64 as type int',
    );
  });

  it('should give the zero value for nil', () => {
    expect(show(null, null, null, null)).to.deep.equal(['', 0, false, null]);
    const others = goFunction(['int', 'float', 'map', 'time'], (...values) => values);
    expect(others(null, null, null, null)).to.deep.equal([0n, 0, new Map(), GoTime.ZERO]);
  });
});

describe('variadic', () => {
  const sum = variadic(
    ['string'],
    'int',
    ([text], numbers) => `${text}${numbers.reduce((left, right) => left + right, 0n)}`,
  );

  it('should take any number of arguments after the fixed ones', () => {
    expect(sum('=')).to.equal('=0');
    expect(sum('=', 1n, 2n)).to.equal('=3');
    expect(() => sum()).to.throw(EvaluationError, 'invalid number of arguments: expected at least 1, got 0');
    expect(() => sum('=', 'x')).to.throw(EvaluationError, 'reflect: cannot use string as type int in Call');
  });
});

describe('Go types', () => {
  const values: readonly Value[] = [null, 'a', 1n, 1.5, true, [], new Map(), GoTime.ZERO, new GoDuration(0n)];

  it('should have the names and kinds that Go gives them', () => {
    expect(values.map(goTypeOf)).to.deep.equal([
      '<nil>',
      'string',
      'int',
      'float64',
      'bool',
      '[]interface {}',
      'map[string]interface {}',
      'time.Time',
      'time.Duration',
    ]);
    expect(values.map(goKindOf)).to.deep.equal(
      'invalid string int float64 bool slice map struct int64'.split(' '),
    );
  });

  it('should have the names and kinds of what only expressions know', () => {
    const month = new GoObject('time.Month', 'May', 5n).asValue();
    const call = new GoFunction('func(string)', () => null).asValue();
    expect([month, call].map(goTypeOf)).to.deep.equal(['time.Month', 'func(string)']);
    expect([month, call].map(goKindOf)).to.deep.equal(['int', 'func']);
  });

  it('should be empty at zero, but for times', () => {
    expect(values.map(isEmpty)).to.deep.equal([true, false, false, false, false, true, true, false, true]);
    expect(['', 0n, 0, -0, false].every(isEmpty)).to.equal(true);
    expect(isEmpty(NaN)).to.equal(false);
  });
});

describe('checkSlice', () => {
  it('should name the bound that is wrong', () => {
    checkSlice(0, 3, 3);
    expect(() => checkSlice(0, 4, 3)).to.throw(EvaluationError, '[:4] with length 3');
    expect(() => checkSlice(2, 1, 3)).to.throw(EvaluationError, '[2:1]');
    expect(() => checkSlice(0, -1, 3)).to.throw(EvaluationError, '[:-1]');
  });
});
