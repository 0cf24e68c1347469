// Builds dist/: compiles the kernel, refuses it if it breaks a rule, embeds it as a string, then compiles the rest as ESM,
// and bundles what the entry loads into one CommonJS file for those whose tools cannot load ESM.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import { checkKernel } from './check-kernel.mjs';
import { compileKernel } from './compile-kernel.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(root, 'lib/memory/kernel-binary.ts');

/** Every section of the kernel must have been seen by the check: fewer means that the check went blind. */
const SECTIONS = [
  'add',
  'record',
  'write',
  'beat',
  'swap',
  'quiesce',
  'settle',
  'drain',
  'emptyHalf',
  'sealHalf',
  'claimPlane',
  'admit',
  'admitStream',
];

function embed(binary) {
  const text = `/** The kernel, compiled from kernel/ by scripts/build.mjs. */\nexport const KERNEL_BASE64: string =\n  '${Buffer.from(binary).toString('base64')}';\n`;
  if (!existsSync(output) || readFileSync(output, 'utf8') !== text) writeFileSync(output, text);
}

/** One file for an entry, small but with readable names; what the package depends on stays outside. */
function bundleCommonJs(dist, entry) {
  const commonJs = join(dist, 'cjs');
  buildSync({
    entryPoints: [join(dist, `${entry}.js`)],
    outfile: join(commonJs, `${entry}.js`),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { 'import.meta.url': '__filename' },
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  copyDeclarations(join(dist, `${entry}.d.ts`), dist, commonJs, new Set());
  writeFileSync(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');
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

const binary = await compileKernel();
const checked = checkKernel(binary);
const unseen = SECTIONS.filter(name => !checked.includes(name));
if (unseen.length > 0) throw new Error(`the kernel check saw no section in ${unseen.join(', ')}`);
embed(binary);

// Built beside and then exchanged: whoever uses dist/ meanwhile never finds half of it.
const fresh = join(root, 'dist.new');
rmSync(fresh, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
const bin = join(fresh, 'cli/bin.js');
if (existsSync(bin)) chmodSync(bin, 0o755);
bundleCommonJs(fresh, 'index');
rmSync(join(root, 'dist'), { recursive: true, force: true });
renameSync(fresh, join(root, 'dist'));
