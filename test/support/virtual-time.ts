import { mock } from 'node:test';

/** A turn of the real event loop, whatever timers do. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** A collection takes one turn of the event loop, and what it was asked by and what it leads to one each. */
const TURNS_OF_COLLECTION = 3;

/** Lets so many milliseconds pass, one after the other, with all that is due in each. */
export type Pass = (millis: number) => Promise<void>;

/** Runs `work` while timers go by a clock that only `pass` moves. */
export async function inVirtualTime(work: (pass: Pass) => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  try {
    await work(async millis => {
      for (let passed = 0; passed < millis; passed++) {
        mock.timers.tick(1);
        for (let turns = 0; turns < TURNS_OF_COLLECTION; turns++) await turn();
      }
    });
  } finally {
    mock.timers.reset();
  }
}

/** What a promise came to, while virtual time passes until it has settled; fails after a minute of it. */
export async function outcome(work: Promise<unknown>, pass: Pass): Promise<string> {
  let result: string | undefined;
  work.then(
    () => (result = 'resolves'),
    (error: unknown) => (result = `rejects ${(error as { code?: string }).code ?? (error as Error).message}`),
  );
  for (let waited = 0; waited < 60_000; waited++) {
    await turn();
    if (result !== undefined) return result;
    await pass(1);
  }
  throw new Error('has not settled');
}
