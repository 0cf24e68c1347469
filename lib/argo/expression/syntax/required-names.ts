// Which variables must exist before an expression is evaluated at all. Argo looks through the tree for them; names that
// a `??` or a `?.` guards may be absent, but never the first name of a path.
import { partsOf } from './syntax.js';
import type { MemberSyntax, Syntax } from './syntax.js';

export interface RequiredName {
  /** Dotted. */
  readonly path: string;
  readonly position: number;
}

/** In the order in which Argo complains about them. */
export function requiredNames(root: Syntax): readonly RequiredName[] {
  const guarded = new Set<Syntax>();
  walk(root, node => {
    if (node.kind === 'binary' && node.operator === '??')
      walk(node.left, part => {
        if (part.kind === 'member') guarded.add(part);
      });
    if (node.kind === 'member' && node.isOptional && node.object.kind === 'member') guarded.add(node.object);
  });
  const names = new Map<string, RequiredName>();
  walk(root, node => {
    const path = guarded.has(node) ? undefined : pathOf(node);
    if (path !== undefined && !names.has(path)) names.set(path, { path, position: node.position });
  });
  return [...names.values()];
}

function pathOf(node: Syntax): string | undefined {
  if (node.kind === 'identifier') return node.name;
  return node.kind === 'member' ? memberPath(node) : undefined;
}

function memberPath(member: MemberSyntax): string | undefined {
  const names: string[] = [];
  let node: Syntax = member;
  while (node.kind === 'member') {
    if (node.isOptional || node.property.kind !== 'text') return undefined;
    names.unshift(node.property.value);
    node = node.object;
  }
  return node.kind === 'identifier' ? [node.name, ...names].join('.') : undefined;
}

/** Parts before the whole. Nodes that stand at two places of the tree are visited twice. */
function walk(node: Syntax, visit: (node: Syntax) => void): void {
  for (const part of partsOf(node)) walk(part, visit);
  visit(node);
}

/** The language's functions that are called by a name that a variable could hide. */
export function calledNames(root: Syntax): ReadonlySet<string> {
  const names = new Set<string>();
  walk(root, node => {
    if (node.kind === 'builtin' && !node.isForced) names.add(node.name);
  });
  return names;
}

/** The names that `let` declares. */
export function declaredNames(root: Syntax): ReadonlySet<string> {
  const names = new Set<string>();
  walk(root, node => {
    if (node.kind === 'let') names.add(node.name);
  });
  return names;
}
