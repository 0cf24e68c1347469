// Goal: a change of the public types is seen by whoever reviews it. Method: the declarations of everything that an entry
// exports, compared with a committed text. UPDATE_GOLDEN=1 rewrites it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import { EXPORTING, forgottenExports, readBuilt, reportApi } from './built-package.js';

const goldenOf = (name: string): string =>
  join(
    ROOT,
    'test/package',
    name === 'index' ? 'api-report.txt' : `api-report-${name.replace('-entry', '')}.txt`,
  );

describe('API report', () => {
  for (const [entry, name] of Object.entries(EXPORTING))
    it(`should equal the committed one: ${entry}`, () => {
      const report = reportApi(`dist/esm/${name}.d.ts`);
      const golden = goldenOf(name);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, report);
      expect(existsSync(golden), 'written by UPDATE_GOLDEN=1').to.equal(true);
      expect(report).to.equal(readFileSync(golden, 'utf8'));
    });

  it('should be that of ./store for ./register', () => {
    expect(readBuilt('dist/esm/register.d.ts').trim()).to.equal("export * from './store-entry.js';");
  });

  it('should have everything in one of the smaller entries', () => {
    const namesOf = (name: string): string[] =>
      [...readFileSync(goldenOf(name), 'utf8').matchAll(/^\/\/ (\w+)$/gm)].map(([, found = '']) => found);
    const smaller = Object.values(EXPORTING).filter(name => name !== 'index');
    expect([...new Set(smaller.flatMap(namesOf))].sort()).to.deep.equal(namesOf('index').sort());
    expect(smaller.flatMap(namesOf).length).to.be.greaterThan(20);
  });

  it('should show types, functions and classes with their members', () => {
    const report = readFileSync(goldenOf('index'), 'utf8');
    expect(report).to.match(
      /^export declare function createStore\(options\?: StoreOptions\): MetricStore;$/m,
    );
    expect(report).to.match(/^export declare class DoubleBufferedMetricReader /m);
    expect(report).to.match(/^ {4}readonly handle: StoreHandle;$/m);
  });

  for (const [entry, name] of Object.entries(EXPORTING))
    it(`should name no type of the package that nobody can import: ${entry}`, () => {
      expect(forgottenExports(`dist/esm/${name}.d.ts`)).to.deep.equal([]);
    });

  it('should notice one that is declared beside the entry and not exported', () => {
    // What `dist/esm/otel/metric-store.d.ts` alone exports names types of other files.
    expect(forgottenExports('dist/esm/otel/metric-store.d.ts')).to.include('createStore → MetricStore');
  });
});
