// What a collector thread was asked to do and has not answered yet. One per keeper.
import { MetricStoreError } from '../errors.js';
import { withDeadline } from '../guard/deadline.js';
import { received, type FromThread } from './collector-messages.js';

interface Call {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class ThreadCalls {
  readonly #calls = new Map<number, Call>();
  #made = 0;

  /**
   * @param send asks the thread, which answers with this number
   * @throws MetricStoreError what the thread answers; COLLECTOR_FAILED when it ends before; EXPORT_TIMEOUT when it does not
   * answer in time (rejections)
   */
  make(what: string, millis: number, send: (id: number) => void): Promise<void> {
    const id = ++this.#made;
    const answer = new Promise<void>((resolve, reject) => this.#calls.set(id, { resolve, reject }));
    send(id);
    return withDeadline(answer, millis, 'EXPORT_TIMEOUT', what).finally(() => this.#calls.delete(id));
  }

  /** One that nobody waits for any more is left. */
  answer({ id, error }: Extract<FromThread, { type: 'done' }>): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve();
    else call?.reject(received(error, 'EXPORT_FAILED'));
  }

  /** Nobody answers any more. */
  end(cause: unknown): void {
    for (const { reject } of this.#calls.values())
      reject(new MetricStoreError('COLLECTOR_FAILED', 'the collector thread ended meanwhile', { cause }));
    this.#calls.clear();
  }
}
