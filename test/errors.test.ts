import { expect } from 'chai';
import { isMetricStoreError, MetricStoreError } from '../lib/errors.js';
import { readText, readSources } from './support/source-tree.js';

describe('MetricStoreError', () => {
  it('carries its code, also in the message, and its cause', () => {
    const cause = new Error('why');
    const error = new MetricStoreError('NOT_SHARED', 'text', { cause });
    expect(error).to.include({
      code: 'NOT_SHARED',
      name: 'MetricStoreError',
      message: 'text [NOT_SHARED]',
      cause,
    });
  });

  it('is recognised across copies of the package by its brand alone', () => {
    const foreign = { [Symbol.for('otel-argo-metrics.MetricStoreError')]: true };
    expect(isMetricStoreError(foreign)).to.equal(true);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const other of [proxy, new Error('x'), null, undefined, 'NOT_SHARED', { code: 'NOT_SHARED' }])
      expect(isMetricStoreError(other)).to.equal(false);
  });
});

describe('the table of error codes', () => {
  const declaration = /export type ErrorCode =(.*?);/s.exec(readText('lib/errors.ts'))?.[1] ?? '';
  const codes = [...declaration.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code ?? '');
  const rows = [...readText('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)];

  it('has each code once, in order, with when it comes and what to do', () => {
    expect(codes.length).to.be.greaterThan(20);
    expect(rows.map(([, code]) => code)).to.deep.equal([...codes].sort());
  });

  it('has no code that nothing gives', () => {
    const library = readSources('lib').filter(({ path }) => path !== 'lib/errors.ts');
    const unused = codes.filter(code => !library.some(({ text }) => text.includes(`'${code}'`)));
    expect(library.length).to.be.greaterThan(100);
    expect(unused).to.deep.equal([]);
  });
});
