// Sprig's functions on slash-separated paths, as Go's `path`. Those that begin with `os` are the same: Argo runs on Linux.
import type { ExpressionFunction } from '../go/value/value.js';
import { goFunction } from '../go/value/go-function.js';

const base = goFunction(['string'], basePath);
const dir = goFunction(['string'], directoryOf);
const clean = goFunction(['string'], cleanPath);
const ext = goFunction(['string'], extensionOf);
const isAbs = goFunction(['string'], path => path.startsWith('/'));

export const PATH_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  base,
  osBase: base,
  dir,
  osDir: dir,
  clean,
  osClean: clean,
  ext,
  osExt: ext,
  isAbs,
  osIsAbs: isAbs,
};

function basePath(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/(?<!\/)\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || '/';
}

function directoryOf(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

/** The shortest path that means the same. */
function cleanPath(path: string): string {
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push('..');
  }
  return (isRooted ? '/' : '') + parts.join('/') || '.';
}
