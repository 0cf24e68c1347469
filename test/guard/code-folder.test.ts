// Goal: whatever kind of module a bundler reads and writes, the code knows where it runs. Method: esbuild, from each to each.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildSync, type Format } from 'esbuild';
import { codeFolder } from '../../lib/guard/code-folder.js';
import { ROOT } from '../support/source-tree.js';

describe('codeFolder', () => {
  it('should be where its file is', () => {
    expect(codeFolder()).to.equal(join(ROOT, 'lib/guard'));
  });

  it('should be where a bundle is, whatever it was made of', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'code-folder-')));
    // As scripts/bundle.mjs makes the CommonJS form.
    const define = { 'import.meta.dirname': 'undefined' };
    const build = (entry: string, format: Format, options: object = {}): string => {
      const outfile = join(folder, `${format}${entry.length}.${format === 'esm' ? 'mjs' : 'cjs'}`);
      const common = { bundle: true, platform: 'node', logLevel: 'silent' } as const;
      buildSync({ ...common, entryPoints: [entry], format, outfile, ...options });
      return outfile;
    };
    const printed = (file: string): string => {
      const program = `import(${JSON.stringify(file)}).then(all => console.log(all.codeFolder() ?? all.default.codeFolder()))`;
      return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
    };
    try {
      const esm = join(ROOT, 'dist/guard/code-folder.js');
      const commonJs = build(esm, 'cjs', { define });
      expect(printed(commonJs)).to.equal(folder);
      for (const format of ['esm', 'cjs'] as const)
        expect(printed(build(esm, format)), format).to.equal(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
