// Where a package of the application is: it is looked for from the working directory, from the program, and from here.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { codeFolder } from '../guard/code-folder.js';

/** The file that requiring it loads; undefined where it is not installed. */
export function findInstalled(name: string): string | undefined {
  for (const place of PLACES)
    try {
      const folder = place();
      if (folder !== undefined) return createRequire(join(folder, 'any.js')).resolve(name);
    } catch {
      // Not from there, or the working directory has been deleted.
    }
  return undefined;
}

const PLACES: readonly (() => string | undefined)[] = [
  () => process.cwd(),
  () => process.argv[1] && dirname(process.argv[1]),
  codeFolder,
];
