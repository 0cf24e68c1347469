import { matchesPattern } from '../store/definition/view-matching.js';

/**
 * Whether one of the patterns means a path. In a pattern `*` is any text, also with slashes, and `?` any character. It is
 * compared with the whole path and with what stands behind each of its slashes, so `templates` means every folder of that
 * name and all that is in it.
 */
export function ignoredBy(patterns: readonly string[]): (path: string) => boolean {
  // A pattern may begin anywhere in a path as it is.
  const wanted = patterns.map(pattern => normal(pattern).replace(/^(?:\*\*\/)+/, ''));
  return path => {
    const parts = normal(path).split('/');
    return wanted.some(pattern => parts.some((_, from) => meansPart(pattern, parts, from)));
  };
}

/** Whether the pattern means what is from that part on, or a folder on the way. */
function meansPart(pattern: string, parts: readonly string[], from: number): boolean {
  return parts.some((_, end) => end >= from && matchesPattern(pattern, parts.slice(from, end + 1).join('/')));
}

/** With slashes, without `./` before and a slash behind. */
function normal(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
}
