import type { Finding } from '../argo/lint/finding.js';
import { ManifestLinter } from '../argo/lint/manifest-linter.js';
import type { PlacedVerdict } from '../argo/lint/placed-verdict.js';
import type { ClusterText } from './lint-cluster.js';
import { countOf } from './lint-text.js';

/** Findings that are kept and told, and as many verdicts. */
const TOLD_MAX = 10_000;
/** Mistakes that are remembered, to tell each once. */
const KNOWN_MAX = 100_000;

/** What `lint` finds in the objects of a cluster. One mistake in many objects of one origin is told once. */
export class LintedObjects {
  readonly findings: Finding[] = [];
  readonly #linter: ManifestLinter;
  readonly #verdicts: PlacedVerdict[] | undefined;
  readonly #known = new Set<string>();
  #objects = 0;
  #metrics = 0;
  #silenced = 0;
  #repeated = 0;
  #untold = 0;

  readonly #toldMax: number;

  constructor(withVerdicts: boolean, toldMax = TOLD_MAX) {
    this.#toldMax = toldMax;
    this.#linter = new ManifestLinter({ withVerdicts, hasLines: false });
    this.#verdicts = withVerdicts ? [] : undefined;
  }

  async add(texts: AsyncIterable<ClusterText>, signal: AbortSignal): Promise<void> {
    for await (const read of texts) {
      if (signal.aborted) return;
      if ('unreadable' in read) {
        const severity = read.isBeside === true ? 'note' : 'error';
        this.#add({ ...unreadableFinding(read.file, read.unreadable), severity }, read.origin);
        continue;
      }
      this.#objects++;
      if (read.text === '') continue;
      const { findings, verdicts, metricCount, silencedCount } = this.#linter.lint(read.file, read.text);
      this.#metrics += metricCount;
      this.#silenced += silencedCount;
      for (const finding of findings) this.#add(finding, read.origin);
      for (const verdict of verdicts)
        if ((this.#verdicts?.length ?? 0) < this.#toldMax) this.#verdicts?.push(verdict);
    }
  }

  #add(finding: Finding, origin: string): void {
    const { code, path, message, lineText } = finding;
    const key = JSON.stringify([origin, code, path, message, lineText]);
    if (this.#known.has(key)) {
      this.#repeated++;
      return;
    }
    if (this.#known.size < KNOWN_MAX) this.#known.add(key);
    if (this.findings.length < this.#toldMax) this.findings.push(finding);
    else this.#untold++;
  }

  counts() {
    return {
      ...{ fileCount: this.#objects, metricCount: this.#metrics, silencedCount: this.#silenced },
      verdicts: this.#verdicts,
    };
  }

  *notes(): Generator<string, void, undefined> {
    if (this.#repeated > 0)
      yield `${countOf(this.#repeated, 'finding')} of workflows that were made from the same are not repeated`;
    if (this.#untold > 0) yield `${countOf(this.#untold, 'finding')} more not told`;
  }
}

export function unreadableFinding(file: string, message: string, line = 1): Finding {
  const place = { file, line, column: 1, length: 1, lineText: '' };
  return { ...place, code: 'FILE_UNREADABLE', severity: 'error', path: '', message };
}
