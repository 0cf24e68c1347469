import { expect } from 'chai';
import { isName, Tokenizer } from '../../../../lib/argo/expression/syntax/tokens.js';

describe('Tokenizer', () => {
  const read = (source: string): string[] => {
    const tokens = new Tokenizer(source);
    const all: string[] = [];
    for (let token = tokens.next(); token.kind !== 'EOF'; token = tokens.next())
      all.push(`${token.kind}:${token.text}@${token.position}`);
    return all;
  };

  it('should read words, operators, brackets, numbers and text', () => {
    expect(read('a not in [1.5]')).to.deep.equal([
      ...[
        'Identifier:a@0',
        'Operator:not@2',
        'Operator:in@6',
        'Bracket:[@9',
        'Number:1.5@10',
        'Bracket:]@13',
      ],
    ]);
    expect(read('1..2 ?. ?? :: **')).to.deep.equal([
      ...[
        'Number:1@0',
        'Operator:..@1',
        'Number:2@3',
        'Operator:?.@5',
        'Operator:??@8',
        'Operator:::@11',
        'Operator:**@14',
      ],
    ]);
    expect(read("#index 'a' `b``c`")).to.deep.equal([
      ...['Operator:#@0', 'Identifier:index@1', 'String:a@7', 'String:b`c@11'],
    ]);
  });

  it('should skip comments', () => {
    expect(read('1 /* 2 */ // 3\n4')).to.deep.equal(['Number:1@0', 'Number:4@15']);
    expect(() => read('/* a')).to.throw('unclosed comment');
  });

  it('should refuse what it does not know', () => {
    expect(() => read('@')).to.throw("unrecognized character: U+0040 '@'");
    expect(() => read('1a')).to.throw('bad number syntax: "1a"');
    expect(() => read("'a")).to.throw('literal not terminated');
    expect(() => read('```')).to.throw('literal not terminated');
  });

  it('should take letters of any language for a name, but no digit in front', () => {
    expect(['a', '_a1', '$x', 'é', '1a', '', 'a-b'].map(isName)).to.deep.equal([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
