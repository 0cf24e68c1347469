import { readWorkflow } from '../argo/workflow/workflow-object.js';
import { writtenAfter } from '../argo/workflow/workflow-times.js';

/** How often in a time to live a series is looked at. A controller looks once. */
const LOOKS_PER_TTL = 10;
/** A series that expired gives its place back in as many collections. */
const COLLECTIONS_TO_EXPIRE = 4;

/**
 * The time in a replay: the newest one that an object showed so far, as it was when that object was written; and at the end
 * the time at which the metrics are read.
 */
export class ReplayClock {
  readonly #end: () => number;
  readonly #ttlMillis: number;
  #newest = 0;
  #collectedAt = 0;
  #isOver = false;
  /** Collects the store, which is how it notices that series expired. */
  collect: () => Promise<unknown> = () => Promise.resolve();

  /**
   * @param end when the metrics are read, in Unix milliseconds; nothing shows a later time before
   * @param ttlMillis the shortest time to live that a series has; 0: none expires
   */
  constructor(end: () => number, ttlMillis: number) {
    this.#end = end;
    this.#ttlMillis = ttlMillis;
  }

  now(): number {
    const end = this.#end();
    return this.#isOver ? end : Math.min(this.#newest, end);
  }

  /** The object comes next. */
  async see(object: unknown): Promise<void> {
    const workflow = readWorkflow(object);
    const time = workflow && writtenAfter(workflow);
    if (time === undefined || time <= this.#newest) return;
    await this.#pass(Math.min(time, this.#end()), () => (this.#newest = time));
  }

  /** Nothing comes any more. */
  async finish(): Promise<void> {
    await this.#pass(this.#end(), () => (this.#isOver = true));
  }

  async #pass(next: number, change: () => void): Promise<void> {
    const isDue = this.#ttlMillis > 0 && next - this.#collectedAt >= this.#ttlMillis / LOOKS_PER_TTL;
    // What was recorded since the last collection was recorded by now.
    if (isDue) await this.collect();
    change();
    if (!isDue) return;
    for (let times = 0; times < COLLECTIONS_TO_EXPIRE; times++) await this.collect();
    this.#collectedAt = next;
  }
}
