// What is remembered of a workflow between two of its objects, as plain data: for another process.

/** Nothing of it is changed by anybody: what is the same object as before is the same. */
export interface TrackerState {
  /** As `SeenVersions` writes it. */
  readonly versions: string;
  /** As `packRuns` writes them. */
  readonly runs: string;
  readonly newestTime: number | undefined;
  readonly phase: string | undefined;
  readonly labels: unknown;
  readonly annotations: unknown;
  readonly startedAt: number | undefined;
  readonly saidHidden: boolean;
  readonly written: WrittenState;
}

export interface WrittenState {
  readonly first: unknown;
  readonly started: number | undefined;
  readonly written: readonly WrittenMetric[];
}

export interface WrittenMetric {
  /** Of the metric's JSON; 0 for what is no JSON. */
  readonly mark: number;
  readonly isChanged: boolean;
  /** If it is changed: what it was before. */
  readonly original: unknown;
}

/** Of a workflow that is remembered no more. */
export type LeftBehind =
  /** It is gone: the newest time that it showed. */
  | { readonly goneAt: number }
  /** It is over, and there are too many: as `forgottenUntil` of `ObserverState`. */
  | { readonly forgottenUntil: number };

/** Hears what an observer is about to remember otherwise, and when that is done. What comes between belongs together. */
export interface ObserverLog {
  /** May come once more before the end of the first one. */
  begin(): void;
  end(): void;
  /** Before the first change between begin and end. `undefined`: not known. */
  before(uid: string, state: () => TrackerState | undefined): void;
  after(uid: string, change: TrackerState | LeftBehind): void;
  /** The first list was taken. */
  baseline(): void;
}
