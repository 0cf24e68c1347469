// Says how exports go once per change: an exporter that is down for an hour fails sixty times for one reason. One thread.
import { diag } from '../guard/guarded-diag.js';

export class ExportHealth {
  #failures = 0;
  #givenUp = 0;

  /** Says the first failure in a row, with its reason. */
  failed(error: unknown): void {
    if (this.#failures++ > 0) return;
    diag.error('otel-argo-metrics: an export failed; those that follow are counted until one arrives', error);
  }

  /** Deltas are lost. Said once until an export arrives, then with how often. */
  gaveUp(reason: string): void {
    if (this.#givenUp++ > 0) return;
    diag.error(
      `otel-argo-metrics: ${reason}: deltas are given up, further ones are counted until an export arrives`,
    );
  }

  arrived(): void {
    if (this.#failures === 0) return;
    diag.info(
      `otel-argo-metrics: exports arrive again, after ${this.#failures} that failed; batches of deltas given up: ${this.#givenUp}`,
    );
    this.#failures = 0;
    this.#givenUp = 0;
  }
}
