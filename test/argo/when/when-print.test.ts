import { expect } from 'chai';
import fc from 'fast-check';
import { WhenError } from '../../../lib/argo/when/when-error.js';
import { parseWhen } from '../../../lib/argo/when/when-parser.js';
import { printWhen } from '../../../lib/argo/when/when-print.js';
import type { WhenNode } from '../../../lib/argo/when/when-tree.js';
import { anyWhenText, looseWhenText } from './when-text.js';

function parsed(text: string): WhenNode | undefined {
  try {
    return parseWhen(text);
  } catch (error) {
    if (error instanceof WhenError) return undefined;
    throw error;
  }
}

/** Without positions, and patterns as their text. */
function shape(node: WhenNode): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'position') return undefined;
    return key === 'regexp' ? (value as { pattern: string }).pattern : value;
  });
}

describe('printWhen', () => {
  it('should write what reads as the same tree', () => {
    let trees = 0;
    fc.assert(
      fc.property(fc.oneof(anyWhenText, looseWhenText), text => {
        const tree = parsed(text);
        if (!tree) return;
        trees++;
        const printed = printWhen(tree);
        expect(shape(parseWhen(printed)), printed).to.equal(shape(tree));
        expect(printWhen(parseWhen(printed))).to.equal(printed);
      }),
      { numRuns: 10_000 },
    );
    expect(trees).to.be.greaterThan(500);
  });

  it('should not let a string become a time, a pattern or the operand of a prefix', () => {
    for (const [text, printed] of [
      ['[2026-01-02] == a', "[2026-01-02] == 'a'"],
      ["a =~ ('x')", "'a' =~ ('x')"],
      ["a =~ ('x' + 'y')", "'a' =~ ('x' + 'y')"],
      ["a =~ x ? true : '1900-01-01'", "'a' =~ [x] ? true : ('1900-01-01T00:00:00Z')"],
      ["!('x')", "!('x')"],
      ['a.B (1) + 2', '(a.B (1) + 2)'],
      ['a.B\\-c', 'a.B\\-c'],
      ['1\\e30 == 1', '1\\e\\+30 == 1'],
      ['(1 +)', '1 + ()'],
    ] as const)
      expect(printWhen(parseWhen(text)), text).to.equal(printed);
  });
});
