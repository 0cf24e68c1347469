import { expect } from 'chai';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { checkExpression } from '../../../../lib/argo/expression/checker/checker.js';
import { MAP, TEXT } from '../../../../lib/argo/go/value/nature.js';
import type { Nature } from '../../../../lib/argo/go/value/nature.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';

describe('checkExpression', () => {
  const variables = new Map<string, Nature>([
    ['status', TEXT],
    ['duration', TEXT],
    ['workflow', MAP],
  ]);
  const check = (source: string): void =>
    checkExpression(parseExpression(source, isBuiltin), name => variables.get(name));

  it('should let pass what may have a value', () => {
    for (const source of [
      'workflow.a.b + 1',
      'status + "a"',
      'other.x ?? 1',
      'map([1], # + 1)',
      '::duration("1h")',
    ])
      expect(() => check(source), source).to.not.throw();
  });

  for (const [source, message] of [
    ['status * 2', 'invalid operation: * (mismatched types string and int)'],
    ['false ? 1 + "a" : 2', 'mismatched types int and string'],
    ['status.x', 'type string has no field x'],
    ['duration("1h")', 'string is not callable'],
    ['workflow()', 'map[string]interface {} is not callable'],
    ['map([1], #.x)', 'type int has no field x'],
    ['map([1], #acc)', 'unknown pointer #acc'],
    ['filter([1], #)', 'predicate should return boolean (got int)'],
    ['let status = 1; 2', 'cannot redeclare status'],
    ['let len = 1; 2', 'cannot redeclare builtin len'],
    ['1 % (2 - 2)', 'integer divide by zero'],
    ['status matches "("', 'missing closing )'],
  ] as const)
    it(`should refuse ${source}`, () => {
      expect(() => check(source)).to.throw(message);
    });
});
