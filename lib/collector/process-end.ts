// What is done when the thread that started collector threads ends: `process.exit()`, an uncaught error, nothing left to do.
// Blocking, because the event loop turns no more then. Also what is done when a signal may end it.

/** In two steps, so that several collectors work at the same time. `isLast`: the process ends for certain. */
export interface LastAct {
  begin(isLast: boolean): void;
  finish(): void;
}

const acts = new Set<LastAct>();

/** Keeps no thread alive. Returns what takes it back. */
export function atProcessEnd(act: LastAct): () => void {
  // One listener for all: Node warns of a leak when there are many.
  if (acts.size === 0) process.on('exit', actAtExit);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size === 0) process.off('exit', actAtExit);
  };
}

/** Does now what is done at the end of the process, which may go on after it. Blocks, for a time at most. */
export function actBeforeSignal(): void {
  runAll(false);
}

function actAtExit(): void {
  runAll(true);
}

/** Acts that are added meanwhile have their turn too. */
function runAll(isLast: boolean): void {
  for (const act of acts) act.begin(isLast);
  for (const act of acts) act.finish();
}
