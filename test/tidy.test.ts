// The rules of the code base that a compiler or a linter cannot see, read from the files themselves. Who may import whom is
// in layers.test.ts.
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
  readSources,
  readText,
  resolveImport,
  stringWordsOf,
  testTitlesOf,
} from './support/source-tree.js';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

/** Where the library touches the machine. Everything else is told what it needs. */
const MACHINE_PLACES: Readonly<Record<string, string>> = {
  'lib/cli/': 'reads files, serves the endpoint',
  'lib/collector/': 'looks for the file of its thread, and writes what that prints',
  'lib/exposition/': 'serves HTTP',
  'lib/kubernetes/': 'asks an API server, and reads the files of a ServiceAccount',
  'lib/journal/': 'keeps the state of `watch` in a folder',
  'lib/otel/host-version.ts': 'reads the package.json of the installed SDK',
  'lib/otel/observe-process.ts': 'reads what the kernel says of the process',
};
const MACHINE_MODULES = new Set(
  'child_process cluster dgram dns fs fs/promises http http2 https net tls'
    .split(' ')
    .flatMap(name => [name, `node:${name}`]),
);

/** Files of lib/ without a test of their own, and why. Files that hold only types need no entry. */
const WITHOUT_OWN_TEST: Readonly<Record<string, string>> = {
  'lib/cli/bin.ts': 'two lines that hand the process to `run`; test/package starts the installed command',
  'lib/argo-entry.ts': 'only names; test/package compares them with the committed list',
  'lib/collector-thread.ts':
    'one line that hands a thread to `runCollectorThread`; test/collector starts it as it was built',
  'lib/index.ts': 'only names, as those of the other entries',
  'lib/register.ts': 'one line that calls `register`; test/register preloads it as it was built',
  'lib/store-entry.ts': 'only names, as those of lib/argo-entry.ts',
};

/** Files that mean something only together with others, and the test that covers them, which must use them. */
const COVERED_BY: Readonly<Record<string, string>> = {
  'lib/argo/state/state-snapshot.ts': 'test/argo/state/state-fold.test.ts',
  'lib/exposition/rows/kernel/kernel.as.ts': 'test/exposition/rows/row-kernel.test.ts',
  'lib/exposition/rows/kernel/labels.as.ts': 'test/exposition/rows/plain-labels.test.ts',
  'lib/exposition/rows/kernel/numbers.as.ts': 'test/exposition/rows/row-kernel.test.ts',
  'lib/exposition/rows/kernel/protobuf.as.ts': 'test/exposition/writer/message-writer.test.ts',
  'lib/exposition/rows/kernel/text-rows.as.ts': 'test/exposition/rows/row-kernel.test.ts',
  'lib/exposition/writer/row-template.ts': 'test/exposition/writer/row-writer.test.ts',
  'lib/exposition/writer/row-staging.ts': 'test/exposition/writer/message-writer.test.ts',
  'lib/exposition/rows/row-layout.ts': 'test/exposition/rows/row-kernel.test.ts',
  'lib/limits.ts': 'test/memory/layout.test.ts',
  'lib/memory/admission-tries.ts': 'test/memory/admission.test.ts',
  'lib/memory/kernel/admit.as.ts': 'test/memory/admission.test.ts',
  'lib/memory/kernel/aggregation.as.ts': 'test/memory/aggregation.test.ts',
  'lib/memory/kernel/cells.as.ts': 'test/memory/lost-races.test.ts',
  'lib/memory/kernel/collect.as.ts': 'test/collection.test.ts',
  'lib/memory/kernel/hash.as.ts': 'test/memory/encoded-text.test.ts',
  'lib/memory/kernel/kernel.as.ts': 'test/memory/kernel.test.ts',
  'lib/memory/kernel/planes.as.ts': 'test/memory/lost-races.test.ts',
  'lib/memory/kernel/reclaim.as.ts': 'test/memory/reclaim.test.ts',
  'lib/memory/kernel/record.as.ts': 'test/memory/lost-races.test.ts',
  'lib/memory/kernel/restore.as.ts': 'test/store/restore.test.ts',
  'lib/memory/kernel/right.as.ts': 'test/memory/right.test.ts',
  'lib/store/record/series-handle.ts': 'test/store/record/handle-cache.test.ts',
  'lib/store/store-core.ts': 'test/collection.test.ts',
};

