// What `promtool check metrics` says of texts: of those that the examples print, and of any other.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runOrThrow } from './steps.mjs';

/** Throws what it has to say. */
export function checkText(promtool, text) {
  const { status, stdout, stderr, error } = spawnSync(promtool, ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0 || stdout + stderr !== '') throw new Error(`exit code ${status}\n${stdout}${stderr}`);
}

/** The programs of examples/ that print Prometheus text. */
export function listExamplesWithText() {
  return readdirSync(join(ROOT, 'examples'), { recursive: true })
    .filter(path => /(^|[./\\])expected\.txt$/.test(path))
    .filter(path => /^# TYPE /m.test(readFileSync(join(ROOT, 'examples', path), 'utf8')))
    .map(path => join('examples', path.replace(/\.expected\.txt$/, '').replace(/expected\.txt$/, 'main')))
    .sort();
}

/** The text that such a program prints. */
export function printedBy(program) {
  const folder = readdirSync(join(ROOT, program, '..'));
  const name = program.split(/[/\\]/).at(-1);
  const file = folder.find(found => [`${name}.mjs`, `${name}.cjs`].includes(found));
  return runOrThrow(process.execPath, [join(program, '..', file)], { timeoutMillis: 60_000 });
}
