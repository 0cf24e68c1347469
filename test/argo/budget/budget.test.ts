import { LimitError } from '../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { answer } from '../expression/golden-rows.js';

describe('Budget', () => {
  it('should refuse work and memory beyond what an evaluation may take', () => {
    const budget = new Budget();
    budget.spend(1000);
    expect(() => budget.spend(1e9)).to.throw(LimitError, 'evaluation takes more than');
    expect(() => new Budget().spendList(1e9)).to.throw(LimitError, 'memory budget exceeded');
  });

  it('should charge what is kept once, and the same whoever made it', () => {
    const budget = new Budget();
    budget.spendOnce('pattern', 200_000);
    budget.spendOnce('pattern', 200_000);
    expect(() => budget.spendOnce('other', 200_000)).to.throw(LimitError);
    budget.startMetric();
    budget.spend(200_000);
  });

  for (const source of [
    '1..1000000000',
    'map(1..1000, map(1..1000, #))',
    "reduce(1..100, #acc + #acc, 'ab')",
    "map(1..1000, repeat('a', 200000))",
    'flatten(reduce(1..60, [#acc, #acc], []))',
    'toJSON(reduce(1..60, [#acc, #acc], [1]))',
    'mean(reduce(1..60, [#acc, #acc], [1]))',
    "count(1..90000, 'aaaa' matches 'a' + string(#))",
    "count(1..90000, repeat('a', 10000) matches '(a|aa)+b')",
    'sort(map(1..90000, string(#)))',
    'uniq(map(1..9000, [#]))',
    'reduce(1..5000, [#acc]) | toJSON()',
    "reduce(1..50, sprig.urlJoin(#acc) == '' ? #acc : #acc, {'path': 'p', 'userinfo': repeat('a/', 100000)})",
  ])
    it(`should bound ${source}`, () => {
      expect(answer(source)).to.match(/more than|memory budget exceeded/);
    });
});
