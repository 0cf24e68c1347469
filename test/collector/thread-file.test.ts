import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { findThreadFile } from '../../lib/collector/thread-file.js';
import { ROOT } from '../support/source-tree.js';

describe('findThreadFile', () => {
  const PACKAGED = join(ROOT, 'dist/esm/collector-thread.js');
  let folder: string;
  before(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'thread-file-')))));
  after(() => rmSync(folder, { recursive: true }));

  /** Returns its path. */
  function fileIn(...names: string[]): string {
    const path = join(folder, ...names);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
    return path;
  }

  /** In an empty working directory. */
  function elsewhere<T>(run: () => T): T {
    const directory = process.cwd();
    process.chdir(mkdtempSync(join(folder, 'empty-')));
    try {
      return run();
    } finally {
      process.chdir(directory);
    }
  }

  it('should find it in the package, from each of its forms and from the sources', () => {
    for (const from of ['dist/esm', 'dist/cjs', 'dist/collector', 'dist/guard', 'lib/guard'])
      expect(
        elsewhere(() => findThreadFile({ code: join(ROOT, from), program: undefined })),
        from,
      ).to.equal(PACKAGED);
    expect(elsewhere(() => findThreadFile())).to.equal(PACKAGED);
  });

  it('should find it beside a bundle, whatever its ending, before that of an installed package', () => {
    for (const ending of ['cjs', 'mjs', 'js']) {
      const path = fileIn(`beside/collector-thread.${ending}`);
      const code = join(folder, 'beside');
      expect(findThreadFile({ code, program: ROOT })).to.equal(path);
      // From a chunk of the bundle, and where nobody says where the code is.
      expect(findThreadFile({ code: join(code, 'chunks'), program: undefined })).to.equal(path);
      expect(findThreadFile({ code: undefined, program: code })).to.equal(path);
      expect(findThreadFile({ code: ROOT, program: code })).to.equal(path);
    }
  });

  it('should give a whole path, whatever a bundler made of that of the code', () => {
    const path = fileIn('relative/collector-thread.js');
    const code = relative(process.cwd(), join(path, '..'));
    expect(findThreadFile({ code, program: undefined })).to.equal(path);
  });

  it('should need no working directory', () => {
    const cwd = process.cwd.bind(process);
    process.cwd = () => {
      throw new Error('ENOENT');
    };
    try {
      const code = join(ROOT, 'dist/cjs');
      const found = findThreadFile({ code, program: undefined });
      expect(found).to.equal(join(ROOT, 'dist/esm/collector-thread.js'));
      expect(() => findThreadFile({ code: join(folder, 'nowhere'), program: undefined })).to.throw(
        'is not installed',
      );
    } finally {
      process.cwd = cwd;
    }
  });

  it('should find that of the package which a bundle was made of, if it is installed', () => {
    fileIn('app/node_modules/otel-argo-metrics/package.json');
    const path = fileIn('app/node_modules/otel-argo-metrics/dist/esm/collector-thread.js');
    writeFileSync(join(folder, 'app/node_modules/otel-argo-metrics/package.json'), '{}');
    const bundle = join(folder, 'app/build/out');
    const found = [
      { code: bundle, program: undefined },
      { code: undefined, program: bundle },
      { code: folder, program: bundle },
    ].map(where => elsewhere(() => findThreadFile(where)));
    expect(found).to.deep.equal([path, path, path]);
    // From the working directory.
    const directory = process.cwd();
    process.chdir(join(folder, 'app'));
    try {
      expect(findThreadFile({ code: undefined, program: undefined })).to.equal(path);
    } finally {
      process.chdir(directory);
    }
  });

  it('should say how to have one where there is none', () => {
    const nowhere = join(folder, 'nowhere');
    for (const [where, places] of [
      [{ code: undefined, program: undefined }, 'this code'],
      [{ code: nowhere, program: undefined }, nowhere],
      [{ code: nowhere, program: join(folder, 'bin') }, `${nowhere} and ${join(folder, 'bin')}`],
    ] as const)
      expect(() => elsewhere(() => findThreadFile(where)))
        .to.throw(`beside ${places}, and`)
        .with.property('code', 'COLLECTOR_FAILED');
  });
});
