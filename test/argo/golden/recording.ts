// Replays what a real controller's watch delivered, with the clock of that day.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStore } from '../../../lib/index.js';
import { CustomMetrics } from '../../../lib/argo/emit/custom-metrics.js';
import type { MetricsConfig } from '../../../lib/argo/spec/metrics-spec.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import type { WorkflowEvent } from '../../../lib/argo/observe/workflow-observer.js';
import { coreOf } from '../../../lib/store/store-core.js';
import { expositionOf, readExposition } from './exposition.js';
import type { Exposition } from './exposition.js';

interface Scrape {
  readonly file: string;
  readonly afterEvents: number;
  readonly at: string;
}

interface CaseFile {
  readonly name: string;
  readonly description: string;
  readonly eventTimes: readonly string[];
  readonly scrapes: readonly Scrape[];
  readonly controllerRestartsAfterEvents?: readonly number[];
  /** The scrape that a new controller gives before it knows any workflow. */
  readonly beforeSync?: string;
  readonly metricsTTL?: string;
}

type Compatibility = 'corrected' | 'exact';

export interface ScrapeResult {
  readonly file: string;
  readonly expected: Exposition;
  readonly actual: Exposition;
}

export class Recording {
  readonly description: string;
  readonly #folder: string;
  readonly #case: CaseFile;
  readonly #events: readonly WorkflowEvent[];

  constructor(folder: string) {
    this.#folder = folder;
    this.#case = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile;
    this.description = this.#case.description;
    const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').split('\n').filter(Boolean);
    this.#events = lines.map(line => JSON.parse(line) as WorkflowEvent);
  }

  /** Unix milliseconds at which event number `index` came. */
  timeOf(index: number): number {
    return Date.parse(this.#case.eventTimes[index] ?? '');
  }

  get metricsConfig(): MetricsConfig {
    const { metricsTTL } = this.#case;
    return metricsTTL === undefined ? {} : { metricsTTL };
  }

  get events(): readonly WorkflowEvent[] {
    return this.#events;
  }

  /** Names, with prefix, of the metrics whose values stem from durations. */
  timedNames(): ReadonlySet<string> {
    const names = new Set<string>();
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { name, gauge, histogram, counter } = value as Record<string, unknown>;
      const text = JSON.stringify([gauge, histogram, counter]);
      if (typeof name === 'string' && /\bduration\b/.test(text)) names.add(`argo_workflows_${name}`);
      Object.values(value).forEach(walk);
    };
    this.#events.forEach(walk);
    return names;
  }

  /** Whether the recorded text shows a known defect somewhere. */
  get hasDefect(): boolean {
    return this.#case.scrapes.some(({ file }) => existsSync(this.#corrected(file)));
  }

  /** @param compatibility `exact`: the recorded text counts, defects included. */
  async replay(
    compatibility: Compatibility = 'corrected',
  ): Promise<{ scrapes: ScrapeResult[]; diagnostics: Diagnostic[] }> {
    const newController = (): Controller => new Controller(compatibility, this.#case.metricsTTL);
    const { eventTimes, scrapes, controllerRestartsAfterEvents = [], beforeSync } = this.#case;
    const diagnostics: Diagnostic[] = [];
    const results: ScrapeResult[] = [];
    let controller = newController();
    const known = new Map<string, unknown>();
    const scrape = async (planned: Scrape): Promise<void> => {
      controller.now = Date.parse(planned.at);
      results.push({
        file: planned.file,
        expected: this.#expected(planned.file, compatibility),
        actual: await controller.collect(),
      });
    };
    for (let count = 0; count <= this.#events.length; count++) {
      const event = this.#events[count - 1];
      if (event) {
        controller.now = Date.parse(eventTimes[count - 1] ?? '');
        diagnostics.push(...controller.observer.observe(event));
        const { uid } = (event.object as { metadata: { uid: string } }).metadata;
        if (event.type === 'DELETED') known.delete(uid);
        else known.set(uid, event.object);
      }
      const planned = scrapes.filter(({ afterEvents }) => afterEvents === count);
      const isRestart = controllerRestartsAfterEvents.includes(count);
      for (const each of planned) {
        const isFirst = isRestart && each.file === beforeSync;
        if (isFirst) controller = newController();
        await scrape(each);
        if (isFirst) controller.observer.sync(known.values());
      }
    }
    return { scrapes: results, diagnostics };
  }

  /** Where the recorded text shows a known defect, the corrected one counts. */
  #expected(file: string, compatibility: Compatibility): Exposition {
    const corrected = this.#corrected(file);
    const counts = compatibility === 'corrected' && existsSync(corrected) ? corrected : join(this.#folder, file);
    return readExposition(readFileSync(counts, 'utf8'));
  }

  #corrected(file: string): string {
    return join(this.#folder, file.replace('metrics-', 'corrected-'));
  }
}

/** A store with everything that observes into it, as one process would have it. */
class Controller {
  now = 0;
  readonly #store = createStore({ clock: { now: () => this.now }, shared: false });
  readonly observer: WorkflowObserver;

  constructor(argoCompatibility: Compatibility, metricsTTL: string | undefined) {
    const metricsConfig = metricsTTL === undefined ? {} : { metricsTTL };
    const customMetrics = new CustomMetrics({ store: this.#store, argoCompatibility, metricsConfig });
    this.observer = new WorkflowObserver({ customMetrics });
  }

  async collect(): Promise<Exposition> {
    const reader = coreOf(this.#store).openReader(() => 'cumulative');
    const cut = await reader.collect();
    reader.close();
    return expositionOf(cut.streams);
  }
}
