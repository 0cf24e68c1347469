// Uses the packed package, by all of its entries and in two threads, where tools of its users load modules in ways of their
// own: in Jest and Vitest, bundled by esbuild, webpack, Rollup and Vite, seen by the ways in which TypeScript resolves
// modules. A bundle runs where the package is installed, whose collector thread it starts then, and where it is alone with
// a bundled one. The tools come from the registry into a temporary folder; without it the script says so and ends.
// Usage: node scripts/run-bundlers.mjs [WORD-OF-A-STEP…]
import { copyFileSync, cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MISSING_THREAD, PROGRAMS, RESULT } from './bundlers/programs.mjs';
import { ROOT, Steps, packInto, run, runOrThrow } from './steps.mjs';

const { devDependencies } = createRequire(import.meta.url)(join(ROOT, 'package.json'));

const PEERS = ['@opentelemetry/api', '@opentelemetry/resources', '@opentelemetry/sdk-metrics', '@types/node'];
const TOOLS = [
  ...PEERS.map(name => `${name}@${devDependencies[name]}`),
  ...['jest@30', 'jest-environment-jsdom@30', '@babel/core@7', '@babel/preset-env@7', 'ts-jest@29'],
  ...['vitest@3', 'vite@7', 'webpack@5', 'webpack-cli@6', `esbuild@${devDependencies.esbuild}`],
  ...['rollup@4', '@rollup/plugin-node-resolve@16', '@rollup/plugin-commonjs@28'],
  ...['typescript@5.9.3', 'publint@0.3', '@arethetypeswrong/cli@0.18'],
];
/** What npm says when there is no way to the registry, or it does not have a tool. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED|E40[0-9]|E5\d\d|ETARGET)\b/;

const IGNORE = { transformIgnorePatterns: ['/node_modules/(?!otel-argo-metrics)'] };
const TS_JEST = [
  'ts-jest',
  {
    tsconfig: { allowJs: true, module: 'commonjs', target: 'es2022', esModuleInterop: true },
    diagnostics: false,
  },
];
const JEST = {
  'jest-commonjs: as it is installed': {},
  'jest-commonjs: transformed by Babel': IGNORE,
  'jest-commonjs: transformed by TypeScript': { ...IGNORE, transform: { '\\.[jt]s$': TS_JEST } },
  'jest-jsdom: in an environment like a browser': { testEnvironment: 'jsdom' },
  'jest-jsdom: the same, transformed by Babel': { ...IGNORE, testEnvironment: 'jsdom' },
};

/** Each declares names that a bundle may not declare a second time. */
const BANNERS = {
  require: `import{createRequire}from'node:module';const require=createRequire(import.meta.url);`,
  paths: `import path from 'path';import url,{fileURLToPath} from 'url';import {dirname} from 'path';import module from 'module';
    const __filename=fileURLToPath(import.meta.url);const __dirname=dirname(__filename);const require=module.createRequire(import.meta.url);`,
};
/** An entry of its own, as docs/collector-thread.md says. */
const THREAD = 'node_modules/otel-argo-metrics/dist/esm/collector-thread.js';

const ESBUILD = {
  'esbuild-banner: createRequire': ['mjs', '--format=esm', `--banner:js=${BANNERS.require}`],
  'esbuild-banner: paths too': ['mjs', '--format=esm', `--banner:js=${BANNERS.paths}`],
  'esbuild-banner: minified': ['mjs', '--format=esm', '--minify', `--banner:js=${BANNERS.require}`],
  'esbuild-banner: CommonJS sources as ESM': ['cjs', '--format=esm', `--banner:js=${BANNERS.require}`],
  'esbuild: split, with chunks in a folder': [
    ...['mjs', '--format=esm', '--splitting', '--chunk-names=chunks/[name]-[hash]'],
    `--banner:js=${BANNERS.require}`,
  ],
  'esbuild: ESM sources as CommonJS': ['mjs', '--format=cjs', '--out-extension:.js=.cjs'],
  'esbuild: CommonJS': ['cjs', '--format=cjs', '--out-extension:.js=.cjs'],
  'esbuild: CommonJS, as .js': ['cjs', '--format=cjs'],
};

