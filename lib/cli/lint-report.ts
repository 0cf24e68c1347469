import type { Finding } from '../argo/lint/finding.js';

/** All that `lint` found, as the formats print it. */
export interface LintReport {
  /** Those that are shown. */
  readonly findings: readonly Finding[];
  readonly errorCount: number;
  readonly warningCount: number;
  /** Errors only, and no line with the counts. */
  readonly isQuiet: boolean;
  readonly fileCount: number;
  readonly metricCount: number;
  /** What comments in the manifests silence. */
  readonly silencedCount: number;
}
