import { expect } from 'chai';
import { ENVIRONMENT } from '../../../../lib/argo/expression/builtins/environment.js';
import { answer } from '../golden-rows.js';

describe("Argo's functions", () => {
  it('should be five names, and hide variables of these names', () => {
    expect([...ENVIRONMENT.keys()]).to.deep.equal(['asInt', 'asFloat', 'jsonpath', 'toJson', 'sprig']);
    expect(answer('asInt(asFloat) ?? 1', { asFloat: 'x' })).to.contain(
      'int(func(interface {}) interface {})',
    );
  });

  it('should give what they give in Argo: numbers, JSON, JSONPath, Sprig', () => {
    expect(answer("asInt('7') + asFloat('0.5')")).to.equal('7.5');
    expect(answer("toJson({'a': [1, '<']})")).to.equal('{"a":[1,"\\u003c"]}');
    expect(answer("jsonpath(inputs.parameters.json, '$.a.b[1]')")).to.equal('20');
    expect(answer('sprig.upper(sprig.trunc(2, status))')).to.equal('SU');
  });

  it('should not offer the environment of the process', () => {
    expect(answer("sprig.env('HOME')")).to.equal('failed to evaluate expression: sprig.env is missing');
    expect(answer('sprig.expandenv("$HOME")')).to.contain('sprig.expandenv is missing');
  });
});
