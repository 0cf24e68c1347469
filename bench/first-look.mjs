// P20: what the first look at a very large workflow takes by the clock, half of whose nodes have ended and are counted. Each figure is
// of a new process.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { largeLoop, largeWorkflow } from '../scripts/kubernetes/large-workflow.mjs';

const PROGRAM = fileURLToPath(new URL('clients/first-look.mjs', import.meta.url));
const LOOK_MILLIS = 60_000;

async function lookAt(bytes, how) {
  const child = spawn(process.execPath, [PROGRAM, how], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: LOOK_MILLIS,
  });
  child.stdin.end(bytes);
  return JSON.parse(await text(child.stdout));
}

export function firstLook({ nodes }) {
  const half = Math.floor(nodes / 2);
  const workflows = {
    Tasks: largeWorkflow('large', nodes, half),
    Loop: largeLoop('large', nodes, half),
    Retries: largeLoop('large', nodes, half, { isRetried: true }),
    Gauges: largeLoop('large', nodes, half, { setsGauge: true }),
  };
  const contestants = {};
  for (const [shape, object] of Object.entries(workflows)) {
    Object.assign(object.metadata, { uid: 'large', resourceVersion: '1' });
    const bytes = Buffer.from(JSON.stringify({ type: 'ADDED', object }));
    contestants[`firstLook${shape}`] = async () => (await lookAt(bytes, 'parsed')).look;
    contestants[`firstLookLate${shape}`] = async () => {
      const { parse, look } = await lookAt(bytes, 'late');
      return parse + look;
    };
    contestants[`firstLookParse${shape}`] = async () => (await lookAt(bytes, 'parsed')).parse;
  }
  return { contestants, end: () => Promise.resolve() };
}
