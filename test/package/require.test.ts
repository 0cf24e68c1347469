// Goal: an application of CommonJS and ESM parts sees one copy of the library.
// Method: real processes, since the loader of the tests is not the loader of the users.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import { ENTRY } from './built-package.js';

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

  it('should record and collect', () => {
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
});
