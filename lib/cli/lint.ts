import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Finding } from '../argo/lint/finding.js';
import { ManifestLinter } from '../argo/lint/manifest-linter.js';
import type { PlacedVerdict } from '../argo/lint/placed-verdict.js';
import { ApiClient } from '../kubernetes/api-client.js';
import { keepAlive } from '../guard/deadline.js';
import { ExitCode } from './exit-code.js';
import { mergeHelmNotes } from './helm-notes.js';
import { ignoredBy } from './ignored-paths.js';
import { clusterTexts, type ClusterScope } from './lint-cluster.js';
import { lintGithub } from './lint-github.js';
import { lintJson } from './lint-json.js';
import type { LintReport } from './lint-report.js';
import { lintSarif } from './lint-sarif.js';
import { countOf, lintText } from './lint-text.js';
import { LintedObjects, unreadableFinding } from './linted-objects.js';
import { readManifestTexts } from './manifest-files.js';
import { ProgressLine } from './progress-line.js';
import type { RunContext } from './run-context.js';
import { watchAccess } from './watch-access.js';
import type { WatchOptions } from './watch-options.js';

export const LINT_FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type LintFormat = (typeof LINT_FORMATS)[number];

export interface LintOptions {
  /** Files, folders, or `-` for the standard input. */
  readonly paths: readonly string[];
  /** More warnings than that are a failure; undefined: any number is fine. */
  readonly warningsMax: number | undefined;
  readonly format: LintFormat;
  /** Each label with its verdict, before the findings. For text and JSON. */
  readonly withLabels: boolean;
  /** Errors only. */
  readonly isQuiet: boolean;
  /** What cannot be looked at is an error. */
  readonly isStrict: boolean;
  /** Files without any metric are a failure: somebody looked in the wrong place. */
  readonly failsOnEmpty: boolean;
  /** Paths that are left out; `*` is any text, `?` any character. */
  readonly ignored: readonly string[];
  /** Objects of a cluster in the place of files. */
  readonly cluster?: LintedCluster | undefined;
  /** Of the package. */
  readonly version: string;
}

export interface LintedCluster extends ClusterScope, Pick<WatchOptions, 'kubeconfig' | 'server'> {}

interface Checked {
  readonly findings: readonly Finding[];
  readonly verdicts: readonly PlacedVerdict[] | undefined;
  readonly fileCount: number;
  readonly metricCount: number;
  readonly silencedCount: number;
}

/** Checks the metrics of manifests and prints what is wrong with them, and where. */
export async function lint(options: LintOptions, context: RunContext): Promise<ExitCode> {
  const { warningsMax, isQuiet, failsOnEmpty, cluster } = options;
  const checked =
    cluster === undefined ? await check(options, context) : await checkCluster(cluster, options, context);
  if (context.signal.aborted) return ExitCode.interrupted;
  const errors = checked.findings.filter(({ severity }) => severity === 'error');
  const warningCount = checked.findings.filter(({ severity }) => severity === 'warning').length;
  const findings = isQuiet ? errors : checked.findings;
  const isOfCluster = cluster !== undefined;
  const report = { ...checked, findings, errorCount: errors.length, warningCount, isQuiet, isOfCluster };
  await print(chunksOf(report, options, context), context);
  const complain = (text: string): void => void context.stderr.write(`otel-argo-metrics: ${text}\n`);
  const hasTooMany = warningsMax !== undefined && warningCount > warningsMax;
  if (hasTooMany) complain(`${countOf(warningCount, 'warning')}, at most ${warningsMax} allowed`);
  const isEmpty = failsOnEmpty && checked.metricCount === 0;
  if (isEmpty) complain(`no metric in ${countOf(checked.fileCount, isOfCluster ? 'object' : 'file')}`);
  return errors.length > 0 || hasTooMany || isEmpty ? ExitCode.failed : ExitCode.ok;
}

async function check(options: LintOptions, { stdin, signal }: RunContext): Promise<Checked> {
  const { paths, isStrict, ignored, withLabels } = options;
  const linter = new ManifestLinter({ withVerdicts: withLabels });
  const findings: Finding[] = [];
  const verdicts: PlacedVerdict[] = [];
  let [fileCount, metricCount, silencedCount] = [0, 0, 0];
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const read of readManifestTexts({ paths, stdin, isIgnored: ignoredBy(ignored) })) {
      if (signal.aborted) break;
      fileCount++;
      if ('unreadable' in read) {
        findings.push(unreadableFinding(read.file, read.unreadable, read.line));
        continue;
      }
      const linted = linter.lint(read.file, read.text);
      metricCount += linted.metricCount;
      silencedCount += linted.silencedCount;
      for (const finding of linted.findings) findings.push(finding);
      for (const verdict of linted.verdicts) verdicts.push(verdict);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const counted = { fileCount, metricCount, silencedCount, verdicts: withLabels ? verdicts : undefined };
  return { ...counted, findings: isStrict ? strict(findings) : mergeHelmNotes(findings) };
}

/** The same with objects of a cluster. What one mistake has come to in many objects is told once. */
async function checkCluster(
  { namespaces, ...access }: LintedCluster,
  { isStrict, withLabels, version }: LintOptions,
  context: RunContext,
): Promise<Checked> {
  const { env, signal } = context;
  const client = new ApiClient(await watchAccess(access, env), `otel-argo-metrics/${version}`);
  const progress = new ProgressLine(context);
  const onProgress = (kind: string, objects: number): void =>
    progress.show(() => `${countOf(objects, kind)} read`);
  const linted = new LintedObjects(withLabels);
  try {
    // Sockets of the client do not keep a process alive.
    await keepAlive(linted.add(clusterTexts({ client, namespaces, signal, onProgress }), signal));
  } finally {
    progress.clear();
    client.close();
  }
  for (const note of linted.notes()) context.stderr.write(`otel-argo-metrics: note: ${note}\n`);
  const { findings } = linted;
  return { ...linted.counts(), findings: isStrict ? strict(findings) : findings };
}

function strict(findings: readonly Finding[]): readonly Finding[] {
  return findings.map(finding => (finding.severity === 'note' ? { ...finding, severity: 'error' } : finding));
}

function chunksOf(
  report: LintReport,
  { format, version }: LintOptions,
  context: RunContext,
): Iterable<string> {
  switch (format) {
    case 'text':
      return lintText(report, isColored(context));
    case 'json':
      return lintJson(report);
    case 'sarif':
      return lintSarif(report, version);
    case 'github':
      return lintGithub(report);
  }
}

/** Colors are for people who look at a terminal and did not say that they want none (https://no-color.org). */
function isColored({ stdout, env }: RunContext): boolean {
  const isWanted = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return stdout.isTTY === true && isWanted;
}

async function print(chunks: Iterable<string>, { stdout }: RunContext): Promise<void> {
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), stdout, { end: false });
  } catch (error) {
    // Who reads only the first lines (`| head`) has what he wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}
