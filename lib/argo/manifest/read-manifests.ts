// A file of manifests as Argo reads it: documents between `---`, each YAML or JSON, each one object or a list of them.
import { isScalar, parseAllDocuments } from 'yaml';
import type { Node } from 'yaml';
import { locate } from './manifest-position.js';
import type { LocatedDocument, TextSpan } from './manifest-position.js';
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
/** Syntax errors after the first few are consequences of them. */
const SYNTAX_ERRORS_MAX = 5;

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
    const { roots, errors } = parse(source);
    problems.push(...errors.map(problemAt));
    for (const root of roots) {
      const { value, problems: found } = convertYaml(root);
      if (value === undefined) {
        problems.push(...found.map(problemAt));
        continue;
      }
      const located: LocatedDocument = { root, targets: resolveAliases(root), source };
      documents.push({
        value,
        problems: found.map(problemAt),
        locate: (path, position) => {
          const { offset, length } = locate(located, path, position);
          return { offset: start + offset, length };
        },
      });
    }
  }
  return { documents, problems };
}

function parse(source: string): {
  readonly roots: readonly Node[];
  readonly errors: readonly ManifestProblem[];
} {
  try {
    const parsed = parseAllDocuments(source, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const documents = Array.isArray(parsed) ? parsed : [];
    const errors = documents.flatMap(document => document.errors).slice(0, SYNTAX_ERRORS_MAX);
    const sound = documents.filter(({ errors: own, contents }) => own.length === 0 && !isEmpty(contents));
    return {
      roots: sound.map(({ contents }) => contents as unknown as Node),
      errors: errors.map(({ message, pos: [offset, end] }) => syntaxError(message, offset, end - offset)),
    };
  } catch (error) {
    // The parser is recursive; so deep a document exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    return { roots: [], errors: [syntaxError('nested too deeply', 0, 0)] };
  }
}

function syntaxError(message: string, offset: number, length: number): ManifestProblem {
  return { code: 'YAML_INVALID', offset, length: Math.max(length, 1), message };
}

/** Nothing between two separators is no document. */
function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && (contents.source ?? '') === '');
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
