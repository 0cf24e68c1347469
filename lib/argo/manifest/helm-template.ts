// Templates of Helm charts. They are no YAML until Helm has filled them in, and what it fills in is not known here.
import { isMap, isScalar, visit } from 'yaml';
import type { Node } from 'yaml';

/** Helm's objects. Somebody may have put one into a manifest of Argo by mistake. */
const OBJECT = String.raw`\{\{-?[\s(]*\$?\.(?:Values|Release|Chart|Capabilities|Files|Template)\b`;
/** Helm's functions, and braces that stand for themselves. */
const FUNCTION = [
  String.raw`\{\{-?\s*(?:include|define|template|tpl|toYaml|lookup|required|fail|nindent|indent)\s+[("$.]`,
  String.raw`\{\{-?\s*["\x60](?:\{\{|\}\})`,
  String.raw`\{\{(?!=)[^{}]*\|\s*(?:quote|squote|toYaml|n?indent\s+\d|default\s+[".$\d])[^{}]*\}\}`,
].join('|');
const HELM = new RegExp(`${OBJECT}|${FUNCTION}`);
const HELM_FUNCTION = new RegExp(FUNCTION);

/** Statements of Go's templates on a line of their own. */
const STATEMENT = /^[ \t]*\{\{-?\s*(?:(?:if|with|range|else|define|block)\b|end\s*-?\}\}|\/\*|\$\w+\s*:?=)/m;

export interface FileOfTemplates {
  readonly text: string;
  /** The documents that could be read. */
  readonly roots: readonly Node[];
  /** Whether some could not. */
  readonly hasErrors: boolean;
  /** The file is where charts have their templates. */
  readonly isInChart: boolean;
}

/**
 * Where a file begins to be Helm's, or `undefined` when it is a manifest. A manifest may well have Go templates in its
 * scripts, so what can be read as YAML is Helm's only if something outside of blocks is: its name, or a call of Helm's.
 */
export function findHelmTemplate({ text, roots, hasErrors, isInChart }: FileOfTemplates): number | undefined {
  if (!text.includes('{{')) return undefined;
  if (hasErrors) {
    const places = [text.search(HELM), firstStatement(text)].filter(place => place >= 0);
    return places.sort((a, b) => a - b)[0];
  }
  const isHelm = roots.some(
    root => hasText(root, isInChart ? HELM : HELM_FUNCTION) || hasText(metadataOf(root), HELM),
  );
  return isHelm ? Math.max(0, text.search(HELM)) : undefined;
}

function firstStatement(text: string): number {
  const place = text.search(STATEMENT);
  return place < 0 ? place : text.indexOf('{{', place);
}

function metadataOf(root: Node): Node | null {
  const pair = isMap(root)
    ? root.items.find(({ key }) => isScalar(key) && key.source === 'metadata')
    : undefined;
  return (pair?.value ?? null) as Node | null;
}

/** In a text that is no block. */
function hasText(node: Node | null, pattern: RegExp): boolean {
  let found = false;
  if (!node) return found;
  visit(node, {
    Scalar: (_, { type, source = '' }) => {
      if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' || !pattern.test(source)) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
