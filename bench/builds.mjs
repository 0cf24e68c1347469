// node bench/builds.mjs OTHER [--rounds 15] [--json]: this build's record paths beside those of another checkout that is
// built, e.g. the last release: no change may make a record slower. A process each, one after the other, in turns, since
// what one build made of the engine's heap must not be the other's.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { ratio, summarize } from './rounds.mjs';

const { values: options, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    calls: { type: 'string', default: '100000' },
    json: { type: 'boolean' },
  },
  allowPositionals: true,
});
const [other] = positionals;
if (other === undefined) throw new Error('which other checkout? node bench/builds.mjs OTHER');

const CHILD = fileURLToPath(new URL('./record-paths.mjs', import.meta.url));
/** The published form, or what there was before one was bundled. */
const entryOf = checkout => {
  const found = ['dist/esm/index.js', 'dist/index.js'].find(path => existsSync(join(checkout, path)));
  if (found === undefined) throw new Error(`${checkout} is not built: run npm run build there`);
  return pathToFileURL(join(checkout, found)).href;
};
const builds = { ours: fileURLToPath(new URL('..', import.meta.url)), other: resolve(other) };

async function measure(checkout) {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, entryOf(checkout), options.calls]);
  return JSON.parse(stdout);
}

const figures = { ours: [], other: [] };
for (let round = 0; round < Number(options.rounds); round++)
  for (const name of round % 2 === 0 ? ['ours', 'other'] : ['other', 'ours'])
    figures[name].push(await measure(builds[name]));

const rows = Object.keys(figures.ours[0] ?? {}).map(path => {
  const [ours, theirs] = [figures.ours, figures.other].map(rounds => rounds.map(round => round[path]));
  return { path, ours: summarize(ours), other: summarize(theirs), ratio: ratio(ours, theirs) };
});
if (options.json) console.log(JSON.stringify(rows, null, 2));
else
  for (const { path, ours, other: theirs, ratio: times } of rows)
    console.log(
      `${path.padEnd(34)}${ours.median.toFixed(1).padStart(9)} ns, other ${theirs.median.toFixed(1).padStart(9)} ns:  ` +
        `${times.median.toFixed(2)}×  (${times.low.toFixed(2)}–${times.high.toFixed(2)})`,
    );
