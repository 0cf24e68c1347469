// The shipped steps, loaded so that they can be explored: the kernel's binary, and the classes of lib/memory that drive
// it. The classes run as they stand in lib/, but that
// - `async` and `await` are erased: between two awaits a thread's JavaScript is sequential, and where it waits it calls
//   `pause`, which the explorer sees;
// - `#names` become `_names`, so that the explorer can treat a method as a script of its own;
// - a copy of totals is taken in the smallest steps that it knows;
// - `Atomics` and all of lib/waiting.ts are the explorer's;
// - what other modules call of three functions is the explorer's, too.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { KERNEL_BASE64 } from '../../lib/memory/kernel-binary.js';
import type * as Layouts from '../../lib/memory/layout.js';
import type { Plane } from '../../lib/memory/planes.js';
import type { isLeftOut } from '../../lib/memory/reclaim.js';
import type { RecordTarget } from '../../lib/memory/recorder.js';
import type { Region } from '../../lib/memory/region.js';
import type { SnapshotParts } from '../../lib/memory/snapshot.js';
import type * as Tables from '../../lib/memory/tables.js';
import type * as Texts from '../../lib/memory/text.js';
import type * as Totals from '../../lib/memory/totals.js';
import type { LeaseOptions, Sealed } from '../../lib/store/collect/plane-lease.js';
import type * as SnapshotRows from '../../lib/store/collect/snapshot-rows.js';
import type { SnapshotInUse } from '../../lib/store/collect/snapshots.js';
import type { admitWithin } from '../../lib/store/record/admit-within.js';
import type { Place, SeriesHandle } from '../../lib/store/record/series-handle.js';
import { decodeModule, type WasmFunction } from './wasm-module.js';

/** A text of a shipped source and what stands there instead in a variant that is broken on purpose. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What the loaded modules ask the explorer for. */
export interface Host {
  atomic: (
    operation: string,
    array: object,
    index: number,
    ...operands: (number | bigint)[]
  ) => number | bigint;
  now: () => number;
  pause: () => void;
  script: (key: string, run: () => unknown) => unknown;
}

/** Anything with methods that the explorer may wrap. */
export type Prototype = Record<string, (...args: unknown[]) => unknown>;

export interface Recorder {
  /** Address of the stripe that is tried first. */
  _stripe: number;
  add(target: RecordTarget, value: number): void;
  record(target: RecordTarget, value: number, boundaries: number, length: number): void;
  init(target: RecordTarget): void;
  write(target: RecordTarget, operation: number, value: number): void;
}

export interface CutResult {
  readonly outcome: 'fresh' | 'stalled' | 'busy';
  readonly value: unknown;
}

export interface Swap {
  cut(
    read: (generation: number) => unknown,
    options: { stallDeadlineMillis: number; now: () => number },
  ): CutResult;
}

/** The part behind the cache of handles: text in, slot out. */
export interface SeriesPlaces {
  admit(text: string): Place;
  readonly renew: (handle: SeriesHandle) => Place;
  overflow(): Place;
  has(place: Place): boolean;
  remove(text: string): boolean;
}

/** Collector's side of a hidden stream. */
export interface HiddenPlaces {
  giveBack(
    underRight: (step: (right: number) => unknown) => CutResult,
    findNeeded: (asked: readonly string[]) => ReadonlySet<string>,
    now: () => number,
  ): void;
}

/** A lease as one of its reader's collections finds it: its number, and whether what it sealed last arrived. */
export interface PlaneLease {
  readonly _number: number;
  _arrived: boolean;
  _until: number | undefined;
  isLost(): boolean;
  seal(right: number, now: number): Sealed;
  release(): void;
}

/** What a collecting thread keeps from one copy to the next. */
export interface Snapshots {
  take(pace: object, parts: SnapshotParts): SnapshotInUse | undefined;
}

