// The rules of the code base that a compiler or a linter cannot see, read from the files themselves.
import { builtinModules } from 'node:module';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import {
  ROOT,
  commentsOf,
  functionsOf,
  identifiersOf,
  importsOf,
  isTypesOnly,
  listFiles,
  parseSource,
  readSources,
  readText,
  resolveImport,
  stringWordsOf,
} from './support/source-tree.js';
import type { SourceFile } from './support/source-tree.js';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

/** The layers, lowest first. A file may import from lower ranks and from its own place. */
const RANKS: Readonly<Record<string, number>> = {
  'errors.ts': 0,
  'limits.ts': 0,
  memory: 1,
  store: 2,
  cardinality: 2,
  instruments: 3,
  otel: 4,
  exposition: 4,
  argo: 4,
  'argo-entry.ts': 5,
  'store-entry.ts': 5,
  cli: 6,
  'index.ts': 6,
};

/** The only edges between two places of one rank. Each is one way. */
const SIBLING_EDGES: Readonly<Record<string, string>> = {
  'limits.ts -> errors.ts': 'a limit that is exceeded is an error with a code',
  'store -> cardinality': 'the store applies what the pure policy decides',
  'cli -> index.ts': 'the command line is a user of the library',
};

/** Where the library touches the machine. Everything else is told what it needs. */
const MACHINE_PLACES: Readonly<Record<string, string>> = {
  'lib/cli/': 'reads files, serves the endpoint',
  'lib/exposition/': 'serves HTTP',
  'lib/argo/source': 'watches a Kubernetes API',
  'lib/otel/host-version.ts': 'reads the package.json of the installed SDK',
};
const MACHINE_MODULES = new Set(
  'child_process cluster dgram dns fs fs/promises http http2 https net tls'
    .split(' ')
    .flatMap(name => [name, `node:${name}`]),
);

/**
 * Layers whose parts mean something only together: test/collection.test.ts and test/reclaim.test.ts exercise whole stores,
 * test/store/whole-store.test.ts compares them with a model, test/stress drives them from many threads. A file there has a
 * test of its own where a mistake would not show clearly in these; it need not.
 */
const TESTED_TOGETHER = ['lib/memory/', 'lib/store/', 'lib/instruments/', 'lib/errors.ts', 'lib/limits.ts'];

/** Files of lib/ without a test of their own, and why. Files that hold only types need no entry. */
const WITHOUT_OWN_TEST: Readonly<Record<string, string>> = {
  'lib/cli/bin.ts': 'two lines that hand the process to `run`; test/package starts the installed command',
  'lib/argo-entry.ts': 'only names; test/package compares them with the committed list',
  'lib/index.ts': 'only names, as those of the other entries',
  'lib/store-entry.ts': 'only names, as those of lib/argo-entry.ts',
};

/** Words that comments may put into back-ticks although the tree does not define them: the language and the machine. */
const FOREIGN_WORDS = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...[
    Array,
    ArrayBuffer,
    Atomics,
    Map,
    Math,
    Number,
    Object,
    Promise,
    Set,
    SharedArrayBuffer,
    String,
    WebAssembly,
    WeakRef,
  ].flatMap(value => [
    ...Object.getOwnPropertyNames(value),
    ...('prototype' in value ? Object.getOwnPropertyNames(value.prototype) : []),
  ]),
  ...builtinModules,
  ...[
    'true',
    'false',
    'null',
    'undefined',
    'this',
    'await',
    'instanceof',
    'ulimit',
    'terminate',
    'mmap',
    'rate',
  ],
]);

const library = readSources('lib');
const everything = ['lib', 'test', 'scripts', 'examples', 'bench', 'matrix']
  .filter(folder => existsSync(join(ROOT, folder)))
  .flatMap(readSources);

/** `lib/memory/cut.ts` → `memory`; `lib/errors.ts` → `errors.ts`. */
function placeOf(path: string): string {
  return path.split('/')[1] ?? path;
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

function edgesOf(sources: readonly SourceFile[]): Edge[] {
  return sources.flatMap(source =>
    importsOf(source)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => ({ from: source.path, to: resolveImport(source.path, specifier) })),
  );
}

function layerViolations(edges: readonly Edge[]): string[] {
  return edges.flatMap(({ from, to }) => {
    const [lower, upper] = [RANKS[placeOf(to)], RANKS[placeOf(from)]];
    const arrow = `${from} -> ${to}`;
    if (lower === undefined || upper === undefined || !to.startsWith('lib/'))
      return [`${arrow}: not in a layer`];
    if (placeOf(from) === placeOf(to) || lower < upper) return [];
    if (lower === upper && `${placeOf(from)} -> ${placeOf(to)}` in SIBLING_EDGES) return [];
    return [`${arrow}: rank ${upper} must not know rank ${lower}`];
  });
}

