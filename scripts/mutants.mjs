// Mutation testing: makes small changes to lib/memory, lib/store and lib/otel, one at a time, and looks whether a test
// notices. A sample, chosen by a seed that is printed. What survives is either in the table of docs/proof.md, where the
// reason stands why nobody could notice it, or a hole in the tests, which makes this script fail.
//
// Usage: node scripts/mutants.mjs [FOLDER-OR-FILE…]. Environment: MUTANTS (how many), MUTANTS_SEED, MUTANTS_PROCESSES.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { equivalentMutants } from './mutants/equivalent.mjs';
import { mutantsOf } from './mutants/operators.mjs';
import { Workshop } from './mutants/workshop.mjs';
import { ROOT } from './steps.mjs';

const COUNT = Number(process.env.MUTANTS ?? 200);
const SEED = Number(process.env.MUTANTS_SEED ?? Date.now() % 1_000_000);
const PROCESSES = Number(process.env.MUTANTS_PROCESSES ?? 2);
/** Of the sample, at least so many must be noticed; the rest must be in the table. */
const KILLED_MIN = 0.95;

const PLACES = process.argv.length > 2 ? process.argv.slice(2) : ['lib/memory', 'lib/store', 'lib/otel'];

const filesIn = (folder, ending, depth) =>
  ts.sys
    .readDirectory(join(ROOT, folder), [ending], [], [], depth)
    .map(path => relative(ROOT, path))
    .sort();
const testsIn = folder => filesIn(folder, '.test.ts', 1);

const WHOLE_STORES = ['test/collection.test.ts', 'test/reclaim.test.ts', 'test/bad-data.test.ts'];
const FAST = [
  ...WHOLE_STORES,
  ...['memory', 'store', 'instruments', 'otel', 'cardinality', 'exposition'].flatMap(name =>
    testsIn(`test/${name}`),
  ),
  ...testsIn('test').filter(path => !WHOLE_STORES.includes(path) && path !== 'test/tidy.test.ts'),
];
const SLOW = ['test/faults', 'test/stress', 'test/model', 'test/package'].flatMap(testsIn);

/** Mulberry32: a stream of numbers from 0 to 1 that a seed repeats. */
function* randomNumbers(seed) {
  for (let state = seed | 0; ;) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

function shuffle(list, random) {
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(random.next().value * (index + 1));
    [list[index], list[other]] = [list[other], list[index]];
  }
  return list;
}

/** A function that says whether a changed file still compiles; a change that does not is no mutant. */
function makeCompiler() {
  const changed = new Map();
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), path => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  const files = filesIn('lib', '.ts').filter(path => !path.endsWith('.as.ts'));
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({ ...options, noUnusedLocals: false, noUnusedParameters: false }),
    getScriptFileNames: () => files.map(path => join(ROOT, path)),
    getScriptVersion: path => String(changed.get(path)?.version ?? 0),
    getScriptSnapshot: path => {
      const text = changed.get(path)?.text ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: target => ts.getDefaultLibFilePath(target),
  });
  return ({ path, text }) => {
    if (path.endsWith('.as.ts')) return true;
    const file = join(ROOT, path);
    const version = (changed.get(file)?.version ?? 0) + 1;
    changed.set(file, { text, version });
    const problems = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
    changed.set(file, { text: readFileSync(file, 'utf8'), version: version + 1 });
    return problems.length === 0;
  };
}

/** The tests of the file itself, then those of its folder, then whole stores, then threads; last the model. */
async function killerOf(workshop, mutant) {
  const refusal = await workshop.apply(mutant.path, mutant.text);
  if (refusal !== undefined) return refusal;
  const own = join(
    'test',
    dirname(mutant.path).slice('lib/'.length),
    `${basename(mutant.path, '.ts')}.test.ts`,
  );
  const near = [
    ...(existsSync(join(ROOT, own)) ? [own] : []),
    ...testsIn(`test/${mutant.path.split('/')[1]}`),
  ];
  const first = [...new Set([...near, ...WHOLE_STORES])];
  for (const files of [first, FAST.filter(path => !first.includes(path)), SLOW]) {
    const failure = await workshop.firstFailure(files);
    if (failure !== undefined) return failure;
  }
  if (!mutant.path.startsWith('lib/memory/')) return undefined;
  return workshop.firstViolation([]);
}

const random = randomNumbers(SEED);
const everything = PLACES.flatMap(place => (place.endsWith('.ts') ? [place] : filesIn(place, '.ts')))
  .filter(path => !path.endsWith('kernel-binary.ts'))
  .flatMap(path => mutantsOf(path, readFileSync(join(ROOT, path), 'utf8')));
console.log(`${everything.length} changes are possible; ${COUNT} of them, MUTANTS_SEED=${SEED}`);

const queue = shuffle(everything, random);
const compiles = makeCompiler();
const known = equivalentMutants();
const isKnown = ({ path, from, to }) =>
  known.some(row => row.path === path && row.from === from && row.to === to);
const survivors = [];
let [killed, equivalent, left] = [0, 0, COUNT];

async function work() {
  const workshop = new Workshop();
  try {
    const broken = await workshop.firstFailure(FAST);
    if (broken !== undefined) throw new Error(`unchanged, the tests fail: ${broken}`);
    while (left > 0 && queue.length > 0) {
      const mutant = queue.pop();
      if (!compiles(mutant)) continue;
      left -= 1;
      const killer = await killerOf(workshop, mutant);
      workshop.restore(mutant.path);
      const place = `${mutant.path}:${mutant.line}`;
      if (killer === 'same' || killer === 'does not compile') left += 1;
      else if (killer !== undefined) console.log(`killed    ${place}: ${mutant.to}  (${killer})`);
      else console.log(`SURVIVED  ${place}\n          - ${mutant.from}\n          + ${mutant.to}`);
      if (killer === undefined) {
        if (isKnown(mutant)) equivalent += 1;
        else survivors.push(mutant);
      } else if (killer !== 'same' && killer !== 'does not compile') killed += 1;
    }
  } finally {
    workshop.close();
  }
}

await Promise.all(Array.from({ length: PROCESSES }, work));

const total = killed + equivalent + survivors.length;
console.log(`\n${survivors.length} survivors that docs/proof.md does not know:`);
for (const { path, line, from, to } of survivors)
  console.log(`  ${path}:${line}\n    - ${from}\n    + ${to}`);
console.log(
  `${killed} of ${total} killed (${((100 * killed) / total).toFixed(1)} %), ${equivalent} known to change nothing`,
);
console.log(`${killed + equivalent} passed, ${survivors.length} failed`);
process.exitCode = survivors.length === 0 && killed >= KILLED_MIN * total ? 0 : 1;
