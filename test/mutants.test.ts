// Goal: the table of changes that nobody can notice does not outlive the code that it speaks of.
import { expect } from 'chai';
import { equivalentMutants, type EquivalentMutant } from '../scripts/mutants/equivalent.mjs';
import { mutantsOf, type Mutant } from '../scripts/mutants/operators.mjs';
import { readText } from './support/source-tree.js';

const isOf =
  ({ from, to }: EquivalentMutant) =>
  (mutant: Mutant): boolean =>
    mutant.from === from && mutant.to === to;

describe('the mutants that docs/proof.md lists as equivalent', () => {
  const rows = equivalentMutants();

  it('has rows, each once, each with a reason', () => {
    expect(rows.length).to.be.greaterThan(3);
    expect(new Set(rows.map(({ path, from, to }) => [path, from, to].join('\n'))).size).to.equal(rows.length);
    for (const { path, why } of rows) expect(why?.length ?? 0, path).to.be.greaterThan(20);
  });

  for (const row of rows)
    it(`${row.path}: ${row.to}`, () => {
      const possible = mutantsOf(row.path, readText(row.path));
      expect(
        possible.filter(({ from }) => from === row.from),
        'the line',
      ).not.to.deep.equal([]);
      expect(possible.some(isOf(row)), 'the change').to.equal(true);
    });

  it('reads cells with a pipe in them', () => {
    const [row] = equivalentMutants('| `lib/a.ts` | `if (a \\|\\| b)` | `if (a && b)` | because |');
    expect(row).to.deep.equal({ path: 'lib/a.ts', from: 'if (a || b)', to: 'if (a && b)', why: 'because' });
  });
});
