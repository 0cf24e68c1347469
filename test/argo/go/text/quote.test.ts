import { expect } from 'chai';
import { quoteGo, quoteTime } from '../../../../lib/argo/go/text/quote.js';

describe('quotes of Go', () => {
  it('should quote a lone surrogate as the character that replaces it', () => {
    expect(quoteGo('\ud800')).to.equal('"\ufffd"');
  });

  it('should write the bytes of what is not ASCII where `time` quotes', () => {
    expect([quoteGo('é"\n'), quoteTime('é"\n')]).to.deep.equal(['"é\\"\\n"', '"\\xc3\\xa9\\"\\x0a"']);
  });
});
