// The folder of recipes/ as a user has it: packages that are installed, and the library beside them, packed and unpacked.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto, ROOT, runOrThrow } from './steps.mjs';

export const RECIPES = join(ROOT, 'recipes');

/** What the recipes are about. */
export function installPackages() {
  return runOrThrow('npm', ['ci', '--no-audit', '--no-fund'], { cwd: RECIPES });
}

/** Returns where it is. */
export async function installLibrary() {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
  try {
    const tarball = await packInto(temporary);
    const target = join(RECIPES, 'node_modules/otel-argo-metrics');
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    await runOrThrow('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
    return target;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
