// Goal: what is published is what is meant to be published. Method: ask npm what it would pack.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { ROOT, readText } from '../support/source-tree.js';
import { ENTRY, reachableFrom, readBuilt } from './built-package.js';

/** A tenth above what it is, so that a fixture or a second copy of something does not slip in. */
const PACKED_BYTES_MAX = 690_000;
const UNPACKED_BYTES_MAX = 2_380_000;
/** The whole CommonJS form in one file. */
const COMMONJS_BYTES_MAX = 570_000;

/** JavaScript that loading the entry parses, the embedded kernel included, before anybody minifies it. */
const ENTRY_BYTES_MAX = 1_020_000;

interface PackReport {
  readonly files: readonly { readonly path: string }[];
  readonly size: number;
  readonly unpackedSize: number;
}

function dryRun(): PackReport {
  // Without the scripts: `prepack` would build while other tests read what was built.
  const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  const reports = JSON.parse(printed) as PackReport[] | Record<string, PackReport>;
  const report = Object.values(reports)[0];
  if (report === undefined) throw new Error(`npm printed ${printed}`);
  return report;
}

describe('packed files', () => {
  let report: PackReport;
  let paths: string[];

  before(() => {
    report = dryRun();
    paths = report.files.map(({ path }) => path);
  });

  it('should hold the build, its types, the licence and the documents', () => {
    expect(paths).to.include.members([
      'package.json',
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'docs/deviations.md',
      'docs/errors.md',
      'lib/README.md',
    ]);
    expect(paths).to.include.members([
      ENTRY,
      'dist/index.d.ts',
      'dist/cli/bin.js',
      'dist/memory/kernel-binary.js',
      'dist/cjs/index.js',
      'dist/cjs/index.d.ts',
      'dist/cjs/package.json',
    ]);
  });

  it('should hold nothing else', () => {
    const documents =
      /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|docs\/[a-z-]+\.md|lib\/README\.md)$/;
    const build = /^dist\/.*[a-z0-9-]\.(js|d\.ts)$/;
    expect(
      paths.filter(path => !documents.test(path) && !build.test(path) && path !== 'dist/cjs/package.json'),
    ).to.deep.equal([]);
    expect(paths.filter(path => /\.test\.|\.as\./.test(path))).to.deep.equal([]);
  });

  it('should hold everything that the entry and the command load', () => {
    for (const start of [ENTRY, 'dist/cli/bin.js'])
      expect(paths).to.include.members([...reachableFrom(start).files]);
  });

  it('should hold the same declarations for CommonJS, and no more of them than it needs', () => {
    const declarations = paths.filter(path => path.startsWith('dist/cjs/') && path.endsWith('.d.ts'));
    expect(declarations.length).to.be.within(20, 100);
    for (const path of declarations)
      expect(readBuilt(path)).to.equal(readBuilt(path.replace('dist/cjs/', 'dist/')));
    expect(paths.filter(path => /^dist\/cjs\/.*\.js$/.test(path))).to.deep.equal(['dist/cjs/index.js']);
  });

  it('should hold the documents that its documents link to', () => {
    const links = paths
      .filter(path => path.endsWith('.md'))
      .flatMap(path =>
        [...readText(path).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) =>
          posix.join(posix.dirname(path), target),
        ),
      );
    expect(links).to.include('docs/proof.md');
    expect(links.filter(target => target.endsWith('.md') && !paths.includes(target))).to.deep.equal([]);
  });

  it('should hold every file that the README names', () => {
    const named = [
      ...readText('README.md').matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)|`([\w.-]+\/[\w./-]*)`/g),
    ].map(([, link, code]) => link ?? code ?? '');
    expect(named.length).to.be.greaterThan(10);
    expect(named.filter(path => existsSync(join(ROOT, path)) && !paths.includes(path))).to.deep.equal([]);
  });

  it('should stay within its size', () => {
    expect(report.size).to.be.within(1, PACKED_BYTES_MAX);
    expect(report.unpackedSize).to.be.within(1, UNPACKED_BYTES_MAX);
    const loaded = [...reachableFrom(ENTRY).files].reduce(
      (bytes, path) => bytes + Buffer.byteLength(readBuilt(path)),
      0,
    );
    expect(loaded).to.be.within(1, ENTRY_BYTES_MAX);
    expect(Buffer.byteLength(readBuilt('dist/cjs/index.js'))).to.be.within(1, COMMONJS_BYTES_MAX);
  });
});
