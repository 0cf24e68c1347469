// What the nodes of a YAML document mean to Go: which texts are keys, which node an alias stands for.
import { isAlias, isMap, isScalar, isSeq, visit } from 'yaml';
import type { Alias, Node } from 'yaml';
import { goTextOf, readGoScalar } from './go-scalar.js';

const MERGE_TAG = 'tag:yaml.org,2002:merge';

export function isMergeKey(key: unknown): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  return key.tag === undefined ? key.type === 'PLAIN' : key.tag === MERGE_TAG;
}

/** The key as JSON has it; `undefined` for what cannot be one: null, maps, lists. */
export function keyTextOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  const scalar = readGoScalar(key.source ?? String(key.value), key.tag, key.type === 'PLAIN');
  if (scalar.kind === 'null' || scalar.kind === 'invalid') return undefined;
  if (scalar.kind !== 'float' || Number.isFinite(scalar.value)) return goTextOf(scalar);
  return Number.isNaN(scalar.value) ? '.nan' : scalar.value > 0 ? '.inf' : '-.inf';
}

/** An anchor may be given again; an alias means the last one before it. */
export function resolveAliases(root: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  if (!root) return targets;
  visit(root, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

export interface YamlMember {
  readonly key: Node;
  readonly value: Node | null;
}

/** What a `<<` brings in, in the order in which Go applies it: backwards, so that the first one wins. */
export function mergeOrder(value: Node | null): readonly Node[] {
  if (isSeq(value)) return [...(value.items as Node[])].reverse();
  return value ? [value] : [];
}

/** Maps merged into maps merged into maps; a map that merges itself would never end. */
const MERGE_DEPTH_MAX = 20;

/** A member of a map as Go picks it: the last of equal keys, and what a merge brings in. */
export function memberOf(
  map: unknown,
  name: string,
  targets: ReadonlyMap<Alias, Node>,
  depth = 0,
): YamlMember | undefined {
  if (!isMap(map) || depth > MERGE_DEPTH_MAX) return undefined;
  let found: YamlMember | undefined;
  for (const { key, value } of map.items as YamlMember[])
    if (isMergeKey(key))
      for (const source of mergeOrder(value))
        found = memberOf(isAlias(source) ? targets.get(source) : source, name, targets, depth + 1) ?? found;
    else if (keyTextOf(isAlias(key) ? targets.get(key) : key) === name) found = { key, value };
  return found;
}
