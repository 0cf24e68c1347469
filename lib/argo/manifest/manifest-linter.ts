// All that can be said about the metrics of manifest files without running them.
import { compileAlone } from '../compile.js';
import type { CompiledMetric } from '../compiled-metric.js';
import { checkCrdRequired } from '../crd-rules.js';
import type { Diagnostic } from '../diagnostic.js';
import { MetricConsistency } from '../metric-consistency.js';
import { reportFor } from '../metric-report.js';
import { BlockScope } from './block-scope.js';
import { LineIndex } from './line-index.js';
import { reportMeaning } from './metric-meaning.js';
import { findMetricsBlocks } from './metrics-blocks.js';
import { readManifests } from './read-manifests.js';
import type { ManifestDocument, ManifestProblem } from './read-manifests.js';
import { sameSeries } from './same-series.js';

/** A diagnostic and where it is. Line and column count from 1, the column in UTF-16 units. */
export interface Finding extends Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is underlined, within the line. */
  readonly length: number;
  readonly lineText: string;
}

export interface LintedFile {
  /** By their place in the file. */
  readonly findings: readonly Finding[];
  readonly metricCount: number;
}

/** Checks files that go to one controller: there a metric's name means the same in all of them. */
export class ManifestLinter {
  readonly #consistency = new MetricConsistency();

  /** Never throws on bad text. @param file what findings call it. */
  lint(file: string, text: string): LintedFile {
    const lint = new FileLint(file, text, this.#consistency);
    lint.run();
    return { findings: lint.findings(), metricCount: lint.metricCount };
  }
}

class FileLint {
  metricCount = 0;
  readonly #file: string;
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #acrossFiles: MetricConsistency;
  readonly #inFile = new MetricConsistency();
  readonly #found: Finding[] = [];

  constructor(file: string, text: string, acrossFiles: MetricConsistency) {
    this.#file = file;
    this.#text = text;
    this.#lines = new LineIndex(text);
    this.#acrossFiles = acrossFiles;
  }

  run(): void {
    const { documents, problems } = readManifests(this.#text);
    for (const problem of problems) this.#addProblem(problem, 'error');
    for (const document of documents) this.#document(document);
  }

  /** What an anchor brings in several times is one mistake. */
  findings(): readonly Finding[] {
    const seen = new Set<string>();
    return this.#found
      .filter(({ code, line, column, message }) => {
        const key = JSON.stringify([code, line, column, message]);
        return !seen.has(key) && seen.add(key);
      })
      .sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #document(document: ManifestDocument): void {
    const blocks = findMetricsBlocks(document.value);
    if (blocks.length === 0) return;
    for (const problem of document.problems) this.#addProblem(problem, 'warning', STRICT_HINT);
    for (const block of blocks) {
      const { metrics, diagnostics: found } = compileAlone(block.metrics, block.path);
      const diagnostics = [...found];
      checkCrdRequired(block.metrics, block.path, name =>
        reportFor(typeof name === 'string' ? name : '', diagnostics),
      );
      diagnostics.push(...sameSeries(metrics));
      const scope = new BlockScope(block);
      for (const metric of metrics) {
        reportMeaning(metric, scope, reportFor(metric.metric, diagnostics));
        diagnostics.push(...this.#conflicts(metric, document));
      }
      this.metricCount += listLength(block.metrics);
      for (const diagnostic of diagnostics) this.#add(diagnostic, document);
    }
  }

  /** In one file a conflict is a mistake. Files may be meant for different controllers, so there it is a warning. */
  #conflicts(metric: CompiledMetric, document: ManifestDocument): readonly Diagnostic[] {
    const { line, column } = this.#lines.at(document.locate(`${metric.path}.name`).offset);
    const place = `${this.#file}:${line}:${column}`;
    if (this.#inFile.defines(metric)) return this.#inFile.add(metric, place);
    this.#inFile.add(metric, place);
    return this.#acrossFiles.add(metric, place).map(conflict => ({ ...conflict, severity: 'warning' }));
  }

  #add(diagnostic: Diagnostic, document: ManifestDocument): void {
    const { offset, length } = document.locate(diagnostic.path, diagnostic.position);
    this.#addAt(diagnostic, offset, length);
  }

  #addProblem(problem: ManifestProblem, severity: Diagnostic['severity'], hint?: string): void {
    const { code, offset, length, message } = problem;
    this.#addAt({ code, severity, path: '', message, ...(hint && { hint }) }, offset, length);
  }

  #addAt(diagnostic: Diagnostic, offset: number, length: number): void {
    const { line, column } = this.#lines.at(offset);
    const lineText = this.#lines.lineText(line);
    const underlined = Math.max(1, Math.min(length, lineText.length - column + 1));
    this.#found.push({ ...diagnostic, file: this.#file, line, column, length: underlined, lineText });
  }
}

const STRICT_HINT = '`argo lint` and `argo submit` refuse such a document unless they get --strict=false.';

function listLength(metrics: unknown): number {
  const list = (metrics as { prometheus?: unknown } | null)?.prometheus;
  return Array.isArray(list) ? list.length : 0;
}
