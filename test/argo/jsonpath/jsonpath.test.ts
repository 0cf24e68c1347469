import { expect } from 'chai';
import fc from 'fast-check';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import type { Value } from '../../../lib/argo/go/value/value.js';
import { LimitError, metered } from '../../../lib/argo/budget/evaluation-limits.js';
import { goFunction } from '../../../lib/argo/go/value/go-function.js';
import { jsonPath } from '../../../lib/argo/jsonpath/jsonpath.js';
import { testGoldenRows } from '../go/golden-rows.js';

function boundedPath(json: string, path: string): Value {
  return metered(new Budget(), () => jsonPath(json, path));
}

describe('jsonPath', () => {
  testGoldenRows('jsonpath', new Map([['jsonPath', goFunction(['string', 'string'], jsonPath)]]));

  it('should fail only with reasons', () => {
    const part = fc.constantFrom(
      '.a',
      '..',
      '[0]',
      '[*]',
      "['b']",
      '[?(@.a',
      ' == ',
      '1',
      ')]',
      '(',
      '@',
      '.length',
      '[1:',
      '-1',
      ']',
      '!',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.json(), (parts, json) => {
        try {
          boundedPath(json, `$${parts.join('')}`);
        } catch (error) {
          if (!(error instanceof EvaluationError || error instanceof LimitError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('should end on chains that double the work with each link', () => {
    const chain = `$[?(${'1=='.repeat(240)}1)]`;
    expect(() => boundedPath('[1]', chain)).to.throw(LimitError, 'steps');
    expect(() => boundedPath('[1]', `$[?(${'!('.repeat(240)}1${')'.repeat(240)})]`)).to.not.throw(RangeError);
  });

  it('should refuse paths that are too long', () => {
    expect(() => jsonPath('{}', `$${'.a'.repeat(1000)}`)).to.throw(LimitError, 'more than');
  });
});
