// Goal: a change of the public types is seen by whoever reviews it. Method: the declarations of everything that the entry
// exports, compared with a committed text. UPDATE_GOLDEN=1 rewrites it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import { forgottenExports, reportApi } from './built-package.js';

const GOLDEN = join(ROOT, 'test/package/api-report.txt');

describe('API report', () => {
  it('should equal the committed one', () => {
    const report = reportApi('dist/index.d.ts');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, report);
    expect(existsSync(GOLDEN), 'written by UPDATE_GOLDEN=1').to.equal(true);
    expect(report).to.equal(readFileSync(GOLDEN, 'utf8'));
  });

  it('should show types, functions and classes with their members', () => {
    const report = readFileSync(GOLDEN, 'utf8');
    expect(report).to.match(
      /^export declare function createStore\(options\?: StoreOptions\): MetricStore;$/m,
    );
    expect(report).to.match(/^export declare class DoubleBufferedMetricReader /m);
    expect(report).to.match(/^ {4}readonly handle: StoreHandle;$/m);
  });

  it('should name no type of the package that nobody can import', () => {
    expect(forgottenExports('dist/index.d.ts')).to.deep.equal([]);
  });

  it('should notice one that is declared beside the entry and not exported', () => {
    // What `dist/otel/metric-store.d.ts` alone exports names types of other files.
    expect(forgottenExports('dist/otel/metric-store.d.ts')).to.include('createStore → MetricStore');
  });
});
