// Who imports whom, type imports included.
import { importsOf, resolveImport, type SourceFile } from './source-tree.js';

/** Between files, or between folders. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

export function edgesOf(sources: readonly SourceFile[]): Edge[] {
  return sources.flatMap(source =>
    importsOf(source)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => ({ from: source.path, to: resolveImport(source.path, specifier) })),
  );
}

/** The files on a cycle, or nothing. Depth first; a file is finished once nothing reachable from it led back to it. */
export function findCycle(edges: readonly Edge[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();
  const follow = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return [];
    for (const next of targets.get(file) ?? []) {
      const cycle = follow(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const cycle = follow(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
