// The compiler of the kernel, with the flags of the shipped one.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OPTIONS =
  '-O3 --noAssert --runtime stub --importMemory --sharedMemory --enable threads --disableWarning 201 --initialMemory 1 --maximumMemory 65536';

/** Compiles lib/memory/kernel/. `edit` may change the text of each source file before. */
export async function compileKernel(edit = (_path, text) => text) {
  let binary;
  const { error, stderr } = await asc.main(
    ['lib/memory/kernel/kernel.as.ts', '-o', 'kernel.wasm', ...OPTIONS.split(' ')],
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
  if (error) throw new Error(`the kernel does not compile: ${error.message}\n${stderr.toString()}`);
  return binary;
}
