import type { Diagnostic } from '../../argo/diagnostic/diagnostic.js';
import type { Finding } from '../../argo/lint/finding.js';

/** Where a value comes from. */
export type ConfigSource =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag'; readonly flag: string };

/** As a comment has it, behind a value. */
export function sourceText(source: ConfigSource): string {
  switch (source.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `from ${source.file}:${source.line}`;
    case 'environment':
      return `from ${source.variable}`;
    case 'flag':
      return `from --${source.flag}`;
  }
}

/** What is wrong, with its place in the file, or with the flag or the variable that it is in. */
export type ConfigProblem = Finding | (Diagnostic & { readonly origin: string });

/** A value that was checked. */
export interface GivenValue<Path extends string> {
  readonly path: Path;
  readonly value: unknown;
  readonly source: ConfigSource;
}

/** What a source gave: all of it is checked, also what another source goes before. */
export interface Given<Path extends string> {
  readonly values: readonly GivenValue<Path>[];
  readonly problems: readonly ConfigProblem[];
}
