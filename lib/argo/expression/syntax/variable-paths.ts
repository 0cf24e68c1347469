// The variables that an expression looks at, whether it needs them or has something else for when they are absent.
import { declaredNames } from './required-names.js';
import { partsOf } from './syntax.js';
import type { Syntax } from './syntax.js';

export interface VariablePath {
  /** Dotted: `inputs.parameters.name`. */
  readonly path: string;
  readonly position: number;
}

/** The dotted name that a chain of members with constant names stands for; `undefined` for anything else. */
export function dottedPath(node: Syntax): string | undefined {
  if (node.kind === 'chain') return dottedPath(node.node);
  if (node.kind === 'identifier') return node.name;
  if (node.kind !== 'member' || node.property.kind !== 'text' || node.isMethod) return undefined;
  const object = dottedPath(node.object);
  return object === undefined ? undefined : `${object}.${node.property.value}`;
}

/** The whole names, not those of the maps on the way; called functions and names that `let` declares are none. */
export function variablePaths(root: Syntax): readonly VariablePath[] {
  const declared = declaredNames(root);
  const found = new Map<string, VariablePath>();
  const visit = (node: Syntax): void => {
    const path = dottedPath(node);
    if (path === undefined) {
      const parts = node.kind === 'call' && node.callee.kind === 'identifier' ? node.args : partsOf(node);
      for (const part of parts) visit(part);
    } else if (!declared.has(path.split('.', 1)[0] ?? '') && !found.has(path))
      found.set(path, { path, position: startOf(node) });
  };
  visit(root);
  return [...found.values()];
}

/** Where the first name of a path stands. */
export function startOf(node: Syntax): number {
  if (node.kind === 'chain') return startOf(node.node);
  return node.kind === 'member' ? startOf(node.object) : node.position;
}

/** Every node, parts before the whole. */
export function nodesOf(root: Syntax): readonly Syntax[] {
  const nodes: Syntax[] = [];
  const visit = (node: Syntax): void => {
    for (const part of partsOf(node)) visit(part);
    nodes.push(node);
  };
  visit(root);
  return nodes;
}
