/** What Node says in its versions of a pipe that nobody reads any more, when it is written to and when it was closed before. */
const CLOSED: ReadonlySet<unknown> = new Set([
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_UNABLE_TO_PIPE',
]);

/** Whether an output failed only because its reader has what he wanted, as `| head` has after the first lines. */
export function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CLOSED.has(error.code);
}