/** Bundles of the main program and of the thread's; configurations say which warnings are about this package. */
const CONFIGURATIONS = {
  'webpack.config.cjs': `module.exports = ['mjs', 'cjs'].map(kind => ({
    name: kind, mode: 'production', target: 'node20', optimization: { minimize: false },
    entry: { main: './main.' + kind, worker: './worker.' + kind, 'collector-thread': './${THREAD}' },
    output: { path: __dirname + '/webpack-' + kind, filename: '[name].cjs' },
  }));`,
  'rollup.config.mjs': `import commonjs from '@rollup/plugin-commonjs';
    import resolve from '@rollup/plugin-node-resolve';
    export default {
      input: { main: 'main.mjs', worker: 'worker.mjs', 'collector-thread': '${THREAD}' },
      plugins: [resolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs()],
      onwarn: warning => { if (JSON.stringify(warning).includes('otel-argo-metrics')) throw new Error(warning.message); },
      output: [
        { dir: 'rollup-es', format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
        { dir: 'rollup-cjs', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
      ],
    };`,
  'vite.config.mjs': `export default {
      ssr: { noExternal: true, target: 'node' },
      build: {
        ssr: true, outDir: 'vite', target: 'node20',
        rollupOptions: { input: { main: 'main.mjs', worker: 'worker.mjs', 'collector-thread': '${THREAD}' } },
      },
      test: { include: ['case.vitest.mjs'], watch: false },
    };`,
  'inline.config.mjs': `export default {
      test: { include: ['case.vitest.mjs'], watch: false, server: { deps: { inline: ['otel-argo-metrics'] } } },
    };`,
};

const NODE_NEXT = ['--module', 'nodenext'];
const TYPESCRIPT = {
  'TypeScript: nodenext': ['typed.mts', ...NODE_NEXT],
  'TypeScript: nodenext from CommonJS': ['typed.cts', ...NODE_NEXT],
  'TypeScript: node16 from CommonJS': ['typed.cts', '--module', 'node16'],
  'TypeScript: bundler': ['typed.ts', '--module', 'esnext', '--moduleResolution', 'bundler'],
  'TypeScript: node10, the default of CommonJS': ['typed.ts', '--module', 'commonjs'],
};

/** What runs in the folder where the package and the tools are installed; only the steps that have one of the words. */
function openBench(steps, folder, words) {
  for (const [name, text] of Object.entries({ ...PROGRAMS, ...CONFIGURATIONS }))
    writeFileSync(join(folder, name), text);
  const execute = (command, args, { place = folder, worker = 'worker.cjs', cwd = place } = {}) =>
    runOrThrow(command, args, {
      cwd,
      env: { WORKER: join(place, worker), EXPORTER: join(place, 'exporter.mjs') },
    });
  /** Runs a program, and its thread from a file of the same kind. */
  const expectResult = async (main, { expected = RESULT, flags = [], place = folder, ...options } = {}) => {
    const worker = main.replace('main', 'worker');
    const printed = await execute(process.execPath, [...flags, join(place, main)], {
      place,
      worker,
      ...options,
    });
    if (printed.trim() !== expected) throw new Error(`expected ${expected}, printed ${printed}`);
  };
  return {
    step: async (name, run) => {
      if (words.length === 0 || words.some(word => name.includes(word))) await steps.step(name, run);
    },
    tool: (path, args) => execute(process.execPath, [join(folder, 'node_modules', path), ...args]),
    /** esbuild is no program of Node. */
    esbuild: args => execute(join(folder, 'node_modules/.bin/esbuild'), args),
    expectResult,
    /** A folder with a program, its thread and that of the collector, alone, and where the package is installed. */
    expectResultOfBundle: async (bundle, main) => {
      const built = join(folder, bundle);
      copyFileSync(join(folder, 'exporter.mjs'), join(built, 'exporter.mjs'));
      const alone = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
      try {
        cpSync(built, alone, { recursive: true });
        // Of the places where the thread's file may be, the working directory says nothing.
        await expectResult(main, { place: alone, cwd: tmpdir() });
        for (const place of [alone, built]) removeThread(place);
        await expectResult(main, { place: alone, cwd: tmpdir(), expected: MISSING_THREAD });
        await expectResult(main, { place: built, cwd: tmpdir() });
      } finally {
        for (const place of [alone, built]) rmSync(place, { recursive: true, force: true });
      }
    },
  };
}

