// The compiler of the kernels, with the flags of the shipped ones: that of the store, whose memory all threads share, and
// that of Prometheus text, with a small memory of each thread's own.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OPTIONS = '-O3 --noAssert --runtime stub --importMemory';
const SHARED = '--sharedMemory --enable threads --disableWarning 201 --initialMemory 1 --maximumMemory 65536';
const PRIVATE = '--enable simd --initialMemory 1';

/** Compiles lib/memory/kernel/. `edit` may change the text of each source file before. */
export async function compileKernel(edit = (_path, text) => text) {
  return compile('lib/memory/kernel/kernel.as.ts', SHARED, edit);
}

/** Compiles lib/exposition/rows/kernel/. */
export async function compileRowKernel() {
  return compile('lib/exposition/rows/kernel/kernel.as.ts', PRIVATE, (_path, text) => text);
}

async function compile(source, options, edit) {
  let binary;
  const { error, stderr } = await asc.main(
    [source, '-o', 'kernel.wasm', ...OPTIONS.split(' '), ...options.split(' ')],
    {
      baseDir: root,
      readFile: name => {
        const path = join(root, name);
        return existsSync(path) ? edit(name, readFileSync(path, 'utf8')) : null;
      },
      writeFile: (name, contents) => name === 'kernel.wasm' && (binary = contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${source} does not compile: ${error.message}\n${stderr.toString()}`);
  return binary;
}
