// A file of manifests as Argo reads it: documents between `---`, each YAML or JSON, each one object or a list of them.
import { isAlias, isScalar } from 'yaml';
import type { Node, Scalar } from 'yaml';
import { boundedMessage } from '../diagnostic/bounded-text.js';
import { embeddedText } from './embedded-text.js';
import { findHelmTemplate } from './helm-template.js';
import { locate, nodeAt } from './manifest-position.js';
import type { LocatedDocument, TextSpan } from './manifest-position.js';
import { parseYaml } from './parse-yaml.js';
import type { ParsedYaml } from './parse-yaml.js';
import { convertYaml } from './yaml-json.js';
import { resolveAliases } from './yaml-node.js';

/** A document of a file, as JSON. */
export interface ManifestDocument {
  readonly value: unknown;
  /** What Go refuses when it reads strictly. It matters only to who wants the document. */
  readonly problems: readonly ManifestProblem[];
  /** Where the value at a path stands in the file. @param position index into the text at the path */
  locate(path: string, position?: number): TextSpan;
  /** Reads the text at a path as a file of its own, once, by however many aliases. All places are in this document's file. */
  readEmbedded(path: string): ManifestFile;
}

/** Something wrong with the text itself. `offset` is into the file. */
export interface ManifestProblem extends TextSpan {
  readonly code: 'MANIFEST_TOO_LARGE' | 'YAML_INVALID' | 'YAML_KEY_DUPLICATED';
  readonly message: string;
}

export interface ManifestFile {
  readonly documents: readonly ManifestDocument[];
  /** What could not be read at all. */
  readonly problems: readonly ManifestProblem[];
  /** Where it shows that the file is a template of a Helm chart, if it is one. */
  readonly helmTemplateAt?: number;
}

/** Kubernetes stores no object of more than about 1.5 MB; parsing takes seconds for every few megabytes. */
const DOCUMENT_LENGTH_MAX = 4 * 1024 * 1024;

/** From an index into a text to one into the file that it stands in. */
type OffsetInFile = (offset: number) => number;

/**
 * Never throws: what cannot be read is a problem, and the other documents are read.
 * @param isInChart whether the file is where Helm charts have their templates
 */
export function readManifests(text: string, isInChart = false): ManifestFile {
  const roots: Node[] = [];
  const file = readText(text, offset => offset, roots);
  const helmTemplateAt = findHelmTemplate({
    ...{ text, roots, isInChart },
    hasErrors: file.problems.length > 0,
  });
  return { ...file, ...(helmTemplateAt !== undefined && { helmTemplateAt }) };
}

/** @param allRoots gets the documents as YAML has them. */
function readText(text: string, inFile: OffsetInFile, allRoots: Node[] = []): ManifestFile {
  const documents: ManifestDocument[] = [];
  const problems: ManifestProblem[] = [];
  for (const { start, source } of splitDocuments(text)) {
    const fromSource: OffsetInFile = offset => inFile(start + offset);
    const problemAt = ({ code, offset, length, message }: ManifestProblem): ManifestProblem => {
      return { code, offset: fromSource(offset), length, message: boundedMessage(message) };
    };
    const unreadable = problemOfText(source);
    if (unreadable) {
      problems.push(problemAt(unreadable));
      continue;
    }
    const parsed = parseYaml(isJson(source) ? source : source.replace(OTHER_LINE_ENDS, '\n'));
    for (const error of parsed.errors) problems.push(problemAt({ code: 'YAML_INVALID', ...error }));
    for (const root of parsed.roots) {
      allRoots.push(root);
      const { value, problems: found } = convertYaml(root);
      const located = found.map(problem =>
        problemAt({ ...problem, offset: parsed.originalOffset(problem.offset) }),
      );
      if (value === undefined) for (const problem of located) problems.push(problem);
      else documents.push(documentOf(value, located, root, parsed, fromSource));
    }
  }
  return { documents, problems };
}

/** Signs that Go's YAML refuses wherever they stand. The parser here takes them. */
const CONTROL = /[^\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** To Go's YAML, which is 1.1, they end a line. One for one, so no place changes. */
const OTHER_LINE_ENDS = /[\x85\u2028\u2029]/g;
/** JSON goes another way, which minds fewer of them. */
const CONTROL_IN_JSON = /[^\t\n\r\x20-\u{10FFFF}]/u;

function problemOfText(source: string): ManifestProblem | undefined {
  if (source.length > DOCUMENT_LENGTH_MAX) {
    const size = `${source.length} characters, more than ${DOCUMENT_LENGTH_MAX}`;
    const message = `the document has ${size}; Kubernetes would not store it`;
    return { code: 'MANIFEST_TOO_LARGE', offset: 0, length: 0, message };
  }
  const offset = source.search(isJson(source) ? CONTROL_IN_JSON : CONTROL);
  const message = 'control characters are not allowed';
  return offset < 0 ? undefined : { code: 'YAML_INVALID', offset, length: 1, message };
}

/** As Argo tells it. */
function isJson(source: string): boolean {
  return /^\s*\{/.test(source);
}

function documentOf(
  value: unknown,
  problems: readonly ManifestProblem[],
  root: Node,
  { source, originalOffset }: ParsedYaml,
  fromSource: OffsetInFile,
): ManifestDocument {
  const document: LocatedDocument = { root, targets: resolveAliases(root), source };
  const inFile: OffsetInFile = offset => fromSource(originalOffset(offset));
  const embedded = new Map<Scalar, ManifestFile>();
  return {
    value,
    problems,
    locate(path, position) {
      const { offset, length } = locate(document, path, position);
      return { offset: inFile(offset), length };
    },
    readEmbedded(path) {
      const node = nodeAt(document, path);
      const scalar = isAlias(node) ? document.targets.get(node) : node;
      if (!isScalar(scalar)) return { documents: [], problems: [] };
      const known = embedded.get(scalar);
      if (known) return known;
      const { text, sourceOffset } = embeddedText(scalar, source);
      const file = readText(text, offset => inFile(sourceOffset(offset)));
      embedded.set(scalar, file);
      return file;
    },
  };
}

/** Before the parser: one document that it cannot read must not take the others with it. */
function* splitDocuments(text: string): Generator<{ readonly start: number; readonly source: string }> {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  const separator = /^---(?=[ \t\r\n]|$)/gm;
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    if (match.index > start) yield { start, source: text.slice(start, match.index) };
    // The separator may carry the first line of its document: `--- {kind: Workflow}`.
    start = match.index;
  }
  yield { start, source: text.slice(start) };
}