/** Words of a test's title in the place of what happens. */
const EMPTY_WORDS = [
  /^(works?|handles?|supports?|behaves?|functions?)\b(?! (on|off)\b)/i,
  /\b(as expected|as intended|correctly|properly|successfully)\b/i,
  /\b(is|are|be) (correct|fine|right|ok)\b/i,
  /\band (it )?works?$/i,
];

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
]);

const library = readSources('lib');
const everything = ['lib', 'test', 'scripts', 'examples', 'bench', 'matrix', 'recipes']
  .filter(folder => existsSync(join(ROOT, folder)))
  .flatMap(readSources);

/** What each kernel exports. */
const KERNELS = ['lib/memory/kernel/kernel.as.ts', 'lib/exposition/rows/kernel/kernel.as.ts'];

/** The names that the kernels export, each with its file. */
const kernelExports = KERNELS.flatMap(kernel =>
  [...readText(kernel).matchAll(/^export \{ (.*) \} from "(.*)";$/gm)].flatMap(([, names = '', file = '']) =>
    names.split(', ').map(name => ({ name, kernel, path: resolveImport(kernel, file) })),
  ),
);

/** What a test can call of a file of a kernel; of one that exports nothing there, what uses it. */
function kernelFunctionsOf(path: string): string[] {
  const users = library
    .filter(user => user.path.endsWith('.as.ts'))
    .filter(user => importsOf(user).some(({ specifier }) => resolveImport(user.path, specifier) === path));
  const of = (paths: string[]): string[] =>
    kernelExports
      .filter(found => found.kernel === path || paths.includes(found.path))
      .map(({ name }) => name);
  const own = of([path]);
  return own.length > 0 ? own : of(users.map(user => user.path));
}

/** Whether a test imports a file of the library. A file of the kernel cannot be imported: it calls what it exports. */
function uses(test: string, path: string): boolean {
  const source = everything.find(found => found.path === test);
  if (source === undefined) return false;
  if (path.endsWith('.as.ts')) {
    const words = new Set([...identifiersOf(source), ...stringWordsOf(source)]);
    return kernelFunctionsOf(path).some(name => words.has(name));
  }
  return importsOf(source).some(({ specifier }) => resolveImport(test, specifier) === path);
}

