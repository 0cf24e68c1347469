// Goal: an application of CommonJS and ESM parts sees one copy of the library, or two that work together.
// Method: real processes, since the loader of the tests is not the loader of the users.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { buildSync } from 'esbuild';
import { ROOT } from '../support/source-tree.js';
import type * as Library from '../../lib/index.js';
import { ENTRY, reachableFrom, readBuilt } from './built-package.js';

const COMMONJS = 'dist/cjs/index.js';

describe('require() of the package', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'otel-argo-metrics-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function runCommonJs(program: string): string {
    const file = join(folder, 'program.cjs');
    writeFileSync(file, program);
    return execFileSync(process.execPath, [file, join(ROOT, ENTRY)], { encoding: 'utf8' }).trim();
  }

  it('should give the same instance as import', () => {
    const printed = runCommonJs(`
      const { pathToFileURL } = require('node:url');
      const required = require(process.argv[2]);
      import(pathToFileURL(process.argv[2]).href).then(imported => {
        const names = Object.keys(imported).filter(name => imported[name] !== required[name]);
        console.log(JSON.stringify({ names, values: Object.keys(imported).length > 0 }));
      });
    `);
    expect(JSON.parse(printed)).to.deep.equal({ names: [], values: true });
  });

  it('should hand out what was recorded', () => {
    const printed = runCommonJs(`
      const { createStore, DoubleBufferedMetricReader } = require(process.argv[2]);
      const store = createStore();
      const reader = new DoubleBufferedMetricReader({ store });
      store.getMeter('cjs').createCounter('jobs').add(2);
      reader.collect().then(async ({ resourceMetrics }) => {
        console.log(resourceMetrics.scopeMetrics[0].metrics[0].dataPoints[0].value);
        await reader.shutdown();
        await store.shutdown();
      });
    `);
    expect(printed).to.equal('2');
  });

  it('should let the process end by itself although nothing was shut down', () => {
    // Runs to its end only when no timer, socket or thread of the library keeps the process alive.
    expect(runCommonJs(`require(process.argv[2]).createStore(); console.log('done');`)).to.equal('done');
  });

  describe('of its CommonJS form', () => {
    const run = (program: string): string => {
      const file = join(folder, 'two.cjs');
      writeFileSync(file, program);
      const flags = ['--no-experimental-require-module', file, join(ROOT, ENTRY), join(ROOT, COMMONJS)];
      return execFileSync(process.execPath, flags, { encoding: 'utf8' }).trim();
    };

    it('jest-commonjs: should load where ESM cannot be required, and have nothing of it', async () => {
      const printed = run(`console.log(JSON.stringify(Object.keys(require(process.argv[3])).sort()))`);
      const { pathToFileURL } = await import('node:url');
      const entry = (await import(pathToFileURL(join(ROOT, ENTRY)).href)) as object;
      expect(JSON.parse(printed)).to.deep.equal(Object.keys(entry).sort());
      for (const path of reachableFrom(COMMONJS).files)
        expect(readBuilt(path), path).to.not.contain('import.meta');
    });

    it('should share its stores with the other form in one thread', () => {
      const printed = run(`
        const { pathToFileURL } = require('node:url');
        const required = require(process.argv[3]);
        import(pathToFileURL(process.argv[2]).href).then(async imported => {
          const same = Object.keys(imported).filter(name => imported[name] === required[name] && typeof imported[name] !== 'string');
          const results = [];
          for (const [one, other] of [[imported, required], [required, imported]]) {
            const resource = { attributes: { 'service.name': 's' }, merge: () => resource };
            const store = one.createStore({ resource, cardinalityLimit: 3 });
            const reader = new other.DoubleBufferedMetricReader({ store });
            const attached = other.attachStore(store.handle);
            store.getMeter('m').createCounter('c').add(1, { k: 'a' });
            attached.getMeter('m').createCounter('c').add(2, { k: 'a' });
            attached.getMeter('m').createObservableGauge('g').addCallback(result => result.observe(7));
            const custom = new other.CustomMetrics({ store });
            custom.compile({ prometheus: [{ name: 'x', help: 'X', gauge: { value: '5' } }] }).emit({ variables: {} }, { owner: 'o' });
            const { resourceMetrics } = await reader.collect();
            const values = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)
              .map(({ descriptor, dataPoints }) => descriptor.name + ' ' + dataPoints.map(point => point.value));
            let text = '';
            for await (const chunk of other.collectPrometheusText({ store: attached })) text += chunk;
            const collector = await other.startCollectorThread({ store, prometheus: { port: 0 } });
            const scraped = await (await fetch(collector.url)).text();
            await collector.shutdown();
            if (scraped !== text) throw new Error(scraped);
            const lines = text.split('\\n').filter(line => line !== '' && !line.startsWith('#'));
            let code;
            try { one.createStore({ maxBytes: -1 }); } catch (error) { if (other.isMetricStoreError(error)) code = error.code; }
            results.push([values.sort(), lines, resourceMetrics.resource.attributes, code, attached.statistics().swaps]);
            await store.shutdown();
          }
          console.log(JSON.stringify({ same, results }));
        });
      `);
      const values = ['argo_workflows_x 5', 'c 3', 'g 7'];
      const lines = [
        'argo_workflows_x 5',
        'c_total{k="a",otel_scope_name="m"} 3',
        'g{otel_scope_name="m"} 7',
        'target_info{service_name="s"} 1',
      ];
      const result = [values, lines, { 'service.name': 's' }, 'INVALID_OPTION', 3];
      expect(JSON.parse(printed)).to.deep.equal({ same: [], results: [result, result] });
    });

    it('jest-jsdom: should load and record where globals of Node are missing', async () => {
      // Timers are numbers there, and a few things that Node has are not there at all.
      const { performance, Buffer, URL, AbortController, Uint8Array } = globalThis;
      const timers: Record<string, unknown> = {};
      const known = new Map<number, NodeJS.Timeout>();
      for (const [set, clear] of [
        ['setTimeout', 'clearTimeout'],
        ['setInterval', 'clearInterval'],
      ] as const) {
        timers[set] = (...args: Parameters<typeof setTimeout>): number => {
          const timer = globalThis[set](...args);
          known.set(known.size + 1, timer);
          return known.size;
        };
        timers[clear] = (number: number): void => globalThis[clear](known.get(number));
      }
      const scope = { process, performance, Buffer, URL, AbortController, Uint8Array, ...timers };
      const context = createContext(scope);
      const loaded = new Map<string, { exports: object }>();
      // As Jest does: every file of the package runs in the environment, what it takes from Node comes from outside.
      const load = (path: string): object => {
        const known = loaded.get(path);
        if (known !== undefined) return known.exports;
        const module = { exports: {} };
        loaded.set(path, module);
        const outside = createRequire(join(ROOT, path));
        const inside = (name: string): unknown =>
          name.startsWith('.') ? load(posix.join(posix.dirname(path), name)) : outside(name);
        const wrapped = `(function (exports, require, module, __filename, __dirname) {${readBuilt(path)}\n})`;
        const run = runInContext(wrapped, context) as (...args: unknown[]) => void;
        run(module.exports, inside, module, join(ROOT, path), join(ROOT, posix.dirname(path)));
        return module.exports;
      };
      const library = load(COMMONJS) as typeof Library;
      expect(loaded.size).to.equal(reachableFrom(COMMONJS).files.size);
      const store = library.createStore();
      store.getMeter('m').createCounter('c').add(1);
      const waiting = store.getMeter('m').createObservableGauge('g');
      waiting.addCallback(async result => {
        await new Promise(resolve => setImmediate(resolve));
        result.observe(2);
      });
      const endpoint = await library.startPrometheusEndpoint({ store, port: 0 });
      const text = await (await fetch(endpoint.url)).text();
      await endpoint.shutdown();
      const counts = new SharedArrayBuffer(32);
      const collector = await library.startCollectorThread({
        store,
        prometheus: { port: 0 },
        exporterModule: new URL('../collector/exporters/counting.mjs', import.meta.url),
        exporterOptions: { counts },
      });
      expect(await (await fetch(collector.url ?? '')).text()).to.equal(text);
      store.getMeter('m').createCounter('c').add(1);
      await collector.shutdown();
      expect(new Int32Array(counts)[0]).to.equal(1);
      expect(text).to.contain('c_total{otel_scope_name="m"} 1').and.to.contain('g{otel_scope_name="m"} 2');
      const reader = new library.DoubleBufferedMetricReader({
        store,
        exporter: {
          export: (_, done) => done({ code: 0 }),
          forceFlush: () => Promise.resolve(),
          shutdown: () => Promise.resolve(),
        },
      });
      await reader.forceFlush();
      await reader.shutdown();
      await store.shutdown();
    });
  });

  it('esbuild-banner: should be bundled beside the names that people declare in a banner', () => {
    const banner = [
      `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
      `import path, { dirname } from 'node:path'; import url, { fileURLToPath } from 'node:url'; import module from 'node:module';`,
      `const __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename);`,
    ].join('\n');
    const outfile = join(folder, 'bundle.mjs');
    const contents = `
      import { MeterProvider } from '@opentelemetry/sdk-metrics';
      import { createStore, DoubleBufferedMetricReader } from '${join(ROOT, ENTRY).replaceAll('\\', '/')}';
      const store = createStore();
      store.getMeter('m').createCounter('c').add(1);
      const reader = new DoubleBufferedMetricReader({ store });
      new MeterProvider({ readers: [reader] });
      console.log((await reader.collect()).resourceMetrics.scopeMetrics[0].metrics[0].dataPoints[0].value);
    `;
    buildSync({
      stdin: { contents, resolveDir: ROOT, loader: 'js' },
      ...{
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile,
        banner: { js: banner },
        logLevel: 'silent',
      },
    });
    expect(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }).trim()).to.equal('1');
  });
});
