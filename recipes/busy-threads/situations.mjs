// What the programs of this folder have in common: three threads or processes that count 1, 10 and 100, and what happens to
// them. `process.argv[2]` says which situation it is.
import { once } from 'node:events';
import { createServer } from 'node:http';

const VALUES = [1, 10, 100];

/** Longer than the comparison takes: who spins ends also when nobody is left to end it. */
const SPIN_MILLIS = 60_000;

/** The part of the main thread. `begin` starts who counts a value, `end` ends it without a warning, as a crash does. */
export async function conduct({ begin, tell, end, url, pids = () => [] }) {
  const situation = process.argv[2];
  const counting = VALUES.map(begin);
  await Promise.all(counting.map(one => once(one, 'message')));
  if (situation === 'one spins') {
    const spins = once(counting[0], 'message');
    tell(counting[0]);
    await spins;
  }
  if (situation.startsWith('one was ended')) await end(counting[1]);
  process.send({ url, pids: pids(counting) }, () => {
    if (situation.endsWith('main spins')) spin();
  });
}

/** The part of who counts: says so, and spins when it is told. `send` is given what to do once the other side has it. */
export function countAndWait(port, send, count) {
  count();
  port.on('message', message => {
    if (message === 'spin') send('spinning', spin);
  });
  send('counted', () => undefined);
}

/** A server of this thread, as both registries need one. */
export async function serve(metrics) {
  const server = createServer((request, response) => {
    metrics().then(
      text => response.end(text),
      error => response.writeHead(500).end(error.message),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/metrics`;
}

function spin() {
  for (const end = Date.now() + SPIN_MILLIS; Date.now() < end;);
  process.exit(1);
}
