import { expect } from 'chai';
import { parseWhen } from '../../../lib/argo/when/when-parser.js';
import { printWhen } from '../../../lib/argo/when/when-print.js';

const canonical = (text: string): string => printWhen(parseWhen(text));

describe('parseWhen', () => {
  it('should know how tightly operators bind', () => {
    expect(canonical('(((1+(2*3)) << 1) & 7) == a && (b || c)')).to.equal(
      "1 + 2 * 3 << 1 & 7 == 'a' && ('b' || 'c')",
    );
    expect(canonical('-2 ** 2')).to.equal('-2 ** 2');
    expect(canonical('(1 - 2) - (3 - 4)')).to.equal('(1 - 2) - (3 - 4)');
    expect(canonical('a ? b : c ?? d')).to.equal("'a' ? 'b' : 'c' ?? 'd'");
  });

  it('should work off a level from left to right', () => {
    const tree = parseWhen('1 - 2 - 3');
    expect(tree).to.have.property('links').with.lengthOf(2);
    expect(tree).to.have.nested.property('first.value', 1);
  });

  it('should ignore what follows a complete expression, as govaluate does', () => {
    expect(canonical('(true) false')).to.equal('true');
    expect(canonical('((true) false && x)')).to.equal("true && 'x'");
  });

  it('should compile patterns right of a regular expression operator', () => {
    expect(parseWhen("a =~ 'x'")).to.have.nested.property('links[0].operand.value.regexp.pattern', 'x');
    expect(parseWhen("a =~ ('x')")).to.have.nested.property('links[0].operand.value', 'x');
    expect(() => parseWhen("'a' =~ '('"))
      .to.throw('missing closing )')
      .with.property('stage', 'read');
    expect(() => parseWhen("'a' =~ [(]"))
      .to.throw('missing closing )')
      .with.property('stage', 'reread');
  });

  it('should refuse a comma behind a question mark with words of its own', () => {
    expect(() => parseWhen('true ? , 1')).to.throw("Unable to plan token kind: 'SEPARATOR', value: ','");
  });
});
