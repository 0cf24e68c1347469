// Goal: several installs of the package in one thread are one library when they are of one version, and say so when they
// are not; and what is installed beside the package is looked at. Method: real folders of node_modules, real processes.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildSync } from 'esbuild';
import { ROOT } from '../support/source-tree.js';

describe('installs of the package', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'otel-argo-metrics-'));
    for (const name of ['one', 'other', 'newer-shape', 'newer-format', 'old-host']) install(name);
    edit('newer-shape', /var SHAPE = `(\d+)\./, number => `var SHAPE = \`${number + 1}.`);
    edit('newer-format', /var FORMAT_VERSION = (\d+);/, number => `var FORMAT_VERSION = ${number + 1};`);
    const sdk = join(folder, 'old-host/node_modules/@opentelemetry/sdk-metrics');
    mkdirSync(sdk);
    writeFileSync(join(sdk, 'package.json'), '{ "name": "@opentelemetry/sdk-metrics", "version": "1.30.1" }');
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** An application with the package and what it needs, nothing above it. */
  function install(name: string): void {
    const modules = join(folder, name, 'node_modules');
    const target = join(modules, 'otel-argo-metrics');
    for (const path of ['package.json', 'dist/esm', 'dist/cjs'])
      cpSync(join(ROOT, path), join(target, path), { recursive: true });
    mkdirSync(join(modules, '@opentelemetry'));
    for (const dependency of ['re2js', 'yaml', '@opentelemetry/api'])
      symlinkSync(join(ROOT, 'node_modules', dependency), join(modules, dependency), 'junction');
  }

  /** Makes another version of an install, in both of its forms. */
  function edit(name: string, pattern: RegExp, change: (number: number) => string): void {
    for (const form of ['esm', 'cjs']) {
      const place = join(folder, name, 'node_modules/otel-argo-metrics/dist', form);
      const changed = readdirSync(place)
        .filter(file => file.endsWith('.js'))
        .filter(file => {
          const text = readFileSync(join(place, file), 'utf8');
          const edited = text.replace(pattern, (_, number: string) => change(Number(number)));
          if (edited !== text) writeFileSync(join(place, file), edited);
          return edited !== text;
        });
      expect(changed, `${pattern.source} in ${form}`).to.have.lengthOf(1);
    }
  }

  /** Runs a program that has the forms of the installs: `load(name, entry, form)`. */
  function run(program: string): unknown {
    const file = join(folder, 'program.cjs');
    writeFileSync(
      file,
      `const { createRequire } = require('node:module');
      const { pathToFileURL } = require('node:url');
      const load = (name, entry = '', form = 'cjs') => {
        const base = ${JSON.stringify(folder)} + '/' + name + '/';
        if (form === 'cjs') return createRequire(base)('otel-argo-metrics' + entry);
        const { exports } = createRequire(base)('otel-argo-metrics/package.json');
        return import(pathToFileURL(base + 'node_modules/otel-argo-metrics/' + exports['.' + entry].import.default).href);
      };
      const codeOf = async action => {
        try { await action(); return 'none'; } catch (error) { return error.code ?? String(error); }
      };
      const drain = async chunks => { let text = ''; for await (const chunk of chunks) text += chunk; return text; };
      (async () => { ${program} })().then(value => console.log(JSON.stringify(value)));`,
    );
    // So that `require` gets the CommonJS form on every version of Node.
    const flags = ['--no-experimental-require-module', file];
    return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
  }

  it('should share a store, whichever entry and form each part of the application loads', () => {
    const result = run(`
      const parts = [
        load('one', '/store'), load('one'), await load('one', '/store', 'esm'), await load('one', '', 'esm'),
        load('other', '/store'), await load('other', '/store', 'esm'),
      ];
      const emitters = [load('other', '/argo'), await load('one', '/argo', 'esm'), await load('other', '', 'esm')];
      const store = parts[0].createStore();
      for (const { attachStore } of parts) attachStore(store.handle).getMeter('m').createCounter('c').add(1);
      for (const { CustomMetrics } of emitters)
        new CustomMetrics({ store }).compile({ prometheus: [{ name: 'x', help: 'X', counter: { value: '1' } }] })
          .emit({ variables: {} }, { owner: 'o' });
      const texts = [];
      for (const { collectPrometheusText } of parts)
        texts.push((await drain(collectPrometheusText({ store, targetInfo: false }))).split('\\n').filter(line => /^[^#]/.test(line)));
      const values = [];
      for (const { DoubleBufferedMetricReader } of parts) {
        const { resourceMetrics } = await new DoubleBufferedMetricReader({ store }).collect();
        values.push(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics).map(({ dataPoints }) => dataPoints[0].value));
      }
      const [one] = parts, [first] = emitters;
      return {
        instances: new Set(parts.map(({ createStore }) => createStore)).size,
        texts: [...new Set(texts.map(lines => lines.sort().join()))],
        values: [...new Set(values.map(list => list.sort().join()))],
        errors: await Promise.all([...parts, ...emitters].map(async ({ isMetricStoreError }) => {
          try { one.createStore({ maxBytes: -1 }); } catch (error) { return isMetricStoreError(error); }
        })),
      };
    `) as Record<string, unknown>;
    expect(result).to.deep.equal({
      // Two installs in two forms; the entries of one form are one.
      instances: 4,
      texts: ['argo_workflows_x 3,c_total{otel_scope_name="m"} 6'],
      values: ['3,6'],
      errors: Array.from({ length: 9 }, () => true),
    });
  });

  for (const [name, what] of [
    ['newer-shape', 'whose stores have another shape'],
    ['newer-format', 'whose memory has another layout'],
  ] as const)
    it(`should refuse a version ${what}, in one thread and in two`, () => {
      const result = run(`
        const { Worker } = require('node:worker_threads');
        const codes = new Set();
        for (const [mine, theirs] of [['one', '${name}'], ['${name}', 'one']])
          for (const form of ['cjs', 'esm']) {
            const store = load(mine).createStore();
            store.getMeter('m').createCounter('c').add(1);
            const other = await load(theirs, '', form);
            // Of a store that this thread has, another version must not even take what it keeps on the global object.
            codes.add(await codeOf(() => other.attachStore(store.handle)));
            codes.add(await codeOf(() => new other.DoubleBufferedMetricReader({ store })));
            codes.add(await codeOf(() => drain(other.collectPrometheusText({ store }))));
            codes.add(await codeOf(() => new other.CustomMetrics({ store })));
            const path = require.resolve(${JSON.stringify(folder)} + '/' + theirs + '/node_modules/otel-argo-metrics/dist/cjs/index.js');
            const worker = new Worker(
              "const { parentPort, workerData: { path, handle } } = require('node:worker_threads');" +
                "try { require(path).attachStore(handle); parentPort.postMessage('none'); } catch ({ code }) { parentPort.postMessage(code); }",
              { eval: true, workerData: { path, handle: store.handle } },
            );
            codes.add(await new Promise(resolve => worker.once('message', resolve)));
            await store.shutdown();
          }
        return [...codes];
      `);
      expect(result).to.deep.equal(['LAYOUT_MISMATCH']);
    });

  it('should refuse an SDK that is too old, where it is installed, in both forms', () => {
    const result = run(`
      const codes = [];
      for (const name of ['old-host', 'one'])
        for (const form of ['cjs', 'esm']) {
          const { createStore, DoubleBufferedMetricReader } = await load(name, '/store', form);
          codes.push(await codeOf(() => new DoubleBufferedMetricReader({ store: createStore() })));
        }
      return codes;
    `);
    expect(result).to.deep.equal(['HOST_VERSION_UNSUPPORTED', 'HOST_VERSION_UNSUPPORTED', 'none', 'none']);
  });

  it('should say nothing of the SDK in a bundle, which may have been made from another one', () => {
    const app = join(folder, 'old-host');
    const contents = `import { createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';
      new DoubleBufferedMetricReader({ store: createStore() });
      console.log('constructed');`;
    for (const [format, ending] of [
      ['esm', 'mjs'],
      ['cjs', 'cjs'],
    ] as const) {
      const outfile = join(app, `bundle.${ending}`);
      buildSync({
        stdin: { contents, resolveDir: app, loader: 'js' },
        ...{ bundle: true, platform: 'node', format, outfile, logLevel: 'silent' },
        banner: {
          js:
            format === 'esm'
              ? `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`
              : '',
        },
      });
      expect(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }).trim()).to.equal('constructed');
    }
  });
});
