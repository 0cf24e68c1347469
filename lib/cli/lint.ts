import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ManifestLinter } from '../argo/manifest/manifest-linter.js';
import type { Finding } from '../argo/manifest/manifest-linter.js';
import { ExitCode } from './exit-code.js';
import { findingText } from './finding-text.js';
import { readManifestTexts } from './manifest-files.js';
import type { RunContext } from './run-context.js';

export interface LintOptions {
  /** Files, folders, or `-` for the standard input. */
  readonly paths: readonly string[];
  /** More warnings than that are a failure; undefined: any number is fine. */
  readonly warningsMax: number | undefined;
  readonly isJson: boolean;
}

interface LintResult {
  readonly findings: Finding[];
  fileCount: number;
  metricCount: number;
}

/** Checks the metrics of manifests and prints what is wrong with them, and where. */
export async function lint(options: LintOptions, context: RunContext): Promise<ExitCode> {
  const { paths, warningsMax, isJson } = options;
  const result = await check(paths, context);
  if (context.signal.aborted) return ExitCode.interrupted;
  const errorCount = result.findings.filter(({ severity }) => severity === 'error').length;
  const warningCount = result.findings.length - errorCount;
  const chunks = isJson
    ? [jsonOf(result, errorCount, warningCount)]
    : textsOf(result, errorCount, warningCount, isColored(context));
  await print(chunks, context);
  const hasTooMany = warningsMax !== undefined && warningCount > warningsMax;
  if (hasTooMany) {
    context.stderr.write(
      `otel-argo-metrics: ${countOf(warningCount, 'warning')}, at most ${warningsMax} allowed\n`,
    );
  }
  return errorCount > 0 || hasTooMany ? ExitCode.failed : ExitCode.ok;
}

async function check(paths: readonly string[], { stdin, signal }: RunContext): Promise<LintResult> {
  const linter = new ManifestLinter();
  const result: LintResult = { findings: [], fileCount: 0, metricCount: 0 };
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const read of readManifestTexts(paths, stdin)) {
      if (signal.aborted) break;
      result.fileCount += 1;
      if ('unreadable' in read) {
        result.findings.push(unreadable(read.file, read.unreadable));
        continue;
      }
      const { findings, metricCount } = linter.lint(read.file, read.text);
      result.metricCount += metricCount;
      for (const finding of findings) result.findings.push(finding);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return result;
}

function unreadable(file: string, message: string): Finding {
  const place = { file, line: 1, column: 1, length: 1, lineText: '' };
  return { ...place, code: 'FILE_UNREADABLE', severity: 'error', path: '', message };
}

function* textsOf(
  { findings, fileCount, metricCount }: LintResult,
  errorCount: number,
  warningCount: number,
  colored: boolean,
): Generator<string> {
  for (const finding of findings) yield `${findingText(finding, colored)}\n`;
  const counts = `${countOf(errorCount, 'error')}, ${countOf(warningCount, 'warning')}`;
  yield `${counts} in ${countOf(metricCount, 'metric')} of ${countOf(fileCount, 'file')}\n`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Field for field what a program needs; the source line is in the file. */
function jsonOf(result: LintResult, errorCount: number, warningCount: number): string {
  const findings = result.findings.map(
    ({ file, line, column, length, severity, code, message, hint, metric, path }) => ({
      ...{ file, line, column, length, severity, code, message, hint, metric, path },
    }),
  );
  const { fileCount, metricCount } = result;
  return `${JSON.stringify({ findings, errorCount, warningCount, fileCount, metricCount }, undefined, 2)}\n`;
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
