// From a path into a manifest, and an index into the text there, back to the place in the file.
import { isAlias, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Scalar } from 'yaml';
import { memberOf } from './yaml-node.js';

/** A stretch of a text, in UTF-16 units. */
export interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

/** One document and where it stands in its file. */
export interface LocatedDocument {
  readonly root: Node | null;
  readonly targets: ReadonlyMap<Alias, Node>;
  /** The document's text. */
  readonly source: string;
}

/**
 * Where the value at a path stands; if there is none, the key or element that is nearest to it.
 * @param position index into the value's text, when the value is a text
 */
export function locate(document: LocatedDocument, path: string, position?: number): TextSpan {
  const { node, nearest, isWhole } = follow(document, path);
  const value = isAlias(node) ? document.targets.get(node) : node;
  if (!isWhole || !isScalar(value) || isAlias(node) || (value.source ?? '') === '') return nearest;
  const span = spanOf(value);
  if (position === undefined) return firstLine(document, span);
  const source = document.source.slice(span.offset, span.offset + span.length);
  const offset = offsetInSource(source, value, position);
  const tag = /^\{\{[^\n]*?\}\}/.exec(source.slice(offset))?.[0];
  return { offset: span.offset + offset, length: tag?.length ?? 1 };
}

/** The value at a path, `undefined` when there is none. */
export function nodeAt(document: LocatedDocument, path: string): Node | undefined {
  const { node, isWhole } = follow(document, path);
  return isWhole && node ? node : undefined;
}

/** Goes along a path as far as there is something. */
function follow(
  document: LocatedDocument,
  path: string,
): { readonly node: Node | null; readonly nearest: TextSpan; readonly isWhole: boolean } {
  let node: Node | null = document.root;
  let nearest: TextSpan = node ? spanOf(node) : { offset: 0, length: 0 };
  // Looked through once and not at each step: the first ones may be as long as the document.
  const found = (isWhole: boolean) => ({ node, nearest: firstLine(document, nearest), isWhole });
  for (const step of stepsOf(path)) {
    const container: Node | null | undefined = isAlias(node) ? document.targets.get(node) : node;
    if (typeof step === 'number') {
      const element: unknown = isSeq(container) ? container.items[step] : undefined;
      if (element === undefined) return found(false);
      node = element as Node | null;
      if (node) nearest = spanOf(node);
    } else {
      const member = memberOf(container, step, document.targets);
      if (!member) return found(false);
      node = member.value;
      nearest = spanOf(member.key);
    }
  }
  return found(true);
}

/** The path of a member; a key with signs that mean something in a path is quoted. */
export function memberPath(path: string, key: string): string {
  if (!/[.[\]"]/.test(key) && key !== '') return path === '' ? key : `${path}.${key}`;
  return `${path}[${JSON.stringify(key)}]`;
}

/** `spec.templates[0].name` → `spec`, `templates`, 0, `name`. */
export function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|[^.[\]]+/g)].map(([step, index, quoted]) => {
    if (quoted !== undefined) return JSON.parse(quoted) as string;
    return index === undefined ? step : Number(index);
  });
}

function spanOf(node: Node): TextSpan {
  const [offset = 0, end = offset] = node.range ?? [];
  return { offset, length: end - offset };
}

/** What is underlined is one line: of a block, its beginning. */
function firstLine({ source }: LocatedDocument, { offset, length }: TextSpan): TextSpan {
  const lineFeed = source.slice(offset, offset + length).search(/\r?\n/);
  return { offset, length: lineFeed < 0 ? length : lineFeed };
}

/**
 * The index into a scalar's source that an index into its value means. Exact where the source shows the value as it is;
 * otherwise the same words are looked for, as often as they come before.
 */
function offsetInSource(source: string, { source: value = '' }: Scalar, position: number): number {
  const start = source.indexOf(value);
  if (start >= 0) return start + position;
  const words = /^[^\n"'\\]{1,20}/.exec(value.slice(position))?.[0].trimEnd() ?? '';
  if (words === '') return 0;
  let offset = -1;
  for (let found = value.indexOf(words); found >= 0 && found <= position;) {
    offset = source.indexOf(words, offset + 1);
    found = value.indexOf(words, found + 1);
  }
  return Math.max(offset, 0);
}
