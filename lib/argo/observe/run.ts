/** One run of something that ends: a node, or the workflow itself. */
export interface Run {
  /** Of the node's ID. */
  readonly mark: number;
  isDone: boolean;
  /** Seen before it was over, by one that is not. */
  wasRunning: boolean;
  /** What the realtime gauges of one that is not over were last reported with: a mark, or 0. */
  reported: number;
  /** Of one that is over. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** Number of the look that saw it last. */
  seen: number;
}

type Times = Pick<Run, 'startedAt' | 'finishedAt'>;

export function newRun(mark: number): Run {
  return {
    mark,
    isDone: false,
    wasRunning: false,
    reported: 0,
    startedAt: undefined,
    finishedAt: undefined,
    seen: 0,
  };
}

export function endRun(run: Run, { startedAt, finishedAt }: Times): void {
  run.isDone = true;
  run.startedAt = startedAt;
  run.finishedAt = finishedAt;
}

/** Whether what is over began after it was over before: it was made to run again, and that was missed. */
export function ranAgain(run: Run, { startedAt }: Pick<Times, 'startedAt'>): boolean {
  if (startedAt === undefined || run.startedAt === undefined || run.finishedAt === undefined) return false;
  return startedAt > run.startedAt && startedAt >= run.finishedAt;
}

/** Something that was over runs again; false when it was not over. */
export function restartRun(run: Run): boolean {
  if (!run.isDone) return false;
  run.isDone = false;
  run.reported = 0;
  run.wasRunning = false;
  return true;
}
