// Starts a client in a process of its own and asks it questions, one at a time. Whoever does not answer is an error, not a wait.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ANSWER_MILLIS = 600_000;
const CLIENT = fileURLToPath(new URL('process.mjs', import.meta.url));
const TURNS = fileURLToPath(new URL('turns.mjs', import.meta.url));

/** What `answer` resolves with, unless the child ends first or takes too long. */
function askerOf(child, what, answer) {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${what} ended with ${signal ?? code}`);
  });
  ended.catch(() => {});
  return async () => {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${what}: no answer in ${ANSWER_MILLIS} ms`));
      }, ANSWER_MILLIS);
    });
    try {
      return await Promise.race([answer(), ended, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * `sets`: 'once' for label sets that are made once, 'each' for ones that are made for each record. `before`: its memory before it had a
 * series.
 */
export async function startClient(who, kind, series, sets = 'once') {
  const child = fork(CLIENT, [who, kind, series, sets], { execArgv: ['--expose-gc'] });
  const answer = answersOf(child, `${who}, ${series} ${kind} series`);
  const before = await answer();
  return {
    before,
    ask: (ask, options) => {
      child.send({ ask, ...options });
      return answer();
    },
    end: () => endOf(child, () => child.disconnect()),
  };
}

/** A process that records while a collector thread of its own serves `url`. */
export async function startTurns(series) {
  const child = fork(TURNS, [series]);
  const answer = answersOf(child, `turns beside ${series} series`);
  const url = await answer();
  return {
    url,
    watch: millis => {
      child.send({ millis });
      return answer();
    },
    end: () => endOf(child, () => child.disconnect()),
  };
}

const answersOf = (child, what) =>
  askerOf(child, what, async () => {
    const [{ failure, answer }] = await once(child, 'message');
    if (failure !== undefined) throw new Error(failure);
    return answer;
  });

/** The same for the program in client-golang/, which is built already. It knows `text` and `memory`. */
export async function startProgram(program, kind, series) {
  const child = spawn(program, [kind, series], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = askerOf(child, program, async () => JSON.parse((await lines.next()).value));
  const before = await answer();
  return {
    before,
    ask: async ask => {
      child.stdin.write(`${ask}\n`);
      return answer();
    },
    end: () => endOf(child, () => child.stdin.end()),
  };
}

async function endOf(child, leave) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  leave();
  await ended;
}

/** Scrapes to the end and drops what comes; resolves with how much that was, and what it was called. */
export function scrape(url, headers = {}) {
  return new Promise((resolve, reject) => {
    get(url, { headers }, response => {
      let bytes = 0;
      response.on('data', chunk => (bytes += chunk.length));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve({
              bytes,
              type: response.headers['content-type'],
              encoding: response.headers['content-encoding'],
            })
          : reject(new Error(`${url}: ${response.statusCode}`)),
      );
      response.on('error', reject);
    }).on('error', reject);
  });
}
