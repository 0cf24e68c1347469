// Goal: docs/specification.md has a row for every line, and every line that applies has a test.
import { expect } from 'chai';
import { tableRows, testedIds } from '../support/document-table.js';
import { readText } from '../support/source-tree.js';

/** How many lines each chapter has. */
const CHAPTERS: Readonly<Record<string, number>> = {
  S: 5,
  V: 17,
  C: 13,
  R: 18,
  P: 10,
  T: 6,
  E: 9,
  I: 11,
  M: 11,
  O: 1,
};
const FILES = ['views', 'cardinality', 'readers', 'callbacks', 'instruments', 'prometheus'];
const ids = Object.entries(CHAPTERS).flatMap(([chapter, lines]) =>
  Array.from({ length: lines }, (_, index) => `${chapter}-${String(index + 1).padStart(3, '0')}`),
);

describe('the table of the specification', () => {
  const rows = tableRows(readText('docs/specification.md'), /^[A-Z]-\d{3}$/);
  const tested = new Map(
    FILES.map(file => [file, testedIds(readText(`test/specification/${file}.test.ts`))]),
  );

  it('should have each id once, in order, with four filled cells', () => {
    expect(rows.map(([id]) => id)).to.deep.equal(ids);
    for (const cells of rows) {
      expect(cells, cells[0]).to.have.length(4);
      expect(cells, cells[0]).to.not.include('');
    }
  });

  it('should name a test that exists for each line that applies, and a reason for each other one', () => {
    for (const [id = '', , how = '', file = ''] of rows)
      if (/^(?:yes|partly)\b/.test(how)) expect(tested.get(file)?.has(id), id).to.equal(true);
      else expect([file, /^no(?: need)?: .{10,}/.test(how)], id).to.deep.equal(['–', true]);
  });

  it('should know every test there is', () => {
    for (const [file, found] of tested)
      for (const id of found) expect(rows.find(([row]) => row === id)?.[3], id).to.equal(file);
  });
});
