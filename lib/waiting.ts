// What waiting needs of the machine: a time that only goes on, and a pause. Everything in here that waits or measures asks
// here, so that whoever wants another machine brings another file: the model check does. Any thread.

/** Looks at what another thread is soon done with, some ten nanoseconds in a section, before a pause. */
export const LOOKS_BEFORE_PAUSE = 64;

/** Milliseconds since some moment that is another one in each thread. No clock that is set moves them. */
export function monotonicMillis(): number {
  return performance.now();
}

/** Lets other work of this thread run for about a millisecond. Bounded, so it may keep the process alive. */
export function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 1));
}
