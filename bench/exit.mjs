// P17: how much longer a process takes to end because of its collector thread, whose exporter needs 30 ms for the last export. Each round
// is a process of its own, and beside it one without a collector thread.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';

const PROGRAM = fileURLToPath(new URL('clients/ending.mjs', import.meta.url));
const END_MILLIS = 60_000;

const epochMillis = () => performance.timeOrigin + performance.now();

/** From `process.exit()` to the end of the process, in milliseconds. @throws Error when the last export was not made */
async function endOf(options) {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: END_MILLIS,
  });
  const ended = once(child, 'exit').then(() => epochMillis());
  const [printed, at] = await Promise.all([text(child.stdout), ended]);
  // Of several exports, the last one.
  const { begin, exported } = JSON.parse(`{"exported":null${printed}}`);
  if (options.collector && exported !== 7) throw new Error(`the last export had ${exported} instead of 7`);
  return at - begin;
}

export function exitFlush({ series }) {
  const programs = {
    exitFlush: {},
    exitFlushObservable: { observes: true },
    exitFlushMany: { series, isFirst: false },
    exitFlushFirst: { series },
  };
  const contestants = Object.fromEntries(
    Object.entries(programs).map(([name, options]) => [
      name,
      async () => {
        const without = await endOf({ ...options, collector: false });
        return (await endOf({ ...options, collector: true })) - without;
      },
    ]),
  );
  return { contestants, end: () => Promise.resolve() };
}
