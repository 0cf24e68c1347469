// All that can be said about the metrics of manifest files without running them.
import { boundedDiagnostic, boundedMessage, boundedText } from '../diagnostic/bounded-text.js';
import { compileAlone } from '../spec/compile.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { MetricConsistency } from '../spec/metric-consistency.js';
import { reportFor } from '../diagnostic/metric-report.js';
import { BlockScope } from './block-scope.js';
import { mendingView } from './cardinality-hazards.js';
import { controllerConfigsIn } from './controller-config.js';
import { checkDecoding, mergeFindings } from './decoder-rules.js';
import { findEmbeddedManifests } from '../manifest/embedded-manifests.js';
import type { Finding } from './finding.js';
import { labelVerdicts, verdictText } from './label-verdict.js';
import type { PlacedVerdict } from './placed-verdict.js';
import { LineIndex } from '../manifest/line-index.js';
import { reportMeaning } from './metric-meaning.js';
import { blocksOfSpec, workflowSpecsIn } from '../manifest/metrics-blocks.js';
import type { MetricsBlock } from '../manifest/metrics-blocks.js';
import { reportMisplacedMetrics } from './misplaced-metrics.js';
import { isUncertain } from '../manifest/openshift-template.js';
import { readManifests } from '../manifest/read-manifests.js';
import type { ManifestDocument, ManifestFile, ManifestProblem } from '../manifest/read-manifests.js';
import { sameSeries } from './same-series.js';
import { silence } from './silenced-lines.js';

export type { Finding } from './finding.js';

export interface LintedFile {
  /** By their place in the file. */
  readonly findings: readonly Finding[];
  readonly metricCount: number;
  /** What would be a finding and a comment silences. */
  readonly silencedCount: number;
  /** One for each label, as they stand; empty unless they are asked for. */
  readonly verdicts: readonly PlacedVerdict[];
}

export interface ManifestLinterOptions {
  /** Also says of each label how many values it has. Default: false. */
  readonly withVerdicts?: boolean;
  /** False: messages name another file without a line, for those of objects that nobody sees the lines of. Default: true. */
  readonly hasLines?: boolean;
}

/** Checks files that go to one controller: there a metric's name means the same in all of them. */
export class ManifestLinter {
  readonly #consistency = new MetricConsistency();
  readonly #options: Required<ManifestLinterOptions>;

  constructor({ withVerdicts = false, hasLines = true }: ManifestLinterOptions = {}) {
    this.#options = { withVerdicts, hasLines };
  }

  /** Never throws on bad text. @param file what findings call it. */
  lint(file: string, text: string): LintedFile {
    const lint = new FileLint(file, text, this.#consistency, this.#options);
    lint.run();
    const { findings, silencedCount } = silence(file, text, lint.findings());
    return {
      findings: withOneView(findings, lint.views),
      metricCount: lint.metricCount,
      silencedCount,
      verdicts: lint.verdicts,
    };
  }
}

/** Where many labels are warned of, one View shows how the others are mended. */
function withOneView(findings: readonly Finding[], views: ReadonlyMap<string, string>): readonly Finding[] {
  const at = findings.findIndex(
    finding => finding.code === 'CARDINALITY_HAZARD' && views.has(placeOf(finding)),
  );
  return findings.map((finding, index) =>
    index === at
      ? {
          ...finding,
          hint: `${finding.hint ?? ''}; in a program a View does: ${views.get(placeOf(finding)) ?? ''}`,
        }
      : finding,
  );
}

function placeOf({ line, column }: Pick<Finding, 'line' | 'column'>): string {
  return `${line}:${column}`;
}

class FileLint {
  metricCount = 0;
  /** By the place of a label that is warned of, the View that would mend its metric. */
  readonly views = new Map<string, string>();
  readonly verdicts: PlacedVerdict[] = [];
  readonly #options: Required<ManifestLinterOptions>;
  readonly #file: string;
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #acrossFiles: MetricConsistency;
  readonly #inFile = new MetricConsistency();
  readonly #found: Finding[] = [];
  /** Those that were looked at: an alias may bring one in many times. */
  readonly #embeddedFiles = new Set<ManifestFile>();

  constructor(
    file: string,
    text: string,
    acrossFiles: MetricConsistency,
    options: Required<ManifestLinterOptions>,
  ) {
    this.#options = options;
    this.#file = file;
    this.#text = text;
    this.#lines = new LineIndex(text);
    this.#acrossFiles = acrossFiles;
  }

  run(): void {
    const { documents, problems, helmTemplateAt } = readManifests(this.#text, IN_CHART.test(this.#file));
    if (helmTemplateAt !== undefined) {
      this.#addAt({ ...HELM_TEMPLATE, path: '' }, helmTemplateAt, 2);
      return;
    }
    for (const problem of problems) this.#addProblem(problem);
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

  #document(document: ManifestDocument, from: Origin = TOP): void {
    const specs = workflowSpecsIn(document.value);
    const placed = specs.map(spec => ({ spec, blocks: blocksOfSpec(spec) }));
    if (placed.some(({ blocks }) => blocks.length > 0)) this.#strictProblems(document);
    for (const { spec, blocks } of placed) {
      for (const block of blocks) this.#block(block, document, from);
      const misplaced: Diagnostic[] = [];
      reportMisplacedMetrics(spec, reportFor('', misplaced));
      for (const diagnostic of misplaced) this.#add(diagnostic, document);
    }
    const depth = from.depth + 1;
    for (const { path, isSubstitutedBefore } of depth > DEPTH_MAX
      ? []
      : findEmbeddedManifests(document.value))
      this.#embedded(document.readEmbedded(path), { isSubstitutedBefore, depth });
    this.#controllerConfigs(document);
  }

  /** What an outer workflow fills in may be no YAML before. */
  #embedded(file: ManifestFile, from: Origin): void {
    if (this.#embeddedFiles.has(file)) return;
    this.#embeddedFiles.add(file);
    const { documents, problems } = file;
    if (!from.isSubstitutedBefore) for (const problem of problems) this.#addProblem(problem);
    for (const document of documents) this.#document(document, from);
  }

  #controllerConfigs(document: ManifestDocument): void {
    const { configs, problems } = controllerConfigsIn(document);
    for (const problem of problems) this.#addProblem(problem);
    for (const config of configs) {
      const blocks = config.defaults ? blocksOfSpec(config.defaults) : [];
      if (blocks.length > 0 || config.diagnostics.length > 0) this.#strictProblems(config.document);
      for (const diagnostic of config.diagnostics) this.#add(diagnostic, config.document);
      for (const block of blocks) this.#block(block, config.document, { ...TOP, isTyped: true });
    }
  }

