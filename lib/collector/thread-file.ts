// Where the file of the collector thread is: beside the code in the package, or where a bundle leads to.
import { existsSync } from 'node:fs';
// Under a name that nobody else declares: bundles begin with a `dirname` of their own.
import { dirname as folderOf, join, resolve } from 'node:path';
import { codeFolder } from '../guard/code-folder.js';
import { MetricStoreError } from '../errors.js';

const NAME = 'collector-thread';

/** Where the code runs, and the program that was started with it, as far as they are known. */
export interface Whereabouts {
  readonly code: string | undefined;
  readonly program: string | undefined;
}

/**
 * In the package it is beside, in one form for both: ESM, because the module of an exporter may be. An application that was
 * bundled has it bundled beside, or the package installed.
 *
 * @throws MetricStoreError COLLECTOR_FAILED
 */
export function findThreadFile(where: Whereabouts = whereabouts()): string {
  // A bundler may have left a path that is relative to the working directory.
  const [code, program] = [where.code, where.program].map(folder => folder && resolve(folder));
  const folders = [code, program].filter(folder => folder !== undefined);
  for (const path of [...placesBeside(code, program), ...installed([...folders, ...workingDirectory()])])
    if (existsSync(path)) return path;
  throw new MetricStoreError(
    'COLLECTOR_FAILED',
    `there is no ${NAME}.js, ${NAME}.mjs or ${NAME}.cjs beside ${folders.join(' and ') || 'this code'}, and otel-argo-metrics is not ` +
      `installed there: bundle node_modules/otel-argo-metrics/dist/esm/${NAME}.js as an entry of its own, into the folder of the bundle`,
  );
}

function whereabouts(): Whereabouts {
  const script = process.argv[1];
  return { code: codeFolder(), program: script === undefined ? undefined : folderOf(script) };
}

function* placesBeside(code: string | undefined, program: string | undefined): Generator<string> {
  if (code !== undefined) {
    yield* inFolder(code);
    // From the CommonJS form to the other one.
    yield join(code, '../esm', `${NAME}.js`);
    // From a folder of chunks to that of the entries.
    yield* inFolder(folderOf(code));
  }
  if (program !== undefined) yield* inFolder(program);
}

function inFolder(folder: string): string[] {
  return ['js', 'mjs', 'cjs'].map(ending => join(folder, `${NAME}.${ending}`));
}

/** None when somebody has removed it. */
function workingDirectory(): string[] {
  try {
    return [process.cwd()];
  } catch {
    return [];
  }
}

function* installed(folders: readonly string[]): Generator<string> {
  const { createRequire } = process.getBuiltinModule('node:module');
  for (const folder of folders)
    try {
      const manifest = createRequire(join(folder, 'any.js')).resolve('otel-argo-metrics/package.json');
      yield join(manifest, '../dist/esm', `${NAME}.js`);
    } catch {
      // Not there.
    }
}
