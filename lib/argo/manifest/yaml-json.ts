// From the nodes of a YAML document to the JSON that Go makes of it.
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Scalar, YAMLMap } from 'yaml';
import { readGoScalar } from './go-scalar.js';
import { isMergeKey, keyTextOf, mergeOrder, resolveAliases } from './yaml-node.js';
import type { YamlMember } from './yaml-node.js';

/** Something that Go would refuse, or read otherwise than it looks. `offset` is into the text of the document. */
export interface YamlProblem {
  readonly code: 'YAML_INVALID' | 'YAML_KEY_DUPLICATED';
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** Deeper than any workflow; the conversion is recursive. */
const DEPTH_MAX = 200;
/** A document full of mistakes; more of them help nobody. */
const PROBLEMS_MAX = 100;

/** Ends the conversion: what follows would only be more of the same. */
class ConversionEnd extends Error {}

/** @returns `undefined` as value when Go would refuse the document. */
export function convertYaml(root: Node | null): { value: unknown; problems: readonly YamlProblem[] } {
  const conversion = new Conversion(root);
  const value = conversion.run();
  return { value: conversion.isRefused ? undefined : value, problems: conversion.problems };
}

class Conversion {
  readonly problems: YamlProblem[] = [];
  isRefused = false;
  readonly #root: Node | null;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #open = new Set<Node>();
  readonly #reported = new Set<number>();
  #nodeCount = 0;
  #nodeCountInAliases = 0;

  constructor(root: Node | null) {
    this.#root = root;
    this.#targets = resolveAliases(root);
  }

  run(): unknown {
    try {
      return this.#root ? this.#convert(this.#root, 0) : null;
    } catch (error) {
      if (error instanceof ConversionEnd) return undefined;
      throw error;
    }
  }

  #convert(node: Node, depth: number): unknown {
    this.#count(node, depth);
    if (isAlias(node)) return this.#throughAlias(node, target => this.#convert(target, depth + 1));
    if (isMap(node)) {
      const object: Record<string, unknown> = {};
      this.#fill(object, new Set(), node, depth);
      return object;
    }
    if (isSeq(node)) return node.items.map(item => this.#convert(item as Node, depth + 1));
    return isScalar(node) ? this.#scalar(node) : null;
  }

  /** As Go, which goes on counting: expanding little text to very much is refused. */
  #count(node: Node, depth: number): void {
    this.#nodeCount++;
    if (this.#open.size > 0) this.#nodeCountInAliases++;
    if (depth > DEPTH_MAX) this.#end(node, `nested deeper than ${DEPTH_MAX} levels`);
    const isMuch = this.#nodeCountInAliases > 100 && this.#nodeCount > 1000;
    if (isMuch && this.#nodeCountInAliases / this.#nodeCount > allowedAliasRatio(this.#nodeCount))
      this.#end(node, 'document contains excessive aliasing');
  }

  #throughAlias<T>(alias: Alias, read: (target: Node) => T): T {
    const target = this.#targets.get(alias);
    if (!target) return this.#end(alias, `unknown anchor '${alias.source}' referenced`);
    if (this.#open.has(target)) return this.#end(alias, `anchor '${alias.source}' value contains itself`);
    this.#open.add(target);
    const result = read(target);
    this.#open.delete(target);
    return result;
  }

  /** @param seen the keys that the object has: Go's strict reading refuses to set one again, by a merge too. */
  #fill(object: Record<string, unknown>, seen: Set<string>, map: YAMLMap, depth: number): void {
    for (const { key, value } of map.items as YamlMember[]) {
      if (isMergeKey(key)) {
        for (const source of mergeOrder(value)) this.#merge(object, seen, source, depth + 1);
        continue;
      }
      const text = this.#key(key);
      if (text === undefined) continue;
      if (seen.has(text)) {
        const message = `key ${JSON.stringify(text)} is given twice, the last one counts`;
        this.#report('YAML_KEY_DUPLICATED', key, message);
      }
      seen.add(text);
      const converted = value ? this.#convert(value, depth + 1) : null;
      // A plain assignment to `__proto__` would not make a member.
      const member = { value: converted, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(object, text, member);
    }
  }

  /** Go merges where the `<<` stands, so it wins over the keys before it. */
  #merge(object: Record<string, unknown>, seen: Set<string>, source: Node, depth: number): void {
    this.#count(source, depth);
    const fill = (node: Node): void => {
      if (isMap(node)) this.#fill(object, seen, node, depth);
      else this.#refuse(source, 'map merge requires map or sequence of maps as the value');
    };
    if (isAlias(source)) this.#throughAlias(source, fill);
    else fill(source);
  }

  #key(key: Node): string | undefined {
    const node = isAlias(key) ? this.#throughAlias(key, target => target) : key;
    const text = keyTextOf(node);
    if (text !== undefined) return text;
    this.#refuse(key, 'a key must be a text, a number or a boolean', KEY_HINT);
    return undefined;
  }

  #scalar(node: Scalar): unknown {
    const scalar = readGoScalar(textOf(node), node.tag, node.type === 'PLAIN');
    switch (scalar.kind) {
      case 'invalid':
        return this.#refuse(node, scalar.reason);
      case 'null':
        return null;
      case 'string':
        return scalar.value;
      default:
        if (scalar.kind === 'float' && !Number.isFinite(scalar.value))
          return this.#refuse(node, `\`${textOf(node)}\` is a number that JSON does not have`, 'Quote it.');
        return scalar.kind === 'integer' ? Number(scalar.value) : scalar.value;
    }
  }

  #refuse(node: Node, message: string, advice = ''): undefined {
    this.isRefused = true;
    this.#report('YAML_INVALID', node, advice === '' ? message : `${message}. ${advice}`);
  }

  #end(node: Node, message: string): never {
    this.#refuse(node, message);
    throw new ConversionEnd();
  }

  #report(code: YamlProblem['code'], node: Node, message: string): void {
    const [offset = 0, end = offset] = node.range ?? [];
    // What an alias brings in once more is one mistake.
    if (this.#reported.has(offset) || this.problems.length >= PROBLEMS_MAX) return;
    this.#reported.add(offset);
    this.problems.push({ code, offset, length: end - offset, message });
  }
}

const KEY_HINT = 'A tag without quotes, such as {{x}}, is YAML for a map in a map: put it into quotes.';

function textOf(node: Scalar): string {
  return node.source ?? String(node.value);
}

/** Go's: nearly everything in a small document, a tenth in one of megabytes. */
function allowedAliasRatio(nodeCount: number): number {
  const [low, high] = [400_000, 4_000_000];
  if (nodeCount <= low) return 0.99;
  if (nodeCount >= high) return 0.1;
  return 0.99 - 0.89 * ((nodeCount - low) / (high - low));
}