  #block(block: MetricsBlock, document: ManifestDocument, from: Origin): void {
    const decoding: Diagnostic[] = [];
    const isTyped = from.isTyped === true;
    checkDecoding(block.metrics, block.path, {
      isTyped,
      reportOf: name => reportFor(textOf(name), decoding),
    });
    const { metrics, diagnostics: found } = compileAlone(block.metrics, block.path);
    const diagnostics = [...found, ...sameSeries(metrics)];
    const scope = new BlockScope(block);
    for (const metric of metrics) {
      reportMeaning(metric, scope, reportFor(metric.metric, diagnostics), !from.isSubstitutedBefore);
      if (this.#options.withVerdicts) this.#addVerdicts(metric, scope, document);
      this.#addView(metric, scope, document);
      for (const conflict of this.#conflicts(metric, document)) diagnostics.push(conflict);
    }
    this.metricCount += listLength(block.metrics);
    for (const diagnostic of mergeFindings(decoding, diagnostics))
      if (!isUncertain(document.value, diagnostic)) this.#add(diagnostic, document);
  }

  #addVerdicts(metric: CompiledMetric, scope: BlockScope, document: ManifestDocument): void {
    for (const verdict of labelVerdicts(metric, scope)) {
      const { label, valueCount, chain } = verdict;
      const { line, column } = this.#lines.at(document.locate(`${label.path}.value`).offset);
      this.verdicts.push({
        ...{ file: this.#file, line, column, verdict: verdict.verdict },
        metric: boundedText(metric.metric),
        label: boundedText(label.key.source),
        ...(valueCount !== undefined && { valueCount }),
        chain: chain.map(name => boundedText(name)),
        message: boundedMessage(verdictText(verdict)),
      });
    }
  }

  #addView(metric: CompiledMetric, scope: BlockScope, document: ManifestDocument): void {
    const { paths, view } = mendingView(metric, scope) ?? { paths: [], view: '' };
    for (const path of paths) this.views.set(placeOf(this.#lines.at(document.locate(path).offset)), view);
  }

  /** What is given twice is refused when strict reading is the rule, which it is for whatever has metrics. */
  #strictProblems(document: ManifestDocument): void {
    for (const problem of document.problems) this.#addProblem(problem, STRICT_HINT);
  }

  /** In one file a conflict is a mistake. Files may be meant for different controllers, so there it is a warning. */
  #conflicts(metric: CompiledMetric, document: ManifestDocument): readonly Diagnostic[] {
    const { line, column } = this.#lines.at(document.locate(`${metric.path}.name`).offset);
    const place = this.#options.hasLines ? `${this.#file}:${line}:${column}` : this.#file;
    if (this.#inFile.defines(metric)) return this.#inFile.add(metric, place);
    this.#inFile.add(metric, place);
    return this.#acrossFiles.add(metric, place).map(conflict => ({ ...conflict, severity: 'warning' }));
  }

  #add(diagnostic: Diagnostic, document: ManifestDocument): void {
    const { offset, length } = document.locate(diagnostic.path, diagnostic.position);
    this.#addAt(diagnostic, offset, length);
  }

  #addProblem({ code, offset, length, message }: ManifestProblem, hint?: string): void {
    this.#addAt({ code, severity: 'error', path: '', message, ...(hint && { hint }) }, offset, length);
  }

  #addAt(diagnostic: Pick<Finding, keyof Diagnostic>, offset: number, length: number): void {
    const { line, column } = this.#lines.at(offset);
    const lineText = this.#lines.lineText(line);
    const underlined = Math.max(1, Math.min(length, lineText.length - column + 1));
    this.#found.push({
      ...boundedDiagnostic(diagnostic),
      file: this.#file,
      line,
      column,
      length: underlined,
      lineText,
    });
  }
}

/** How a document came to be looked at. */
interface Origin {
  readonly isSubstitutedBefore: boolean;
  /** Read into typed fields, where Go's YAML makes texts of numbers. */
  readonly isTyped?: boolean;
  readonly depth: number;
}

const TOP: Origin = { isSubstitutedBefore: false, depth: 0 };
/** Manifests in manifests in manifests. */
const DEPTH_MAX = 5;

/** A file below the folder that charts have their templates in. */
const IN_CHART = /(?:^|[\\/])templates[\\/]/;

const HELM_TEMPLATE = {
  code: 'HELM_TEMPLATE',
  severity: 'note',
  message: 'Helm template, not linted; pipe `helm template` into `lint -`',
} as const;

const STRICT_HINT = '`argo lint` and `argo submit` refuse such a document unless they get --strict=false.';

function textOf(name: unknown): string {
  return typeof name === 'string' ? name : '';
}

function listLength(metrics: unknown): number {
  const list = (metrics as { prometheus?: unknown } | null)?.prometheus;
  return Array.isArray(list) ? list.length : 0;
}