function removeThread(place) {
  const files = readdirSync(place).filter(name => name.startsWith('collector-thread.'));
  if (files.length !== 1) throw new Error(`expected one file of the collector thread, found ${files.length}`);
  rmSync(join(place, files[0]));
}

async function runTestRunners(bench) {
  for (const [name, config] of Object.entries(JEST))
    await bench.step(name, () => {
      const all = { testMatch: ['**/case.test.js'], ...config };
      return bench.tool('jest/bin/jest.js', ['--no-cache', '--rootDir=.', '--config', JSON.stringify(all)]);
    });
  await bench.step('vitest: as it is installed', () => bench.tool('vitest/vitest.mjs', ['run']));
  await bench.step('vitest: transformed by Vite', () =>
    bench.tool('vitest/vitest.mjs', ['run', '--config', 'inline.config.mjs']),
  );
}

async function runBundlers(bench) {
  for (const [name, [kind, ...options]] of Object.entries(ESBUILD))
    await bench.step(name, async () => {
      const entries = [`main.${kind}`, `worker.${kind}`, `collector-thread=${THREAD}`];
      const outputs = ['--bundle', '--platform=node', '--outdir=esbuild', '--log-level=warning'];
      const endings = options.includes('--format=esm') ? ['--out-extension:.js=.mjs'] : [];
      const all = [...outputs, ...endings, ...options];
      await bench.esbuild([...entries, ...all]);
      const ending = /extension:.js=.(\w+)/.exec(all)?.[1] ?? 'js';
      await bench.expectResultOfBundle('esbuild', `main.${ending}`);
    });
  for (const kind of ['mjs', 'cjs'])
    await bench.step(
      `webpack: ${kind === 'mjs' ? 'ESM' : 'CommonJS'} sources, without a warning`,
      async () => {
        await bench.tool('webpack-cli/bin/cli.js', ['--config-name', kind, '--fail-on-warnings']);
        await bench.expectResultOfBundle(`webpack-${kind}`, 'main.cjs');
      },
    );
  await bench.step('rollup: ESM and CommonJS, without a warning about the package', async () => {
    await bench.tool('rollup/dist/bin/rollup', ['--config', 'rollup.config.mjs']);
    await bench.expectResultOfBundle('rollup-es', 'main.mjs');
    await bench.expectResultOfBundle('rollup-cjs', 'main.cjs');
  });
  await bench.step('vite: a build for Node', async () => {
    await bench.tool('vite/bin/vite.js', ['build', '--logLevel=warn']);
    await bench.expectResultOfBundle('vite', 'main.mjs');
  });
  await bench.step('no bundler: import', () => bench.expectResult('main.mjs'));
  await bench.step('no bundler: require() where Node cannot require ESM', () =>
    bench.expectResult('main.cjs', { flags: ['--no-experimental-require-module'] }),
  );
}

async function checkTypes(bench, tarball) {
  const strict =
    '--noEmit --strict --exactOptionalPropertyTypes --target es2022 --lib es2023 --types node'.split(' ');
  for (const [name, args] of Object.entries(TYPESCRIPT))
    await bench.step(name, () => bench.tool('typescript/bin/tsc', [...strict, ...args]));
  await bench.step('publint', () => bench.tool('publint/src/cli.js', ['--strict', tarball]));
  await bench.step('attw', () => bench.tool('@arethetypeswrong/cli/dist/index.js', ['--no-emoji', tarball]));
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
try {
  const steps = new Steps();
  const tarball = await packInto(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bundled', private: true }));
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...TOOLS];
  const { code, stderr } = await run('npm', install, { cwd: folder });
  const reason = code === 0 ? undefined : UNREACHABLE.exec(stderr)?.[0];
  if (reason !== undefined)
    console.log(`skipped: npm cannot install the tools (${reason})\n0 passed, 0 failed`);
  else {
    await steps.step('npm installs the package and the tools', () => {
      if (code !== 0) throw new Error(stderr);
    });
    const bench = openBench(steps, folder, process.argv.slice(2));
    await runTestRunners(bench);
    await runBundlers(bench);
    await checkTypes(bench, tarball);
    steps.finish();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
