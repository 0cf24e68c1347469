import type { Readable, Writable } from 'node:stream';

/** All that a command knows of the process it runs in. */
export interface RunContext {
  readonly stdin: Readable;
  /** Colored only when `isTTY`. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Progress is shown only when `isTTY`. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Unix milliseconds. */
  readonly clock: { now(): number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
  /** Tells the listener when the user wants files to be read again; returns how that ends. Absent: he cannot say so. */
  readonly onHangup?: (listener: () => void) => () => void;
}
