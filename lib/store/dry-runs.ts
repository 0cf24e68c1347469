// What Views that are only tried would leave, over the series that their streams have, which the walk of a report brings. One
// for each report. Any thread that has the Views' functions.
import type { DryRunCardinality } from './definition/cardinality-report.js';
import type { View } from './definition/view.js';
import { DryRun } from './record/dry-run.js';
import type { StreamRegistry } from './series/stream-registry.js';

interface TriedStore {
  readonly registry: StreamRegistry;
  readonly views: readonly View[];
  readonly options: { readonly maxLabelValueLength: number };
}

export class DryRuns {
  readonly #runs = new Map<number, DryRun>();

  constructor({ registry, views, options: { maxLabelValueLength } }: TriedStore) {
    const options = { maxLabelValueLength, onFault: () => {} };
    for (const { index, definition } of registry.visible()) {
      const view = definition.tries === undefined ? undefined : views[definition.tries];
      if (view?.dryRun === true) this.#runs.set(index, new DryRun(view, options));
    }
  }

  /** Undefined for a stream on which nothing is tried. */
  of(stream: number): DryRunCardinality | undefined {
    return this.#runs.get(stream)?.result;
  }

  has(stream: number): boolean {
    return this.#runs.has(stream);
  }

  /** Adds a series of a stream, as its canonical text. */
  add(stream: number, text: string): void {
    this.#runs.get(stream)?.add(text);
  }
}
