import { expect } from 'chai';
import { ExpressionSyntaxError } from '../../../../lib/argo/expression/syntax/syntax-error.js';
import { describeToken, TokenCursor } from '../../../../lib/argo/expression/syntax/token-cursor.js';

describe('TokenCursor', () => {
  it('should look ahead without moving', () => {
    const cursor = new TokenCursor('a + 1');
    expect(cursor.peek().text).to.equal('+');
    expect(cursor.current.text).to.equal('a');
    expect(cursor.take().text).to.equal('a');
    expect(cursor.is('Operator', '+')).to.equal(true);
    expect(cursor.expect('Operator').text).to.equal('+');
    cursor.advance();
    cursor.advance();
    expect(cursor.is('EOF')).to.equal(true);
  });

  it('should say what it did not expect', () => {
    const cursor = new TokenCursor('a "b"');
    expect(() => cursor.expect('Number')).to.throw(ExpressionSyntaxError, 'unexpected token Identifier("a")');
    expect(describeToken(cursor.peek())).to.equal('String("b")');
    expect(describeToken(new TokenCursor('').current)).to.equal('EOF');
  });
});
