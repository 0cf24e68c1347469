import { expect } from 'chai';
import { readSources, readText } from './support/source-tree.js';

describe('the table of diagnostic codes', () => {
  const declaration =
    /export type DiagnosticCode =(.*?);/s.exec(readText('lib/argo/diagnostic/diagnostic.ts'))?.[1] ?? '';
  const codes = [...declaration.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code ?? '');
  const rows = [...readText('docs/diagnostics.md').matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)];

  it('has each code once, in order, with when it comes and what to do', () => {
    expect(codes.length).to.be.greaterThan(40);
    expect(rows.map(([, code]) => code)).to.deep.equal([...codes].sort());
  });

  it('has no code that nothing gives', () => {
    const library = readSources('lib').filter(({ path }) => path !== 'lib/argo/diagnostic/diagnostic.ts');
    const unused = codes.filter(code => !library.some(({ text }) => text.includes(`'${code}'`)));
    expect(library.length).to.be.greaterThan(100);
    expect(unused).to.deep.equal([]);
  });
});
