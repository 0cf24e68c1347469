// Goal: the table in docs/host-defects.md is complete, and every test that it names exists.
import { expect } from 'chai';
import { tableRows, testedIds } from '../support/document-table.js';
import { readText } from '../support/source-tree.js';

const THEMES = ['cardinality', 'collections', 'data', 'exposition', 'observables'];
const NUMBER = /^B\d\d$/;
const numbers = Array.from({ length: 38 }, (_, index) => `B${String(index + 1).padStart(2, '0')}`);

describe('the table of host defects', () => {
  const rows = tableRows(readText('docs/host-defects.md'), NUMBER);
  const tested = new Map(
    THEMES.map(theme => [theme, testedIds(readText(`test/host-defects/${theme}.test.ts`))]),
  );

  it('should have each number once, in order, with four filled cells', () => {
    expect(rows.map(([number]) => number)).to.deep.equal(numbers);
    for (const cells of rows) {
      expect(cells, cells[0]).to.have.length(4);
      expect(cells, cells[0]).to.not.include('');
    }
  });

  it('should name a test that exists', () => {
    const missing = rows.filter(([number = '', , , theme = '']) => tested.get(theme)?.has(number) !== true);
    expect(missing.map(([number]) => number)).to.deep.equal([]);
  });

  it('should know every test there is', () => {
    for (const [theme, ids] of tested)
      for (const id of ids) expect(rows.find(([number]) => number === id)?.[3], id).to.equal(theme);
  });
});