export interface ShippedSources {
  readonly kernel: ReadonlyMap<string, WasmFunction>;
  readonly host: Host;
  readonly layout: typeof Layouts;
  readonly totals: typeof Totals;
  readonly tables: typeof Tables;
  readonly text: typeof Texts;
  readonly Plane: { new (region: Region, index: number): Plane; prototype: Prototype };
  readonly PlaneLease: {
    new (plane: Plane, number: number, sign: undefined): PlaneLease;
    take(region: Region, options: LeaseOptions): PlaneLease;
  };
  readonly Right: { new (region: Region): object; prototype: Prototype };
  readonly Swap: { new (region: Region): Swap; prototype: Prototype };
  readonly Recorder: { new (region: Region, shared: boolean): Recorder };
  readonly SeriesPlaces: { new (stream: object, options: object): SeriesPlaces };
  readonly SeriesHandle: typeof SeriesHandle;
  readonly isLeftOut: typeof isLeftOut;
  readonly admitWithin: typeof admitWithin;
  readonly RightPace: { new (region: Region, right: number): object };
  readonly SeriesCatalog: { new (region: Region, registry: object): object };
  readonly Snapshots: { new (region: Region, catalog: object): Snapshots };
  readonly rows: typeof SnapshotRows;
  readonly HiddenPlaces: {
    new (region: Region, stream: { index: number }): HiddenPlaces;
    prototype: Prototype;
  };
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ENTRIES = [
  'lib/memory/layout.ts',
  'lib/memory/totals.ts',
  'lib/memory/tables.ts',
  'lib/memory/swap.ts',
  'lib/memory/recorder.ts',
  'lib/store/collect/hidden-places.ts',
  'lib/store/collect/plane-lease.ts',
  'lib/store/collect/right-pace.ts',
  'lib/store/collect/snapshot-rows.ts',
  'lib/store/collect/snapshots.ts',
  'lib/store/record/admit-within.ts',
  'lib/store/record/series-handle.ts',
  'lib/store/record/series-places.ts',
  'lib/store/series/series-catalog.ts',
];

/** What stands in the place of a module. An export that is missing is an error when the modules are loaded. */
const REPLACED: Readonly<Record<string, string>> = {
  // A turn changes nothing that threads share: where another thread comes in, the explorer decides.
  'lib/guard/time-slice.ts': `
export class TimeSlice {
  isOver() { return false; }
  next() {}
}
`,
  // More looks in a row only repeat what a pause and another look do.
  'lib/waiting.ts': `
export const LOOKS_BEFORE_PAUSE = 1;
export const monotonicMillis = () => host.now();
export const pause = () => host.pause();
`,
};

/** Bounds that are so small that a small store comes to them: a text, and what stands there instead. */
const NARROWED: readonly Edit[] = [
  {
    file: 'lib/memory/snapshot.ts',
    from: 'const STEP_BYTES = MEBIBYTE;',
    to: 'const STEP_BYTES = 2 * words.SLOT_SIZE;',
  },
];

/** What stands behind a module. A function that is not declared there is an error when the modules are loaded. */
const APPENDED: Readonly<Record<string, string>> = {
  'lib/memory/reclaim.ts': `
reclaimIdle = asScript('reclaimIdle', reclaimIdle);
freePlace = asScript('freePlace', freePlace);
`,
  // A store has one place for a delta reader, so that readers come to share it.
  'lib/memory/planes.ts': `
planesOf = (all => region => all(region).slice(0, 1))(planesOf);
`,
};

const HOST = `
export const host = {};
const operation = name => (...args) => host.atomic(name, ...args);
export const Atomics = Object.fromEntries(['load', 'store', 'add', 'sub', 'compareExchange'].map(name => [name, operation(name)]));
export const asScript = (name, run) => (region, ...args) => host.script(\`\${name}(\${args})\`, () => run(region, ...args));
`;

/** @throws Error when an edit matches nothing, or more than one place */
function applyEdits(path: string, source: string, edits: readonly Edit[]): string {
  let edited = source;
  for (const { file, from, to } of edits) {
    if (file !== path) continue;
    const places = edited.split(from).length - 1;
    if (places !== 1) throw new Error(`${file} has ${places} places that say: ${from}`);
    edited = edited.replace(from, () => to);
  }
  return edited;
}

/** Compiles a source and what it imports into the folder. */
function compileInto(folder: string, path: string, edits: readonly Edit[], done: Set<string>): void {
  if (done.has(path)) return;
  done.add(path);
  const source = (REPLACED[path] ?? applyEdits(path, editedSource(path, edits), NARROWED))
    .replace(/(?<!\.)\b(?:async|await) /g, '')
    .replace(/(?<![\w'"`])#(\w+)/g, '_$1');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const host = posix.relative(posix.dirname(path), 'host.mjs');
  const target = join(folder, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    `import { host, asScript, Atomics } from '${host}';\n${outputText}${APPENDED[path] ?? ''}`,
  );
  for (const [, specifier = ''] of outputText.matchAll(/\bfrom '(\.[^']+)\.js'/g))
    compileInto(folder, posix.join(posix.dirname(path), `${specifier}.ts`), edits, done);
}

const isKernelSource = (path: string): boolean => path.startsWith('lib/memory/kernel/');

/** The text of a shipped source with the edits that concern it. @throws Error when one of them does not match */
export function editedSource(file: string, edits: readonly Edit[]): string {
  return applyEdits(file, readFileSync(join(ROOT, file), 'utf8'), edits);
}

/** Compiles the kernels of variants, with the shipped compiler and its flags. One binary in base64 for each. */
export async function compileKernels(variants: readonly (readonly Edit[])[]): Promise<string[]> {
  const sources = variants.map(edits =>
    Object.fromEntries(edits.map(({ file }) => [file, editedSource(file, edits)])),
  );
  const child = spawn(process.execPath, [fileURLToPath(new URL('./compile-kernels.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(sources));
  return JSON.parse(await text(child.stdout)) as string[];
}

/** Loads the shipped steps, or a variant of them, whose kernel is compiled beforehand if it differs. */
export async function loadShippedSources(
  edits: readonly Edit[] = [],
  kernel: string = KERNEL_BASE64,
): Promise<ShippedSources> {
  if (kernel === KERNEL_BASE64 && edits.some(({ file }) => isKernelSource(file)))
    throw new Error('a variant of the kernel needs its binary');
  const binary = Buffer.from(kernel, 'base64');
  const folder = mkdtempSync(join(tmpdir(), 'shipped-sources-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'host.mjs'), HOST);
    const compiled = new Set<string>();
    for (const entry of ENTRIES) compileInto(folder, entry, edits, compiled);
    for (const { file } of edits)
      if ((!compiled.has(file) || file in REPLACED) && !isKernelSource(file))
        throw new Error(`${file} is not loaded`);
    const load = (path: string): Promise<unknown> => import(pathToFileURL(join(folder, path)).href);
    const parts = await Promise.all(
      [
        'host.mjs',
        'lib/memory/layout.js',
        'lib/memory/totals.js',
        'lib/memory/tables.js',
        'lib/memory/text.js',
        'lib/memory/right.js',
        'lib/memory/swap.js',
        'lib/memory/planes.js',
        'lib/memory/reclaim.js',
        'lib/memory/recorder.js',
        'lib/store/collect/hidden-places.js',
        'lib/store/collect/plane-lease.js',
        'lib/store/record/admit-within.js',
        'lib/store/record/series-places.js',
        'lib/store/record/series-handle.js',
        'lib/store/collect/right-pace.js',
        'lib/store/collect/snapshots.js',
        'lib/store/series/series-catalog.js',
        'lib/store/collect/snapshot-rows.js',
      ].map(load),
    );
    const [host, layout, totals, tables, texts, ...classes] = parts;
    const rows = classes.pop() as typeof SnapshotRows;
    const named = Object.assign({}, ...classes) as ShippedSources;
    return {
      ...named,
      kernel: decodeModule(binary),
      host: (host as { host: Host }).host,
      layout: layout as typeof Layouts,
      totals: totals as typeof Totals,
      tables: tables as typeof Tables,
      text: texts as typeof Texts,
      rows,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
