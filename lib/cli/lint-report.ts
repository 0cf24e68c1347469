import type { Finding } from '../argo/lint/finding.js';
import type { PlacedVerdict } from '../argo/lint/placed-verdict.js';

/** All that `lint` found, as the formats print it. */
export interface LintReport {
  /** Those that are shown. */
  readonly findings: readonly Finding[];
  /** Of each label; undefined: nobody asked. */
  readonly verdicts?: readonly PlacedVerdict[] | undefined;
  readonly errorCount: number;
  readonly warningCount: number;
  /** Errors only, and no line with the counts. */
  readonly isQuiet: boolean;
  readonly fileCount: number;
  readonly metricCount: number;
  /** What comments in the manifests silence. */
  readonly silencedCount: number;
}
