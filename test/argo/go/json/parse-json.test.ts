import { LimitError } from '../../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { goFunction } from '../../../../lib/argo/go/value/go-function.js';
import { marshalJson } from '../../../../lib/argo/go/json/go-json.js';
import { parseJson } from '../../../../lib/argo/go/json/parse-json.js';
import { testGoldenRows } from '../golden-rows.js';

describe('parseJson', () => {
  testGoldenRows('parse-json', new Map([['parseJson', goFunction(['string'], parseJson)]]));

  it('should take for JSON what JavaScript takes for JSON, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map(text => text.slice(1)),
          fc.string(),
        ),
        text => {
          const isJson = accepts(() => JSON.parse(text));
          expect(accepts(() => parseJson(text))).to.equal(isJson);
          if (isJson) expect(JSON.parse(marshalJson(parseJson(text)))).to.deep.equal(JSON.parse(text));
        },
      ),
      { examples: [['-0'], ['["-0",-0,0]'], ['{"b":1,"a":{"__proto__":2}}']] },
    );
  });

  it('should refuse depth that would exhaust the stack', () => {
    expect(() => parseJson('['.repeat(1_000_000))).to.throw(LimitError, 'nested');
  });
});

function accepts(body: () => unknown): boolean {
  try {
    body();
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof EvaluationError) return false;
    throw error;
  }
}
