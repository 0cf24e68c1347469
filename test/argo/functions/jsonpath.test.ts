import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../lib/argo/expression/value.js';
import { goFunction } from '../../../lib/argo/functions/go-function.js';
import { jsonPath } from '../../../lib/argo/functions/jsonpath.js';
import { testGoldenRows } from './golden-rows.js';

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
          jsonPath(json, `$${parts.join('')}`);
        } catch (error) {
          if (!(error instanceof EvaluationError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('should end on chains that double the work with each link', () => {
    const chain = `$[?(${'1=='.repeat(240)}1)]`;
    expect(() => jsonPath('[1]', chain)).to.throw(EvaluationError, 'steps');
    expect(() => jsonPath('[1]', `$[?(${'!('.repeat(240)}1${')'.repeat(240)})]`)).to.not.throw(RangeError);
  });

  it('should refuse paths that are too long', () => {
    expect(() => jsonPath('{}', `$${'.a'.repeat(1000)}`)).to.throw(EvaluationError, 'more than');
  });
});
