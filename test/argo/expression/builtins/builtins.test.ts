import { expect } from 'chai';
import { BUILTINS, isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { parameterKindsOf } from '../../../../lib/argo/expression/syntax/predicates.js';

describe('the functions of the language', () => {
  it('should be those of expr-lang 1.17, each once', () => {
    const names =
      'all none any one filter map find findIndex findLast findLastIndex count sum groupBy sortBy reduce len type abs ceil ' +
      'floor round int float string trim trimPrefix trimSuffix upper lower split splitAfter replace repeat join indexOf ' +
      'lastIndexOf hasPrefix hasSuffix max min mean median toJSON fromJSON toBase64 fromBase64 now duration date timezone ' +
      'first last get take keys values toPairs fromPairs reverse uniq concat flatten sort bitand bitor bitxor bitnand bitshl ' +
      'bitshr bitushr bitnot';
    for (const name of names.split(' ')) {
      expect(isBuiltin(name), name).to.equal(true);
      expect(BUILTINS.has(name) && parameterKindsOf(name) !== undefined, name).to.equal(false);
    }
    const predicates = names.split(' ').filter(name => parameterKindsOf(name));
    expect(BUILTINS.size + predicates.length).to.equal(names.split(' ').length);
  });
});
