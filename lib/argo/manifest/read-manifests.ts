// A file of manifests as Argo reads it: documents between `---`, each YAML or JSON, each one object or a list of them.
import type { Node } from 'yaml';
import { locate } from './manifest-position.js';
import type { LocatedDocument, TextSpan } from './manifest-position.js';
import { parseYaml } from './parse-yaml.js';
import type { ParsedYaml } from './parse-yaml.js';
import { convertYaml } from './yaml-json.js';
import { resolveAliases } from './yaml-node.js';

/** A document of a file, as JSON. */
export interface ManifestDocument {
  readonly value: unknown;
  /** What Go reads otherwise than it looks. It matters only to who wants the document. */
  readonly problems: readonly ManifestProblem[];
  /** Where the value at a path stands in the file. @param position index into the text at the path */
  locate(path: string, position?: number): TextSpan;
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
}

/** Kubernetes stores no object of more than about 1.5 MB; parsing takes seconds for every few megabytes. */
const DOCUMENT_LENGTH_MAX = 4 * 1024 * 1024;

/** Never throws: what cannot be read is a problem, and the other documents are read. */
export function readManifests(text: string): ManifestFile {
  const documents: ManifestDocument[] = [];
  const problems: ManifestProblem[] = [];
  for (const { start, source } of splitDocuments(text)) {
    const problemAt = ({ code, offset, length, message }: ManifestProblem): ManifestProblem => {
      return { code, offset: start + offset, length, message };
    };
    if (source.length > DOCUMENT_LENGTH_MAX) {
      const size = `${source.length} characters, more than ${DOCUMENT_LENGTH_MAX}`;
      const message = `the document has ${size}; Kubernetes would not store it`;
      problems.push(problemAt({ code: 'MANIFEST_TOO_LARGE', offset: 0, length: 0, message }));
      continue;
    }
    const parsed = parseYaml(source);
    problems.push(...parsed.errors.map(error => problemAt({ code: 'YAML_INVALID', ...error })));
    for (const root of parsed.roots) {
      const { value, problems: found } = convertYaml(root);
      const located = found.map(problem =>
        problemAt({ ...problem, offset: parsed.originalOffset(problem.offset) }),
      );
      if (value === undefined) problems.push(...located);
      else documents.push({ value, problems: located, locate: locatorIn(root, parsed, start) });
    }
  }
  return { documents, problems };
}

/** @param start of the document in its file. */
function locatorIn(
  root: Node,
  { source, originalOffset }: ParsedYaml,
  start: number,
): ManifestDocument['locate'] {
  const document: LocatedDocument = { root, targets: resolveAliases(root), source };
  return (path, position) => {
    const { offset, length } = locate(document, path, position);
    return { offset: start + originalOffset(offset), length };
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
