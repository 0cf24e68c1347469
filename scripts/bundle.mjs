// Makes what is published of a built dist/: the entries and the command in a few files with what they share in chunks, once
// as ESM (dist/esm) and once as CommonJS (dist/cjs), and the types of both beside them. Readable, so that stacks are.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import ts from 'typescript';

/** The files of lib/ that `exports` of package.json names. */
const ENTRIES = ['index', 'store-entry', 'argo-entry', 'register'];

const COMMON = { platform: 'node', target: 'node20', logLevel: 'warning' };

export function bundle(dist) {
  const [esm, commonJs] = ['esm', 'cjs'].map(name => join(dist, name));
  for (const folder of [esm, commonJs]) rmSync(folder, { recursive: true, force: true });
  const files = [...ENTRIES, 'collector-thread'].map(name => [name, `${name}.js`]);
  const { metafile } = buildSync({
    ...COMMON,
    absWorkingDir: dist,
    entryPoints: Object.fromEntries(
      [...files, ['bin', 'cli/bin.js']].map(([name, path]) => [name, join(dist, path)]),
    ),
    outdir: esm,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    metafile: true,
  });
  chmodSync(join(esm, 'bin.js'), 0o755);
  // File by file, so that in CommonJS too the entries share what they have in common. The command needs no such form, nor does
  // the file of a thread, which both forms start.
  const only = ['esm/bin.js', 'esm/collector-thread.js'];
  const shared = Object.keys(metafile.outputs).filter(path => !only.includes(path));
  buildSync({
    ...COMMON,
    entryPoints: shared.map(path => join(dist, path)),
    outdir: commonJs,
    format: 'cjs',
    define: { 'import.meta.dirname': 'undefined' },
  });
  writeFileSync(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');
  for (const folder of [esm, commonJs]) {
    const copied = new Set();
    for (const name of ENTRIES) copyDeclarations(join(dist, `${name}.d.ts`), dist, folder, copied);
  }
}

/** By the nearest package.json a compiler tells whether declarations are those of a CommonJS module. */
function copyDeclarations(file, from, to, copied) {
  if (copied.has(file)) return;
  copied.add(file);
  const target = join(to, relative(from, file));
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
  for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles)
    if (fileName.startsWith('.'))
      copyDeclarations(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')), from, to, copied);
}
