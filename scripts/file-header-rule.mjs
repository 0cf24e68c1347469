// A rule for the linter: the header of a file stands in lines of `//`. What stands right above the first declaration is a doc
// comment of that, and no header.

/** A comment that speaks to a tool. */
const DIRECTIVE = /^\s*(eslint|global|@)/;

export const fileHeader = {
  meta: {
    type: 'layout',
    fixable: 'code',
    schema: [],
    messages: { block: 'Write the header of a file in lines of //.' },
  },
  create({ sourceCode, report }) {
    return {
      Program() {
        const [header] = sourceCode.getAllComments().filter(({ type }) => type !== 'Shebang');
        if (header?.type !== 'Block' || DIRECTIVE.test(header.value)) return;
        if (sourceCode.getTokenBefore(header) !== null) return;
        const next = sourceCode.getTokenAfter(header, { includeComments: true });
        const isAbove = next?.loc.start.line === header.loc.end.line + 1;
        if (header.value.startsWith('*') && isAbove && next.value !== 'import') return;
        report({
          loc: header.loc,
          messageId: 'block',
          fix: fixer => fixer.replaceText(header, linesOf(header.value)),
        });
      },
    };
  },
};

function linesOf(block) {
  return block
    .split('\n')
    .map(line => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
    .split('\n')
    .map(line => `// ${line}`.trimEnd())
    .join('\n');
}
