import type { FinishedWorkflows } from './finished-workflows.js';
import type { TrackerState } from './tracker-state.js';

/** All that an observer remembers. */
export interface ObserverState {
  readonly hasBaseline: boolean;
  /** Those that are not over, or that bytes cannot hold. */
  readonly workflows: Iterable<readonly [uid: string, state: TrackerState]>;
  readonly finished: FinishedWorkflows;
  /** With the newest time that they showed, the latest one last. */
  readonly gone: Iterable<readonly [uid: string, newestTime: number]>;
  /** What was over by then may be one of those that were forgotten, Unix milliseconds; `-Infinity`: there is none. */
  readonly forgottenUntil: number;
}