/** The files on a cycle, or nothing. Depth first; a file is finished once nothing reachable from it led back to it. */
function findCycle(edges: readonly Edge[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();
  const follow = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return [];
    for (const next of targets.get(file) ?? []) {
      const cycle = follow(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const cycle = follow(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** The lone names, with or without members and call brackets, that a comment puts into back-ticks. */
function namesInBackTicks(comment: string): string[] {
  return [...comment.matchAll(/`#?([A-Za-z_$][\w$]*(?:[.#]+[A-Za-z_$][\w$]*)*)(?:\(\))?`/g)].flatMap(
    ([, chain = '']) => chain.split(/[.#]+/),
  );
}

describe('layers', () => {
  const edges = edgesOf(library);

  it('should see the modules and the edges between them', () => {
    expect(library.length, 'modules').to.be.greaterThan(25);
    expect(edges.length, 'edges').to.be.greaterThan(library.length);
    // Counted a second time without the parser, so that a parser that sees nothing cannot pass.
    const lines = library.flatMap(
      ({ text }) => text.match(/^(?:import|export|\}) ?.*from ['"]\.\.?\/.*['"];$/gm) ?? [],
    );
    expect(edges).to.have.length(lines.length);
    expect(new Set(library.map(({ path }) => placeOf(path)))).to.include.keys(
      'memory',
      'store',
      'instruments',
      'otel',
      'argo',
    );
  });

  it('should import only files that exist', () => {
    expect(
      edges.filter(({ to }) => !existsSync(join(ROOT, to)) && !to.endsWith('/kernel-binary.ts')),
    ).to.deep.equal([]);
  });

  it('should point downwards, type imports included', () => {
    expect(layerViolations(edges)).to.deep.equal([]);
  });

  it('should have no cycle between files, type imports included', () => {
    expect(findCycle(edges)).to.deep.equal([]);
  });

  it('should notice an edge upwards, an edge between siblings, an unknown place and a cycle', () => {
    const edge = (from: string, to: string): Edge => ({ from: `lib/${from}`, to: `lib/${to}` });
    expect(layerViolations([edge('memory/a.ts', 'store/b.ts')])).to.have.length(1);
    expect(layerViolations([edge('otel/a.ts', 'argo/b.ts'), edge('argo/b.ts', 'otel/a.ts')])).to.have.length(
      2,
    );
    expect(layerViolations([edge('cardinality/a.ts', 'store/b.ts')])).to.have.length(1);
    expect(
      layerViolations([edge('store/a.ts', 'misc/b.ts'), { from: 'lib/cli/a.ts', to: 'test/b.ts' }]),
    ).to.have.length(2);
    expect(
      layerViolations([edge('store/a.ts', 'memory/b.ts'), edge('store/a.ts', 'cardinality/b.ts')]),
    ).to.deep.equal([]);
    expect(findCycle([edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts'), edge('c.ts', 'b.ts')])).to.deep.equal([
      'lib/b.ts',
      'lib/c.ts',
      'lib/b.ts',
    ]);
    const typed = parseSource(
      'lib/store/a.ts',
      `import type { B } from './b.js';\nlet c: import('./c.js').C;`,
    );
    expect(edgesOf([typed]).map(({ to }) => to)).to.deep.equal(['lib/store/b.ts', 'lib/store/c.ts']);
  });
});

describe('confinement', () => {
  it('should touch shared memory only in lib/memory', () => {
    const users = (word: string): string[] =>
      library.filter(source => identifiersOf(source).has(word)).map(({ path }) => path);
    for (const word of ['Atomics', 'SharedArrayBuffer', 'WebAssembly']) {
      expect(
        users(word).filter(path => !path.startsWith('lib/memory/')),
        word,
      ).to.deep.equal([]);
    }
    expect(users('WebAssembly')).to.not.be.empty;
  });

  it('should know the SDK only in lib/otel, and only its types', () => {
    const sdkImports = library.flatMap(source =>
      importsOf(source)
        .filter(({ specifier }) => /^@opentelemetry\/(?!api$)/.test(specifier))
        .map(found => ({ ...found, path: source.path })),
    );
    expect(
      sdkImports.filter(({ path, typeOnly }) => !typeOnly || !path.startsWith('lib/otel/')),
    ).to.deep.equal([]);
    expect(sdkImports).to.not.be.empty;
  });

  it('should reach for files and sockets only where the table says so', () => {
    const users = library.filter(
      source =>
        importsOf(source).some(({ specifier }) => MACHINE_MODULES.has(specifier)) ||
        identifiersOf(source).has('getBuiltinModule'),
    );
    const allowed = Object.keys(MACHINE_PLACES);
    expect(
      users.map(({ path }) => path).filter(path => !allowed.some(place => path.startsWith(place))),
    ).to.deep.equal([]);
  });

  it('should print only in the command line', () => {
    const printers = library.filter(source => identifiersOf(source).has('console'));
    expect(printers.map(({ path }) => path).filter(path => !path.startsWith('lib/cli/'))).to.deep.equal([]);
  });

  it('should depend on nothing but what package.json declares', () => {
    const manifest = JSON.parse(readText('package.json')) as Record<
      string,
      Record<string, string> | undefined
    >;
    const declared = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] });
    const foreign = library
      .filter(({ path }) => !path.endsWith('.as.ts'))
      .flatMap(source => importsOf(source).map(({ specifier }) => specifier))
      .filter(specifier => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .filter(specifier => !declared.some(name => specifier === name || specifier.startsWith(`${name}/`)));
    expect(foreign).to.deep.equal([]);
  });
});

describe('size and names', () => {
  it(`should keep files at ${FILE_LINES_MAX} lines or less`, () => {
    const lengths = everything
      .filter(({ path }) => !path.endsWith('/kernel-binary.ts'))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > FILE_LINES_MAX)).to.deep.equal([]);
  });

  it(`should keep functions at ${FUNCTION_LINES_MAX} lines or less`, () => {
    // Not in tests: a `describe` is a list, not a function that somebody must hold in his head.
    const functions = everything
      .filter(({ path }) => !path.startsWith('test/'))
      .flatMap(source => functionsOf(source).map(found => ({ path: source.path, ...found })));
    expect(functions.filter(({ lines }) => lines > FUNCTION_LINES_MAX)).to.deep.equal([]);
    expect(functions.length).to.be.greaterThan(library.length);
  });

  it('should name files after a concept, in kebab case', () => {
    const names = everything.map(({ path }) => posix.basename(path));
    expect(names.filter(name => /^(utils?|helpers?|types|common|misc|shared)\./.test(name))).to.deep.equal(
      [],
    );
    expect(names.filter(name => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z-]+)+$/.test(name))).to.deep.equal([]);
  });

  it('should have a test for every file of lib at the same place', () => {
    const needed = library.filter(
      source => !isTypesOnly(source) && !/(\.as|\.d|kernel-binary)\.ts$/.test(source.path),
    );
    const testOf = (path: string): string => path.replace(/^lib\//, 'test/').replace(/\.ts$/, '.test.ts');
    const untested = needed.map(({ path }) => path).filter(path => !existsSync(join(ROOT, testOf(path))));
    const together = (path: string): boolean => TESTED_TOGETHER.some(folder => path.startsWith(folder));
    expect(untested.filter(path => !(path in WITHOUT_OWN_TEST) && !together(path))).to.deep.equal([]);
    expect(
      Object.keys(WITHOUT_OWN_TEST).filter(path => !untested.includes(path)),
      'stale exceptions',
    ).to.deep.equal([]);
  });
});

describe('comments', () => {
  it('should leave no note to self', () => {
    const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    expect(everything.filter(({ text }) => marker.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('should name in back-ticks only what exists in the tree', () => {
    const known = new Set(FOREIGN_WORDS);
    for (const source of everything) {
      for (const name of identifiersOf(source)) known.add(name.replace('#', ''));
      for (const word of stringWordsOf(source)) known.add(word);
    }
    const protocolFiles = library.filter(({ path }) => /^lib\/(memory|store)\//.test(path));
    const mentions = protocolFiles.flatMap(source =>
      commentsOf(source).flatMap(({ text, line }) =>
        namesInBackTicks(text).map(name => ({ name, place: `${source.path}:${line}` })),
      ),
    );
    expect(mentions.filter(({ name }) => !known.has(name))).to.deep.equal([]);
    expect(mentions.length).to.be.greaterThan(20);
    expect(namesInBackTicks('// `a.b`, `#c` and `d()`, not `e f` or `g-h`.')).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});

describe('portability', () => {
  /** Text that somebody wrote here; recordings and golden files hold the paths of other machines. */
  const texts = listFiles('')
    .filter(path => !path.startsWith('test/argo/golden/') && !/\.(ndjson|jsonl|tgz|tsbuildinfo)$/.test(path))
    .map(path => ({ path, text: readText(path) }));

  it('should name no folder of a development machine', () => {
    const folders = /(?:^|[\s"'`(=:,])(?:\/(?:home|Users|root|work)\/|[A-Z]:\\Users\\)/m;
    expect(folders.test('cd /home' + '/somebody')).to.equal(true);
    expect(texts.filter(({ text }) => folders.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('should pin packages by name, version and hash, not by the host they came from', () => {
    const locks = texts.filter(({ path }) => posix.basename(path) === 'package-lock.json');
    expect(locks).to.not.be.empty;
    for (const { path, text } of locks) {
      const { packages } = JSON.parse(text) as {
        packages: Record<string, { resolved?: string; link?: boolean }>;
      };
      const hosted = Object.entries(packages).filter(
        ([, { resolved, link }]) => resolved !== undefined && link !== true,
      );
      expect(
        hosted.map(([name]) => name),
        path,
      ).to.deep.equal([]);
    }
    const hosts = new RegExp(['registry', 'npmjs', 'org'].join('\\.') + '|^registry=', 'm');
    expect(texts.filter(({ text }) => hosts.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });
});
