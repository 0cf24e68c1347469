// Deltas that an exporter did not take and that nobody would produce again: of the provider's own instruments and of
// further producers. Bounded. One thread.
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { BoundedMap } from '../guard/bounded-map.js';

/** Failed exports in a row, after which the oldest deltas go. */
export const BATCHES_MAX = 16;
/** How often an exporter may refuse one batch while it takes others. */
export const REFUSALS_MAX = 5;

export class UnsentDeltas {
  readonly #onGiveUp: (reason: string) => void;
  /** Batches with their refusals. */
  readonly #batches = new BoundedMap<ResourceMetrics, number>(BATCHES_MAX);

  /** @param onGiveUp called for each batch that is lost. */
  constructor(onGiveUp: (reason: string) => void) {
    this.#onGiveUp = onGiveUp;
  }

  add(batch: ResourceMetrics): void {
    if (batch.scopeMetrics.length === 0 || this.#batches.has(batch)) return;
    if (this.#batches.set(batch, 0)) this.#onGiveUp(`${BATCHES_MAX} exports failed in a row`);
  }

  /** A copy: batches can be deleted while it is walked. */
  oldestFirst(): readonly ResourceMetrics[] {
    return [...this.#batches.keys()];
  }

  delete(batch: ResourceMetrics): void {
    this.#batches.delete(batch);
  }

  /** Others got through and this one did not: what is in it is at fault, and it must not come back for ever. */
  countRefusal(batch: ResourceMetrics): void {
    const refusals = this.#batches.get(batch);
    if (refusals === undefined) return;
    this.#batches.set(batch, refusals + 1);
    if (refusals + 1 < REFUSALS_MAX) return;
    this.delete(batch);
    this.#onGiveUp(
      `the exporter refused one batch of other instruments than the store's ${REFUSALS_MAX} times`,
    );
  }
}
