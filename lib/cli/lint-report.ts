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
  /** Or of objects. */
  readonly fileCount: number;
  /** It is of objects that an API server has, which have no lines. */
  readonly isOfCluster?: boolean;
  readonly metricCount: number;
  /** What comments in the manifests silence. */
  readonly silencedCount: number;
}
