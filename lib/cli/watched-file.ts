// A file that may change while the command runs: an editor writes it anew, a mounted ConfigMap gets there by another link. Node's
// own watchers see neither everywhere, so it is looked at again and again, and read when something about it has changed.
import { stat } from 'node:fs/promises';
import { unref } from '../guard/deadline.js';

/** How often it is looked at. */
const LOOK_MILLIS = 5000;

/** How long it has to stay as it is before it is read: who writes it may have emptied it first. */
const STILL_MILLIS = 100;

/** One that has changed at so many looks in a row is read all the same. */
const CHANGES_MAX = 10;

export interface WatchedFileOptions {
  readonly path: string;
  /**
   * Reads it, which is known to have been done once. Never rejects.
   *
   * @param isAsked the user wants it, whether something has changed or not
   * @returns whether it could be read: if not, it is tried again
   */
  readonly read: (isAsked: boolean) => Promise<boolean>;
  /** Asks to be told when the user wants it to be read now; returns how that ends. */
  readonly onHangup?: ((listener: () => void) => () => void) | undefined;
  /** @defaultValue `5000` */
  readonly lookMillis?: number | undefined;
  /** @defaultValue `100`, or `lookMillis` where that is less */
  readonly stillMillis?: number | undefined;
}

/** Until the signal is aborted. */
export async function watchFile(options: WatchedFileOptions, signal: AbortSignal): Promise<void> {
  const { path, read, onHangup, lookMillis = LOOK_MILLIS } = options;
  const { stillMillis = Math.min(lookMillis, STILL_MILLIS) } = options;
  // It may have changed since it was read, so it is read once more.
  let seen = '';
  let before = '';
  let changes = 0;
  let isAsked = false;
  let wakeUp = (): void => undefined;
  const end = (): void => wakeUp();
  const stopAsking = onHangup?.(() => {
    isAsked = true;
    wakeUp();
  });
  signal.addEventListener('abort', end);
  try {
    for (;;) {
      await new Promise<void>(resolve => {
        const pause = changes === 0 ? lookMillis : stillMillis;
        const timer = setTimeout(resolve, isAsked ? 0 : pause);
        unref(timer);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted) wakeUp();
      });
      if (signal.aborted) return;
      const wasAsked = isAsked;
      isAsked = false;
      const now = await identityOf(path);
      const isStill = now === before;
      before = now ?? '';
      if (now === undefined || (now === seen && !wasAsked)) {
        changes = 0;
        continue;
      }
      if (!isStill && !wasAsked && ++changes < CHANGES_MAX) continue;
      changes = 0;
      // Who writes it may do so until after this. Then it is another one at the next look.
      seen = (await read(wasAsked)) ? now : '';
    }
  } finally {
    signal.removeEventListener('abort', end);
    stopAsking?.();
  }
}

/** Of what stands behind links. Undefined: it is a pipe or the like, which can be read once. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = found;
    return found.isFile() ? [dev, ino, size, mtimeNs, ctimeNs].join() : undefined;
  } catch {
    return 'none';
  }
}
