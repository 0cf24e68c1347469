// Builds dist/: compiles the kernels, refuses the store's if it breaks a rule, embeds them and the endpoint's page as strings, then compiles the rest as ESM,
// file by file as the repository's own tests load it, and bundles what is published. With --unchecked, types are only taken
// off: for who checks them beside.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { checkKernel } from './check-kernel.mjs';
import { compileKernel, compileRowKernel } from './compile-kernel.mjs';
import { embedPage } from './embed-page.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

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

function embed(binary, path, from) {
  write(
    path,
    `/** The kernel, compiled from ${from} by scripts/build.mjs. */\nexport const KERNEL_BASE64: string =\n  '${Buffer.from(binary).toString('base64')}';\n`,
  );
}

function write(path, text) {
  const output = join(root, path);
  if (!existsSync(output) || readFileSync(output, 'utf8') !== text) writeFileSync(output, text);
}

const binary = await compileKernel();
const checked = checkKernel(binary);
const unseen = SECTIONS.filter(name => !checked.includes(name));
if (unseen.length > 0) throw new Error(`the kernel check saw no section in ${unseen.join(', ')}`);
embed(binary, 'lib/memory/kernel-binary.ts', 'kernel/');
embed(await compileRowKernel(), 'lib/exposition/rows/kernel-binary.ts', 'kernel/');
write('lib/exposition/page/page-files.ts', embedPage());

// Built beside and then exchanged: whoever uses dist/ meanwhile never finds half of it.
const fresh = join(root, 'dist.new');
rmSync(fresh, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const unchecked = process.argv.includes('--unchecked') ? ['--noCheck'] : [];
const { status } = spawnSync(
  process.execPath,
  [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh, ...unchecked],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);
bundle(fresh);
rmSync(join(root, 'dist'), { recursive: true, force: true });
renameSync(fresh, join(root, 'dist'));
