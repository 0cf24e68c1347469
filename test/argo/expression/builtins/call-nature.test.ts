import { expect } from 'chai';
import { argumentError, natureOfCall } from '../../../../lib/argo/expression/builtins/call-nature.js';
import { ANY, INT, NIL, signatureOf, TEXT, UNKNOWN } from '../../../../lib/argo/go/value/nature.js';

describe('arguments of a call', () => {
  const signature = signatureOf([TEXT, INT], TEXT);

  it('should be counted and typed', () => {
    expect(argumentError('f', signature, [TEXT, UNKNOWN])).to.equal(undefined);
    expect(argumentError('f', signature, [TEXT])?.message).to.equal('not enough arguments to call f');
    expect(argumentError('f', signature, [TEXT, INT, INT])?.message).to.equal('too many arguments to call f');
    expect(argumentError('f', signature, [INT, INT])).to.deep.equal({
      index: 0,
      message: 'cannot use int as argument (type string) to call f ',
    });
    expect(argumentError('f', signature, [NIL, INT])?.message).to.contain('cannot use nil');
    expect(argumentError('f', signatureOf([ANY], TEXT), [NIL])).to.equal(undefined);
    expect(argumentError('f', signatureOf([ANY], TEXT, true), [])).to.equal(undefined);
  });

  it('should fit one of the forms', () => {
    const forms = [signatureOf([TEXT], TEXT), signatureOf([INT], INT)];
    expect(natureOfCall('f', forms, [INT])).to.equal(INT);
    expect(natureOfCall('f', forms, [])).to.have.property('message', 'not enough arguments to call f');
    expect(natureOfCall('f', () => 'wrong', [])).to.deep.equal({ message: 'wrong' });
  });
});
