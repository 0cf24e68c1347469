// Templates of Helm charts. They are no YAML until Helm has filled them in, and what it fills in is not known here.
import { isPair, isScalar, visit } from 'yaml';
import type { Node } from 'yaml';

/** What only Helm knows: its objects. */
const OBJECT = String.raw`\{\{-?[\s(]*\$?\.(?:Values|Release|Chart|Capabilities|Files|Template)\b`;

/** Its functions, and braces that stand for themselves. */
const FUNCTION = new RegExp(
  [
    String.raw`\{\{-?\s*(?:include|define|template|tpl|toYaml|lookup|required|fail|nindent|indent)\s+[("$.]`,
    String.raw`\{\{-?\s*["\x60](?:\{\{|\}\})`,
    String.raw`\{\{(?!=)[^{}]*\|\s*(?:quote|squote|toYaml|n?indent\s+\d|default\s+[".$\d])[^{}]*\}\}`,
  ].join('|'),
);

const HELM = new RegExp(`${OBJECT}|${FUNCTION.source}`);

/** Statements of Go's templates on a line of their own. */
const STATEMENT = /^[ \t]*\{\{-?\s*(?:(?:if|with|range|else|define|block)\b|end\s*-?\}\}|\/\*|\$\w+\s*:?=)/m;

/**
 * Where a file begins to be Helm's, or `undefined` when it is a manifest. A manifest may well have Go templates in its
 * scripts, so what can be read as YAML is Helm's only if something outside of blocks is. One of Helm's objects in the text of
 * a metric is no more than a tag that Argo does not have: the file is read, and the tag is a finding.
 * @param roots the documents that could be read; @param hasErrors whether some could not
 */
export function findHelmTemplate(
  text: string,
  roots: readonly Node[],
  hasErrors: boolean,
): number | undefined {
  if (!text.includes('{{')) return undefined;
  if (hasErrors) {
    const places = [text.search(HELM), firstStatement(text)].filter(place => place >= 0);
    return places.length === 0 ? undefined : Math.min(...places);
  }
  return roots.some(isHelm) ? Math.max(0, text.search(HELM)) : undefined;
}

function firstStatement(text: string): number {
  const place = text.search(STATEMENT);
  return place < 0 ? place : text.indexOf('{{', place);
}

function isHelm(root: Node): boolean {
  let found = false;
  visit(root, {
    Scalar: (_, scalar, path) => {
      const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
      const signs = path.some(isMetrics) ? FUNCTION : HELM;
      if (isBlock || !isScalar(scalar) || !signs.test(scalar.source ?? '')) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function isMetrics(node: unknown): boolean {
  return isPair(node) && isScalar(node.key) && node.key.value === 'metrics';
}
