import { expect } from 'chai';
import { loadExporter } from '../../lib/collector/exporter-module.js';
import { isMetricStoreError } from '../../lib/errors.js';

describe('loadExporter', () => {
  const load = (name: string, options?: unknown): Promise<unknown> =>
    loadExporter({ module: new URL(`./exporters/${name}`, import.meta.url).href, options, times: {} });

  it('should call the default export with the options, and wait for what it makes', async () => {
    expect(await load('hanging.mjs', {})).to.have.property('export');
  });

  it('should find the function in what a compiler made of a default export', async () => {
    expect(await load('compiled.cjs', { a: 1 })).to.deep.include({ options: { a: 1 } });
  });

  it('should find a package from the working directory', async () => {
    const failed = loadExporter({ module: 'chai', options: undefined, times: {} });
    expect(String(await failed.catch((error: unknown) => error))).to.include('must be a function');
  });

  for (const [name, message] of [
    ['missing.mjs', 'cannot be loaded: Cannot find module'],
    ['no-function.mjs', 'must be a function that makes an exporter, got number'],
    ['no-exporter.cjs', 'must make an exporter with a method export(), got [object Object]'],
    ['throwing.mjs', 'failed: no credentials'],
  ] as const)
    it(`should say what is wrong with ${name}`, async () => {
      const error: unknown = await load(name).catch((reason: unknown) => reason);
      expect(isMetricStoreError(error) && error.code).to.equal('COLLECTOR_FAILED');
      expect(String(error)).to.include(name).and.include(message);
    });
});
