// Goal: nothing becomes public by accident, and loading the package loads no more than it must.
// Method: compare the built entry with a committed list, and follow its imports.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import { ENTRY, hasTopLevelAwait, reachableFrom, readBuilt } from './built-package.js';

/** The values of the package. Types are in the API report. */
const VALUES = [
  'CustomMetrics',
  'DoubleBufferedMetricReader',
  'MetricStoreError',
  'WorkflowObserver',
  'attachStore',
  'cardinalityLimitedView',
  'collectPrometheusText',
  'createStore',
  'evaluateWhen',
  'isMetricStoreError',
  'limitViews',
  'observeStore',
  'renderTemplate',
  'startPrometheusEndpoint',
];

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  bin: Record<string, string>;
};

describe('entry of the package', () => {
  it('should export exactly the committed values', async () => {
    const entry = (await import(pathToFileURL(join(ROOT, ENTRY)).href)) as object;
    expect(Object.keys(entry).sort()).to.deep.equal(VALUES);
  });

  it('should be the only way in, for import and require alike', () => {
    const esm = { types: './dist/index.d.ts', default: './dist/index.js' };
    const commonJs = { types: './dist/cjs/index.d.ts', default: './dist/cjs/index.js' };
    expect(manifest.exports).to.deep.equal({
      '.': { 'module-sync': esm, import: esm, require: commonJs },
      './package.json': './package.json',
    });
    // The first condition that holds counts: where Node can require ESM, there is one instance.
    expect(Object.keys(manifest.exports['.'] as object)).to.deep.equal(['module-sync', 'import', 'require']);
  });

  it('should not load the command line', () => {
    const { files } = reachableFrom(ENTRY);
    expect([...files].filter(path => path.startsWith('dist/cli/'))).to.deep.equal([]);
    expect(files.size).to.be.greaterThan(20);
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
