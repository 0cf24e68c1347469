// The files of deploy/, parsed.
import { posix } from 'node:path';
import { parseAllDocuments, parseDocument } from 'yaml';
import { listFiles, readText } from '../support/source-tree.js';

export interface Manifest {
  readonly path: string;
  readonly kind: string;
  readonly value: unknown;
}

/** What stands there; undefined where there is nothing. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

/** As `at`, of a list. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): unknown[] {
  const list = at(value, ...keys);
  if (!Array.isArray(list)) throw new Error(`no list at ${keys.join('.')}`);
  return list;
}

export function parsed(path: string): unknown {
  return parseDocument(readText(path)).toJS();
}

/** Every document of every YAML file but `watch.yaml`, which is a file of its own kind. */
export function readManifests(): Manifest[] {
  return listFiles('deploy')
    .filter(path => path.endsWith('.yaml') && posix.basename(path) !== 'watch.yaml')
    .flatMap(path =>
      parseAllDocuments(readText(path)).map(document => {
        if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`);
        const value: unknown = document.toJS();
        return { path, kind: String(at(value, 'kind')), value };
      }),
    );
}

/** The only one of this kind that is no patch of another one. */
export function onlyOf(kind: string, folder = 'deploy'): unknown {
  const found = readManifests().filter(
    ({ path, kind: actual, value }) =>
      actual === kind && path.startsWith(folder) && !PATCHES.has(path) && value !== null,
  );
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} in ${folder}`);
  return found[0]?.value;
}

/** Files that a kustomization applies to others. */
const PATCHES = new Set(
  listFiles('deploy')
    .filter(path => path.endsWith('kustomization.yaml'))
    .flatMap(path =>
      ((at(parsed(path), 'patches') ?? []) as { path: string }[]).map(patch =>
        posix.join(posix.dirname(path), patch.path),
      ),
    ),
);
