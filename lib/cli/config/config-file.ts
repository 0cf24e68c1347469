// A configuration from its text: YAML or JSON, read as manifests are, so with the place of every value, and with the same
// bounds on aliases and depth.
import type { Diagnostic } from '../../argo/diagnostic/diagnostic.js';
import { boundedDiagnostic } from '../../argo/diagnostic/bounded-text.js';
import type { Finding } from '../../argo/lint/finding.js';
import { LineIndex } from '../../argo/manifest/line-index.js';
import { memberPath, type TextSpan } from '../../argo/manifest/manifest-position.js';
import { readManifests, type ManifestDocument } from '../../argo/manifest/read-manifests.js';
import { MEBIBYTE } from '../../limits.js';
import type { ConfigComplaint } from './config-report.js';

export interface ConfigText {
  /** As messages call it. */
  readonly name: string;
  readonly text: string;
}

/** A quarter of what Kubernetes lets a ConfigMap have: room for ten thousand values of a label, and no more than a second of reading. */
export const CONFIG_LENGTH_MAX = MEBIBYTE / 4;

export class ConfigFile {
  /** What is wrong with the text itself. */
  readonly problems: readonly Finding[];
  /** Undefined: it cannot be read, and the problems say why. A file without anything but comments is an empty mapping. */
  readonly value: unknown;
  readonly #name: string;
  readonly #lines: LineIndex;
  readonly #document: ManifestDocument | undefined;

  constructor({ name, text }: ConfigText) {
    this.#name = name;
    if (text.length > CONFIG_LENGTH_MAX) {
      this.#lines = new LineIndex('');
      const message = `the configuration has ${text.length} characters, more than ${CONFIG_LENGTH_MAX}`;
      this.problems = [this.#finding({ code: 'MANIFEST_TOO_LARGE', message }, { offset: 0, length: 0 })];
      return;
    }
    this.#lines = new LineIndex(text);
    const { documents, problems } = readManifests(text);
    const [first, second] = documents;
    const found = [...problems, ...(first?.problems ?? [])].map(problem => this.#finding(problem, problem));
    if (second !== undefined) {
      const message = 'a configuration is one document, and this is a second one';
      found.push(this.#finding({ code: 'CONFIG_INVALID', message }, second.locate('')));
    }
    this.problems = found;
    this.#document = first;
    if (problems.length === 0) this.value = first === undefined ? {} : first.value;
  }

  /** The complaint with its place. */
  place({ spot, ...complaint }: ConfigComplaint): Finding {
    return { ...this.#finding(complaint, this.#locate(complaint.path, spot)), ...optionalsOf(complaint) };
  }

  /** Where the value at a path begins. */
  lineOf(path: string): number {
    return this.#lines.at(this.#locate(path, 'key').offset).line;
  }

  #locate(path: string, spot: ConfigComplaint['spot']): TextSpan {
    if (this.#document === undefined) return { offset: 0, length: 0 };
    // Below a key there is nothing of that name, so the nearest is the key.
    return this.#document.locate(spot === 'key' && path !== '' ? memberPath(path, NOWHERE) : path);
  }

  #finding(
    { severity = 'error', path = '', ...rest }: Partial<Diagnostic> & Pick<Diagnostic, 'code' | 'message'>,
    { offset, length }: TextSpan,
  ): Finding {
    const { line, column } = this.#lines.at(offset);
    const lineText = this.#lines.lineText(line);
    const { code, message } = rest;
    const bounded = boundedDiagnostic({ path, message });
    return { ...bounded, code, severity, file: this.#name, line, column, length, lineText };
  }
}

/** A key that YAML text cannot have without an escape, and nobody writes. */
const NOWHERE = '\0nowhere';

function optionalsOf({ hint }: Diagnostic): { readonly hint?: string } {
  return hint === undefined ? {} : { hint: boundedDiagnostic({ path: '', message: hint }).message };
}
