import { expect } from 'chai';
import { Linter } from 'eslint';
import { fileHeader } from '../scripts/file-header-rule.mjs';

describe('the lint rule of file headers', () => {
  const config = {
    plugins: { local: { rules: { 'file-header': fileHeader } } },
    rules: { 'local/file-header': 'error' },
  } satisfies Linter.Config;
  const fixed = (text: string): string => new Linter().verifyAndFix(text, config).output;

  it('writes a header in lines, whatever block it was, and leaves the code', () => {
    const code = "import a from 'a';\n";
    const lines = `// One.\n//\n//   two\n${code}`;
    expect(fixed(`/*\n * One.\n *\n *   two\n */\n${code}`)).to.equal(lines);
    expect(fixed(`/* One.\n\n   two */\n${code}`)).to.equal(`// One.\n//\n// two\n${code}`);
    expect(fixed(`#!/usr/bin/env node\n/* One. */\n${code}`)).to.equal(
      `#!/usr/bin/env node\n// One.\n${code}`,
    );
    expect(fixed(`/** One. */\n${code}`), 'a doc comment of nothing').to.equal(`// One.\n${code}`);
    expect(fixed('/** One. */\n\n/** Two. */\nexport const two = 2;\n')).to.equal(
      '// One.\n\n/** Two. */\nexport const two = 2;\n',
    );
    expect(fixed(lines)).to.equal(lines);
  });

  it('leaves what is no header: doc comments of a declaration, comments further down, words to a tool', () => {
    for (const text of [
      '/** One. */\nexport const one = 1;\n',
      'export const one = 1;\n/* Two. */\n',
      '/* global one */\none();\n',
      '',
    ])
      expect(new Linter().verify(text, config), text).to.deep.equal([]);
  });
});