/** The lone names, with or without members and call brackets, that a comment puts into back-ticks. */
function namesInBackTicks(comment: string): string[] {
  return [...comment.matchAll(/`#?([A-Za-z_$][\w$]*(?:[.#]+[A-Za-z_$][\w$]*)*)(?:\(\))?`/g)].flatMap(
    ([, chain = '']) => chain.split(/[.#]+/),
  );
}

describe('confinement', () => {
  it('should touch shared memory only in lib/memory', () => {
    const privateKernel = 'lib/exposition/rows/row-kernel.ts';
    const users = (word: string): string[] =>
      library.filter(source => identifiersOf(source).has(word)).map(({ path }) => path);
    for (const word of ['Atomics', 'SharedArrayBuffer', 'WebAssembly'])
      expect(
        users(word).filter(path => !path.startsWith('lib/memory/') && path !== privateKernel),
        word,
      ).to.deep.equal([]);
    for (const word of ['Atomics', 'SharedArrayBuffer']) expect(users(word)).to.not.include(privateKernel);
    expect(users('WebAssembly')).to.include(privateKernel);
  });

  it('should know the SDK only in lib/otel and lib/producers, and only its types', () => {
    const sdkImports = library.flatMap(source =>
      importsOf(source)
        .filter(({ specifier }) => /^@opentelemetry\/(?!api$)/.test(specifier))
        .map(found => ({ ...found, path: source.path })),
    );
    expect(
      sdkImports.filter(({ path, typeOnly }) => !typeOnly || !/^lib\/(otel|producers)\//.test(path)),
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
    expect(
      allowed.filter(place => !users.some(({ path }) => path.startsWith(place))),
      'stale exceptions',
    ).to.deep.equal([]);
  });

  it('should ask for the time that only goes on in one place, where the model check can bring its own', () => {
    const users = library.filter(source => identifiersOf(source).has('performance'));
    expect(users.map(({ path }) => path)).to.deep.equal(['lib/waiting.ts']);
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
      .filter(({ path }) => !/\/(kernel-binary|page-files)\.ts$/.test(path))
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
});

describe('tests', () => {
  const testOf = (path: string): string => path.replace(/^lib\//, 'test/').replace(/\.(ts|js)$/, '.test.ts');
  const needed = library.filter(
    source => !isTypesOnly(source) && !/(\.d|kernel-binary|page-files)\.ts$/.test(source.path),
  );
  const untested = needed.map(({ path }) => path).filter(path => !existsSync(join(ROOT, testOf(path))));

  it('should stand at the same place as the file of lib that they are about, or be named for it', () => {
    const excused = { ...WITHOUT_OWN_TEST, ...COVERED_BY };
    expect(untested.filter(path => !(path in excused))).to.deep.equal([]);
    expect(
      Object.keys(excused).filter(path => !untested.includes(path)),
      'stale exceptions',
    ).to.deep.equal([]);
  });

  it('should use the file that they are named for', () => {
    expect(Object.entries(COVERED_BY).filter(([path, test]) => !uses(test, path))).to.deep.equal([]);
    expect(uses('test/memory/right.test.ts', 'lib/memory/text.ts'), 'one that it does not use').to.equal(
      false,
    );
    expect(uses('test/memory/right.test.ts', 'lib/memory/kernel/planes.as.ts')).to.equal(false);
  });
});

describe('titles of tests', () => {
  /** Why a title says nothing; undefined when it says something. What is filled in is taken to say something. */
  function emptinessOf(title: string): string | undefined {
    const said = title.replace(/^(it )?should /, '');
    const [word] = EMPTY_WORDS.flatMap(pattern => pattern.exec(said) ?? []);
    if (word !== undefined) return `"${word}"`;
    return said.includes('…') || said.split(' ').length > 1 ? undefined : 'one word';
  }

  it('should say what happens', () => {
    const titles = everything
      .filter(({ path }) => path.endsWith('.test.ts'))
      .flatMap(source =>
        testTitlesOf(source).map(({ title, line }) => ({ title, place: `${source.path}:${line}` })),
      );
    expect(titles.length).to.be.greaterThan(1000);
    expect(titles.filter(({ title }) => emptinessOf(title) !== undefined)).to.deep.equal([]);
  });

  it('should be refused when they do not', () => {
    for (const title of [
      'works',
      'should work',
      'should work with workers',
      'handles NaN',
      'supports Views',
      'should be correct',
      'is right about names',
      'reads … correctly',
      'lints … as expected',
      'takes a name, and works',
      'parseTime',
      'should end',
    ])
      expect(emptinessOf(title), title).to.be.a('string');
    for (const title of ['refuses what nobody handles', 'works off a level from left to right', '…'])
      expect(emptinessOf(title), title).to.equal(undefined);
  });
});

describe('comments', () => {
  it('should begin a file of the kernel, which the linter does not read, with lines', () => {
    const files = library.filter(({ path }) => path.endsWith('.as.ts'));
    expect(files.length).to.be.greaterThan(5);
    const header = /^\/\/ @ts-nocheck .*\n(\/\/( .*)?\n)*(import|export) /;
    expect(files.filter(({ text }) => !header.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('should leave no note to self', () => {
    const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    expect(everything.filter(({ text }) => marker.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('should name in back-ticks only what exists in the tree', () => {
    const known = new Set<string>();
    for (const source of everything.filter(({ path }) => path !== 'test/tidy.test.ts')) {
      for (const name of identifiersOf(source)) known.add(name.replace('#', ''));
      for (const word of stringWordsOf(source)) known.add(word);
    }
    const protocolFiles = library.filter(({ path }) => /^lib\/(memory|guard|store)\//.test(path));
    const mentions = protocolFiles.flatMap(source =>
      commentsOf(source).flatMap(({ text, line }) =>
        namesInBackTicks(text).map(name => ({ name, place: `${source.path}:${line}` })),
      ),
    );
    expect(mentions.filter(({ name }) => !known.has(name) && !FOREIGN_WORDS.has(name))).to.deep.equal([]);
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
