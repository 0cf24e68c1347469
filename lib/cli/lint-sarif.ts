import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../argo/lint/finding.js';
import { objectPlace } from './finding-text.js';
import type { LintReport } from './lint-report.js';

/** The Static Analysis Results Interchange Format, 2.1.0: what code hosts and editors show. */
export function* lintSarif(report: LintReport, version: string): Generator<string> {
  const codes = [...new Set(report.findings.map(({ code }) => code))].sort();
  const ruleIndexes = new Map(codes.map((code, index) => [code, index]));
  const driver = {
    name: 'otel-argo-metrics',
    version,
    rules: codes.map(code => ({ id: code, shortDescription: { text: wordsOf(code) } })),
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map(finding =>
          resultOf(finding, ruleIndexes.get(finding.code) ?? -1, report.isOfCluster === true),
        ),
      },
    ],
  };
  yield `${JSON.stringify(log, undefined, 2)}\n`;
}

function resultOf(finding: Finding, ruleIndex: number, isOfCluster: boolean): object {
  const { code, severity, message, hint } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations: [isOfCluster ? objectLocation(finding) : fileLocation(finding)],
  };
}

function fileLocation({ file, line, column, length, path }: Finding): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: line, startColumn: column, endColumn: column + length },
    },
    ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path }] }),
  };
}

function objectLocation({ file, path }: Finding): object {
  return { logicalLocations: [{ fullyQualifiedName: objectPlace(file, path), kind: 'resource' }] };
}

/** Relative to the folder that the command runs in, which is the root of the repository where code hosts run it. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  const root = pathToFileURL(`${resolve('.')}/`).href;
  const { href } = pathToFileURL(resolve(file));
  return href.startsWith(root) ? href.slice(root.length) : href;
}

/** `HELP_MISSING` → `Help missing`. */
function wordsOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
