import { expect } from 'chai';
import { BUILTINS } from '../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../lib/argo/expression/syntax/parser.js';
import { isBuiltin } from '../../../lib/argo/expression/builtins/builtins.js';
import {
  isWholeFromZero,
  isYesOrNo,
  spreadOfCall,
  spreadOfMethod,
} from '../../../lib/argo/lint/call-spread.js';
import { fixed, spreadOf } from '../../../lib/argo/lint/value-spread.js';
import { SPRIG } from '../../../lib/argo/sprig/sprig.js';

const parse = (text: string): ReturnType<typeof parseExpression> => parseExpression(text, isBuiltin);

describe('spreadOfCall', () => {
  it('should never make something that is known of what is not, but for answers and fields', () => {
    const argument = parse('name');
    for (const name of [...BUILTINS.keys(), ...[...SPRIG.keys()].map(each => `sprig.${each}`)]) {
      const spread = spreadOfCall(name, [argument, argument], () => spreadOf('perRun', 'name'));
      if (spread.kind === 'fixed') expect(spread.count, name).to.equal(2);
    }
  });

  it('should count what it is given, whatever the function', () => {
    for (const name of ['upper', 'sprig.replace', 'nothing.known'])
      expect(
        spreadOfCall(name, [parse('a'), parse('b')], () => fixed(3)),
        name,
      ).to.deep.include({ count: 9 });
  });
});

describe('spreadOfMethod', () => {
  it('should know moments, and take others for functions', () => {
    const now = parse('now()');
    const go = (): ReturnType<typeof spreadOf> => spreadOf('fresh', 'now()');
    expect(spreadOfMethod('Format', now, [parse("'Mon'")], go)).to.deep.include({ count: 7 });
    expect(spreadOfMethod('Format', now, [parse('layout')], go).kind).to.equal('fresh');
    expect(spreadOfMethod('UTC', now, [], go).kind).to.equal('fresh');
  });
});

describe('isYesOrNo', () => {
  it('should be sure, or say no', () => {
    for (const text of [
      'true',
      'not a',
      "a == 'b'",
      'a and b > 1',
      'any([1], true)',
      'a || sprig.empty(a)',
      "sprig.contains('x', a)",
    ])
      expect(isYesOrNo(parse(text)), text).to.equal(true);
    for (const text of [
      'a',
      'a and b',
      'a or sprig.default(a, b)',
      '-1',
      "'true'",
      'sprig.upper(a)',
      'a ?? true',
    ])
      expect(isYesOrNo(parse(text)), text).to.equal(false);
  });
});

describe('isWholeFromZero', () => {
  it('should be sure, or say no', () => {
    for (const text of [
      'len(a)',
      'int(asFloat(duration) / 60)',
      'floor(retries * 2.5)',
      'asInt(workflow.duration)',
    ])
      expect(isWholeFromZero(parse(text)), text).to.equal(true);
    for (const text of [
      'asFloat(duration) / 60',
      'int(duration - 5)',
      'int(a)',
      'duration',
      'int(duration / 0)',
      '3',
    ])
      expect(isWholeFromZero(parse(text)), text).to.equal(false);
  });
});
