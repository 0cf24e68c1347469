// Mutation testing: makes small changes to lib/memory, lib/guard, lib/store and lib/otel, one at a time, and looks whether a test
// notices. A sample, chosen by a seed that is printed. What survives is either in the table of docs/proof.md, where the
// reason stands why nobody could notice it, or a hole in the tests, which makes this script fail.
//
// Usage: node scripts/mutants.mjs [FOLDER-OR-FILE…]. Environment: MUTANTS (how many), MUTANTS_SEED, MUTANTS_MINUTES (no
// other one is begun after that), MUTANTS_PROCESSES, MUTANTS_STAGES (only so many lists of tests).
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { equivalentMutants } from './mutants/equivalent.mjs';
import { mutantsOf } from './mutants/operators.mjs';
import { Workshop } from './mutants/workshop.mjs';
import { ROOT } from './steps.mjs';

const COUNT = Number(process.env.MUTANTS ?? 200);
const SEED = Number(process.env.MUTANTS_SEED ?? Date.now() % 1_000_000);
const MINUTES = Number(process.env.MUTANTS_MINUTES ?? Infinity);
/** For a quick look: only the tests that are near. What survives them may be noticed by others. */
const STAGES_MAX = Number(process.env.MUTANTS_STAGES ?? Infinity);
const PROCESSES = Number(process.env.MUTANTS_PROCESSES ?? 2);
/** Of the sample, at least so many must be noticed; the rest must be in the table. */
const KILLED_MIN = 0.95;

const PLACES =
  process.argv.length > 2 ? process.argv.slice(2) : ['lib/memory', 'lib/guard', 'lib/store', 'lib/otel'];

const filesIn = (folder, ending, depth) =>
  ts.sys
    .readDirectory(join(ROOT, folder), [ending], [], [], depth)
    .map(path => relative(ROOT, path))
    .sort();
const testsIn = (folder, depth) => filesIn(folder, '.test.ts', depth);

const named = (folder, ...names) => names.map(name => `${folder}/${name}.test.ts`);
const folders = (...names) => names.flatMap(name => testsIn(`test/${name}`));

/** These compare texts, of sources or of documents: they would notice any change, whatever it does. */
const TEXT_CHECKS = new Set(named('test', 'tidy', 'layers', 'mutants', 'errors', 'diagnostics'));
const WHOLE_STORES = named('test', 'collection', 'reclaim', 'removal', 'init');
const HOSTILE = named('test', 'bad-data', 'misuse', 'histogram-values');
/** The tests of a folder of lib/, in the order in which they are run: first what is quick and near. */
const STAGES = {
  memory: [WHOLE_STORES, folders('memory', 'store'), [...HOSTILE, ...folders('instruments')]],
  guard: [folders('guard'), WHOLE_STORES, [...HOSTILE, ...folders('store', 'instruments')]],
  store: [WHOLE_STORES, folders('store'), [...HOSTILE, ...folders('memory', 'instruments')]],
  otel: [folders('otel'), folders('specification')],
};
/** What uses all of it, then what uses threads. */
const EVERYTHING = [
  [...testsIn('test', 1), ...folders('otel', 'specification', 'host-defects', 'exposition')],
  folders('faults', 'stress'),
];

/** Where the model executes the changed text, and the scenarios that take seconds. */
const MODELLED =
  /^lib\/(memory\/(kernel\/|swap|planes|reclaim|right|recorder|totals|tables|text|layout)|store\/(collect\/(plane-lease|hidden-places)|record\/(series-places|series-handle|admit-within)))/;
const SCENARIOS = [
  'smallPair',
  'histogram',
  'sameKey',
  'oneBucket',
  'fullStore',
  'exports',
  'claiming',
  'hidden',
  'restoringGauge',
];

/** The lists of tests for a file, each without those that ran before. */
function stagesOf(path) {
  const seen = new Set(TEXT_CHECKS);
  const unseen = file => !seen.has(file) && seen.add(file);
  return [...STAGES[path.split('/')[1]], ...EVERYTHING].map(files => files.filter(unseen));
}

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

/** How long each list of tests takes when nothing is changed: in milliseconds, known from the first time it is needed. */
const unchanged = new Map();

async function limitOf(workshop, files) {
  const key = [...files].sort().join(' ');
  if (!unchanged.has(key)) {
    let start = performance.now();
    let failure = await workshop.firstFailure(files);
    if (failure !== undefined) {
      // A sample is too dear to be lost to a busy moment.
      console.log(`unchanged, once: ${failure}`);
      start = performance.now();
      failure = await workshop.firstFailure(files);
    }
    if (failure !== undefined) throw new Error(`unchanged, the tests fail: ${failure}`);
    unchanged.set(key, performance.now() - start);
  }
  return Math.max(60_000, Math.ceil(4 * unchanged.get(key)));
}

/** The test of the file itself, whole stores, those of its folder, everything else, threads; last the model. */
async function killerOf(workshop, mutant) {
  const own = `test/${mutant.path.slice('lib/'.length).replace(/(\.as)?\.ts$/, '.test.ts')}`;
  const lists = stagesOf(mutant.path).slice(0, STAGES_MAX);
  if (existsSync(join(ROOT, own))) lists.unshift([own]);
  for (const files of lists) {
    workshop.restore(mutant.path);
    const limit = await limitOf(workshop, files);
    const refusal = await workshop.apply(mutant.path, mutant.text);
    const failure = refusal ?? (await workshop.firstFailure(files, limit));
    if (failure !== undefined) return failure;
  }
  return MODELLED.test(mutant.path) && STAGES_MAX === Infinity
    ? workshop.firstViolation(SCENARIOS)
    : undefined;
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
    while (left > 0 && queue.length > 0 && performance.now() < MINUTES * 60_000) {
      const mutant = queue.pop();
      if (!compiles(mutant)) continue;
      left--;
      const start = performance.now();
      const killer = await killerOf(workshop, mutant);
      workshop.restore(mutant.path);
      const place = `${mutant.path}:${mutant.line}`;
      if (killer === 'same' || killer === 'does not compile') left++;
      else if (killer !== undefined)
        console.log(
          `killed    ${place}: ${mutant.to}  (${killer}, ${((performance.now() - start) / 1000).toFixed()} s)`,
        );
      else console.log(`SURVIVED  ${place}\n          - ${mutant.from}\n          + ${mutant.to}`);
      if (killer === undefined)
        if (isKnown(mutant)) equivalent++;
        else survivors.push(mutant);
      else if (killer !== 'same' && killer !== 'does not compile') killed++;
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
