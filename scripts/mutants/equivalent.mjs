// The changes that no test can notice, each with the reason: a table of docs/proof.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../steps.mjs';

const unquoted = cell => cell.replaceAll('\\|', '|').replace(/^`+ ?|`+$/g, '');

/** The rows: the file, its line, what the line becomes, and why nothing changes. */
export function equivalentMutants(text = readFileSync(join(ROOT, 'docs/proof.md'), 'utf8')) {
  return text
    .split('\n')
    .filter(line => line.startsWith('| `lib/'))
    .map(line =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(cell => cell.trim()),
    )
    .map(([path, from, to, why]) => ({ path: unquoted(path), from: unquoted(from), to: unquoted(to), why }));
}
