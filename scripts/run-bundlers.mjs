// Uses the packed package where tools of its users load modules in ways of their own: in Jest (CommonJS, with Babel, with
// TypeScript, in its browser-like environment, as ESM) and bundled by esbuild (ESM with the banners that people use,
// CommonJS, minified). The tools come from the registry into a temporary folder; without it the script says so and ends.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, Steps, packInto, run, runOrThrow } from './steps.mjs';

const require = (await import('node:module')).createRequire(import.meta.url);
const { devDependencies } = require(join(ROOT, 'package.json'));

const PEERS = ['@opentelemetry/api', '@opentelemetry/resources', '@opentelemetry/sdk-metrics'];
const TOOLS = [
  ...PEERS.map(name => `${name}@${devDependencies[name]}`),
  ...['jest@30', 'jest-environment-jsdom@30', '@babel/core@7', '@babel/preset-env@7', 'ts-jest@29'],
  ...['typescript@5.9.3', 'esbuild@0.28.2'],
];
/** What npm says when there is no way to the registry, or it does not have a tool. */
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED|E40[0-9]|E5\d\d|ETARGET)\b/;

/** Works in both kinds of module, given the exports of the package. */
const USE = `
async function use({ createStore, collectPrometheusText, startPrometheusEndpoint, DoubleBufferedMetricReader, renderTemplate }) {
  const store = createStore();
  store.getMeter('m').createCounter('c').add(1);
  let text = '';
  for await (const chunk of collectPrometheusText({ store })) text += chunk;
  const { url, shutdown } = await startPrometheusEndpoint({ store, port: 0, host: '127.0.0.1' });
  const served = await new Promise((resolve, reject) => {
    http.get(url, response => {
      let body = '';
      response.on('data', part => (body += part)).on('end', () => resolve(body));
    }).on('error', reject);
  });
  await shutdown();
  const exporter = { export: (metrics, done) => done({ code: 0 }), forceFlush: async () => {}, shutdown: async () => {} };
  const reader = new DoubleBufferedMetricReader({ store, exporter });
  const { resourceMetrics } = await reader.collect();
  await reader.forceFlush();
  await reader.shutdown();
  await store.shutdown();
  const { value } = resourceMetrics.scopeMetrics[0].metrics[0].dataPoints[0];
  return [/c_total\\{.*\\} 1/.test(text), text === served, value, renderTemplate('{{=sprig.upper(a)}}', { a: 'ä' }).value].join(' ');
}
`;
const RESULT = 'true true 1 Ä';
const JEST_CASE = `${USE.replace('async function use', "const http = require('node:http');\nasync function use")}
test('works', async () => expect(await use(require('otel-argo-metrics'))).toBe('${RESULT}'), 60_000);
`;
const ESM_CASE = `import http from 'node:http';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import * as library from 'otel-argo-metrics';
${USE}
new MeterProvider({ readers: [new library.DoubleBufferedMetricReader({ store: library.createStore() })] });
console.log(await use(library));
`;

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
const ESBUILD = {
  'esbuild-banner: createRequire': ['--format=esm', `--banner:js=${BANNERS.require}`],
  'esbuild-banner: paths too': ['--format=esm', `--banner:js=${BANNERS.paths}`],
  'esbuild-banner: minified': ['--format=esm', '--minify', `--banner:js=${BANNERS.require}`],
};

function expectPrinted(printed) {
  if (printed.trim() !== RESULT) throw new Error(`expected ${RESULT}, printed ${printed}`);
}

async function runJest(steps, folder) {
  writeFileSync(join(folder, 'case.test.js'), JEST_CASE);
  writeFileSync(
    join(folder, 'babel.config.js'),
    `module.exports = { presets: [['@babel/preset-env', { targets: { node: '20' } }]] };`,
  );
  const jest = join(folder, 'node_modules/jest/bin/jest.js');
  for (const [name, config] of Object.entries(JEST)) {
    const all = { rootDir: folder, testMatch: ['**/case.test.js'], ...config };
    await steps.step(name, () =>
      runOrThrow(process.execPath, [jest, '--no-cache', '--config', JSON.stringify(all)], { cwd: folder }),
    );
  }
}

async function runEsbuild(steps, folder) {
  writeFileSync(join(folder, 'main.mjs'), ESM_CASE);
  writeFileSync(
    join(folder, 'main.cjs'),
    `const http = require('node:http');${USE}\nuse(require('otel-argo-metrics')).then(console.log);`,
  );
  const esbuild = join(folder, 'node_modules/esbuild/bin/esbuild');
  const bundle = async (entry, out, options) => {
    await runOrThrow(esbuild, [entry, '--bundle', '--platform=node', `--outfile=${out}`, ...options], {
      cwd: folder,
    });
    expectPrinted(await runOrThrow(process.execPath, [out], { cwd: folder }));
  };
  for (const [name, options] of Object.entries(ESBUILD))
    await steps.step(name, () => bundle('main.mjs', 'out.mjs', options));
  await steps.step('esbuild: CommonJS', () => bundle('main.cjs', 'out.cjs', ['--format=cjs']));
  await steps.step('no bundler: require() where Node cannot require ESM', async () =>
    expectPrinted(
      await runOrThrow(process.execPath, ['--no-experimental-require-module', 'main.cjs'], { cwd: folder }),
    ),
  );
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
try {
  const steps = new Steps();
  const tarball = await packInto(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bundled', private: true }));
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...TOOLS];
  const { code, stderr } = await run('npm', install, { cwd: folder });
  const reason = code === 0 ? undefined : UNREACHABLE.exec(stderr)?.[0];
  if (reason !== undefined) {
    console.log(`skipped: npm cannot install the tools (${reason})\n0 passed, 0 failed`);
  } else {
    await steps.step('npm installs the package and the tools', () => {
      if (code !== 0) throw new Error(stderr);
    });
    await runJest(steps, folder);
    await runEsbuild(steps, folder);
    steps.finish();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
