#!/usr/bin/env node
import * as library from '../index.js';
import { ExitCode } from './exit-code.js';
import { isClosed } from './closed-output.js';
import { keepHeapFlat } from './flat-heap.js';
import { run } from './run.js';

// The bundler makes a chunk for every set of entries that share something. A command that has all of the library adds none.
export { library };

const isWatch = process.argv.includes('watch');
if (isWatch) keepHeapFlat();

const interruption = new AbortController();
/** How long a command may take to end by itself; `watch` answers scrapes that are under way. */
const END_MILLIS = isWatch ? 10_000 : 2000;
/** How long what a command left behind may hold the process. */
const LEFT_BEHIND_MILLIS = 1000;
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    interruption.abort();
    // Opening a named pipe without a writer cannot be given up; by now the signal ends the process.
    setTimeout(() => process.kill(process.pid, name), END_MILLIS).unref();
  });
const { stdin, stdout, stderr, env } = process;
const clock = { now: () => Date.now() };

/** While nobody listens it ends the process, as always. */
function onHangup(listener: () => void): () => void {
  process.on('SIGHUP', listener);
  return () => process.off('SIGHUP', listener);
}

let isWritten = true;
// Without a listener an error that comes after the last write ends the process with a stack.
stdout.on('error', error => (isWritten &&= isClosed(error)));
stderr.on('error', () => undefined);

void run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  clock,
  env,
  signal: interruption.signal,
  onHangup,
}).then(exitCode => {
  process.exitCode = isWritten ? exitCode : ExitCode.failed;
  // An exporter of OTLP that was given up waits for its receiver still. What ends by itself ends before this.
  if (interruption.signal.aborted) setTimeout(() => process.exit(), LEFT_BEHIND_MILLIS).unref();
});
