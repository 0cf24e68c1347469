// Signals that end a process which does not handle them: what was recorded last is exported before. Then the signal is raised
// again, so the process ends as it would have, with the status that its parent expects.

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** @param act blocks, for a time at most. Keeps no process alive. Main thread. */
export function beforeEndingSignals(act: () => void): void {
  for (const signal of SIGNALS) listen(signal, act);
}

function listen(signal: NodeJS.Signals, act: () => void): void {
  const onSignal = (): void => {
    // Out of sight while others are called: there are some that end the process only if they are the only ones.
    process.off(signal, onSignal);
    // Whoever handles it decides what happens; if that is the end of the process, it is seen then.
    const restoreKill = actBeforeRaising(signal, act);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    // Whoever is still alive, as the first process of a container is, has it again.
    setImmediate(() => {
      restoreKill();
      process.prependListener(signal, onSignal);
    }).unref();
  };
  process.prependListener(signal, onSignal);
}

/** A signal that this process sends itself, with nobody who listens, ends it at once. Who handles a signal often ends with that. */
function actBeforeRaising(signal: NodeJS.Signals, act: () => void): () => void {
  const killer: { kill: (this: void, ...given: Parameters<typeof process.kill>) => true } = process;
  const { kill } = killer;
  const actingKill: typeof kill = (...given) => {
    const [pid, raised] = given;
    if (pid === process.pid && raised !== 0 && process.listenerCount(signal) === 0) act();
    Reflect.apply(kill, process, given);
    return true;
  };
  killer.kill = actingKill;
  return () => {
    // Who has wrapped it meanwhile keeps it.
    if (killer.kill === actingKill) killer.kill = kill;
  };
}
