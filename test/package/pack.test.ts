// Goal: what is published is what is meant to be published. Method: ask npm what it would pack.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { ROOT, readText } from '../support/source-tree.js';
import { COMMAND, ENTRIES, reachableFrom, readBuilt } from './built-package.js';

const FORMS = ['esm', 'cjs'];

/** A tenth above what it is, so that a fixture or a third copy of something does not slip in. lib/README.md says what it is. */
const PACKED_BYTES_MAX = 1_014_000;
const UNPACKED_BYTES_MAX = 3_857_000;

/** JavaScript that loading an entry parses, the embedded kernel included, before anybody minifies it. */
const LOADED_BYTES_MAX: Readonly<Record<string, number>> = {
  './store': 650_000,
  './argo': 889_000,
  '.': 1_175_000,
  './register': 669_000,
};

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

  it('should hold the build, its types, the licence, the documents, the schema and the manifests', () => {
    expect(paths).to.include.members([
      'package.json',
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'deploy/Dockerfile',
      'deploy/all-namespaces/kustomization.yaml',
      'deploy/image/package-lock.json',
      'docs/deviations.md',
      'docs/errors.md',
      'lib/README.md',
      'schema/watch.json',
    ]);
    expect(paths).to.include.members([
      COMMAND,
      'dist/cjs/package.json',
      ...Object.values(ENTRIES).flatMap(name =>
        FORMS.flatMap(form => [`dist/${form}/${name}.js`, `dist/${form}/${name}.d.ts`]),
      ),
    ]);
  });

  it('should hold nothing but the build and the documents', () => {
    const documents =
      /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|docs\/[a-z-]+\.md|lib\/README\.md|schema\/watch\.json|deploy\/[\w./-]+)$/;
    const build = /^dist\/(cjs|esm)\/(.*[a-z0-9-]\.d\.ts|(chunk-[A-Z0-9]+|[a-z-]+)\.js)$/;
    expect(
      paths.filter(path => !documents.test(path) && !build.test(path) && path !== 'dist/cjs/package.json'),
    ).to.deep.equal([]);
    expect(paths.filter(path => /\.test\.|\.as\./.test(path))).to.deep.equal([]);
  });

  it('should hold everything that the entries the command and the collector thread load, and no other code', () => {
    // The file that a thread is started with, by both forms.
    const thread = 'dist/esm/collector-thread.js';
    const starts = Object.values(ENTRIES).flatMap(name => FORMS.map(form => `dist/${form}/${name}.js`));
    const loaded = new Set([COMMAND, thread, ...starts].flatMap(start => [...reachableFrom(start).files]));
    expect(paths.filter(path => path.endsWith('.js')).sort()).to.deep.equal([...loaded].sort());
  });

  it('should hold the same declarations for both forms, and no more of them than they need', () => {
    const declarations = (form: string): string[] =>
      paths.filter(path => path.startsWith(`dist/${form}/`) && path.endsWith('.d.ts'));
    expect(declarations('cjs').length).to.be.within(20, 115);
    expect(declarations('esm')).to.deep.equal(
      declarations('cjs').map(path => path.replace('dist/cjs/', 'dist/esm/')),
    );
    for (const path of declarations('esm')) {
      const declared = readBuilt(path);
      expect(readBuilt(path.replace('dist/esm/', 'dist/cjs/'))).to.equal(declared);
      expect(declared).to.equal(readBuilt(path.replace('dist/esm/', 'dist/')));
    }
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
    for (const [entry, name] of Object.entries(ENTRIES)) {
      const loaded = [...reachableFrom(`dist/esm/${name}.js`).files].reduce(
        (bytes, path) => bytes + Buffer.byteLength(readBuilt(path)),
        0,
      );
      expect(loaded, entry).to.be.within(1, LOADED_BYTES_MAX[entry] ?? 0);
    }
  });
});
