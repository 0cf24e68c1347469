import type { Clock } from '../../guard/guarded-clock.js';

/** A clock that stands still between `stop` and `go`. */
export class SteadyClock implements Clock {
  readonly #clock: Clock;
  #stopped: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#stopped ?? this.#clock.now();
  }

  stop(): void {
    this.#stopped = this.#clock.now();
  }

  go(): void {
    this.#stopped = undefined;
  }
}
