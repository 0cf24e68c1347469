// Goal: nothing becomes public by accident, and loading the package loads no more than it must.
// Method: compare the built entries with a committed list, and follow their imports.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import {
  COMMAND,
  ENTRIES,
  ENTRY,
  EXPORTING,
  hasTopLevelAwait,
  reachableFrom,
  readBuilt,
  sourcesIn,
} from './built-package.js';

const ERRORS = ['MetricStoreError', 'isMetricStoreError'];
const ARGO = ['CustomMetrics', 'WorkflowObserver', 'evaluateWhen', 'renderTemplate'];
const STORE = [
  'DoubleBufferedMetricReader',
  'PROMETHEUS_CONTENT_TYPE',
  'attachStore',
  'cardinalityLimitedView',
  'collectPrometheus',
  'collectPrometheusText',
  'createStore',
  'inheritedStore',
  'limitViews',
  'observeProcess',
  'observeStore',
  'promClientProducer',
  'prometheusHandler',
  'shareWithWorkers',
  'startCollectorThread',
  'startPrometheusEndpoint',
];

/** The values of each entry. Types are in the API reports. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '.': [...ARGO, ...STORE, ...ERRORS],
  './store': [...STORE, ...ERRORS],
  './argo': [...ARGO, ...ERRORS],
};

/** Half of what importing costs is the number of files. */
const FILES_OF_STORE_MAX = 4;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  bin: Record<string, string>;
};

describe('entries of the package', () => {
  for (const [entry, name] of Object.entries(EXPORTING)) {
    const values = [...(VALUES[entry] ?? [])].sort();
    const esm = `dist/esm/${name}.js`;
    const commonJs = `dist/cjs/${name}.js`;

    it(`should export exactly the committed values: ${entry}`, async () => {
      expect(values).to.not.be.empty;
      const imported = (await import(pathToFileURL(join(ROOT, esm)).href)) as object;
      expect(Object.keys(imported).sort()).to.deep.equal(values);
      const required = createRequire(import.meta.url)(join(ROOT, commonJs)) as object;
      expect(Object.keys(required).sort()).to.deep.equal(values);
    });

    it(`should be loaded from the same files by import and by require: ${entry}`, () => {
      const files = (start: string): string[] =>
        [...reachableFrom(start).files].map(path => path.replace(/^dist\/(esm|cjs)\//, '')).sort();
      expect(files(commonJs)).to.deep.equal(files(esm));
      expect(files(esm).length).to.be.greaterThan(1);
    });
  }

  it('should be the only ways in, for import and require alike', () => {
    const conditions = (name: string): object => {
      const esm = { types: `./dist/esm/${name}.d.ts`, default: `./dist/esm/${name}.js` };
      const commonJs = { types: `./dist/cjs/${name}.d.ts`, default: `./dist/cjs/${name}.js` };
      return { 'module-sync': esm, import: esm, require: commonJs };
    };
    const entries = Object.entries(ENTRIES).map(([entry, name]) => [entry, conditions(name)]);
    expect(manifest.exports).to.deep.equal({
      ...Object.fromEntries(entries),
      './schema/watch.json': './schema/watch.json',
      './package.json': './package.json',
    });
    // The first condition that holds counts: where Node can require ESM, there is one instance.
    for (const entry of Object.keys(ENTRIES))
      expect(Object.keys(manifest.exports[entry] as object)).to.deep.equal([
        'module-sync',
        'import',
        'require',
      ]);
  });

  it('should load few files for the store, and nothing of Argo', () => {
    const loaded = (entry: string): string[] => [
      ...reachableFrom(`dist/esm/${ENTRIES[entry] ?? ''}.js`).files,
    ];
    expect(loaded('./store').length).to.be.at.most(FILES_OF_STORE_MAX);
    const ofArgo = (entry: string): string[] =>
      loaded(entry)
        .flatMap(sourcesIn)
        .filter(source => source.startsWith('argo/'));
    expect(ofArgo('./store')).to.deep.equal([]);
    expect(ofArgo('./argo')).to.include('argo/emit/custom-metrics.ts');
    expect(loaded('./store').flatMap(sourcesIn)).to.include('store/store-core.ts');
  });

  it('should not load the command line', () => {
    const sources = [...reachableFrom(ENTRY).files].flatMap(sourcesIn);
    expect(sources.filter(path => path.startsWith('cli/'))).to.deep.equal([]);
    expect(sources.length).to.be.greaterThan(100);
    expect([...reachableFrom(COMMAND).files].flatMap(sourcesIn)).to.include('cli/run.ts');
  });

  it('should load nothing foreign but Node, the API and the declared dependencies', () => {
    const { foreign } = reachableFrom(ENTRY);
    const allowed = [...Object.keys(manifest.dependencies), '@opentelemetry/api'];
    const others = [...foreign].filter(name => !name.startsWith('node:'));
    expect(
      others.filter(name => !allowed.some(known => name === known || name.startsWith(`${known}/`))),
    ).to.deep.equal([]);
    // The SDK is what the library is plugged into: it must come from the host, whatever its version and copy.
    expect(others.filter(name => name.includes('sdk-metrics'))).to.deep.equal([]);
  });

  it('should load without waiting, so that require() can load it', () => {
    expect([...reachableFrom(ENTRY).files].filter(path => hasTopLevelAwait(readBuilt(path)))).to.deep.equal(
      [],
    );
    expect(hasTopLevelAwait('const a = await b;')).to.equal(true);
    expect(hasTopLevelAwait('for await (const a of b) {}')).to.equal(true);
    expect(hasTopLevelAwait('async function f() { await b; }')).to.equal(false);
  });

  it('should have a command that Node can start', () => {
    for (const path of Object.values(manifest.bin))
      expect(readBuilt(path)).to.match(/^#!\/usr\/bin\/env node\n/);
  });
});
