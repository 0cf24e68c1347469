import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import type { Value } from '../../../lib/argo/go/value/value.js';
import {
  LimitError,
  LIST_LENGTH_MAX,
  metered,
  TEXT_LENGTH_MAX,
} from '../../../lib/argo/budget/evaluation-limits.js';
import { GoDuration, GoTime } from '../../../lib/argo/go/time/go-time.js';
import { SPRIG } from '../../../lib/argo/sprig/sprig.js';

const { value: anyValue } = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(
      null,
      true,
      false,
      '',
      '[',
      '2006',
      '1h',
      'a',
      NaN,
      Infinity,
      0,
      0n,
      -1n,
      3n,
      2n ** 62n,
    ),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(nanos => new GoTime(nanos)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(nanos => new GoDuration(nanos)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map(entries => new Map(entries)),
  ),
}));

describe('SPRIG', () => {
  it('should fail only with reasons, whatever it is called with', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SPRIG.entries()),
        fc.array(anyValue, { maxLength: 4 }),
        ([name, called], args) => {
          try {
            const value = called(...args);
            expect(value, name).to.not.equal(undefined);
          } catch (error) {
            if (!(error instanceof EvaluationError || error instanceof LimitError))
              throw new Error(`${name}: ${String(error)}`, { cause: error });
          }
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('should never make more than it may', () => {
    const long = 'ab '.repeat(300_000);
    const calls: readonly (readonly [string, ...Value[]])[] = [
      ['repeat', 2n ** 62n, 'x'],
      ['repeat', 1_000_000n, 'xx'],
      ['indent', 10_000_000n, 'x'],
      ['indent', 1000n, '\n'.repeat(10_000)],
      ['until', 2n ** 62n],
      ['untilStep', -(2n ** 63n), 2n ** 63n - 1n, 1n],
      ['seq', 1_000_000_000n],
      ['replace', '', 'x'.repeat(1000), long],
      ['replace', 'a', 'x'.repeat(1000), long],
      ['wrapWith', 1n, 'x'.repeat(1000), long],
      ['join', long, ['a', 'b', 'c', 'd']],
      ['split', '', long],
      ['regexReplaceAll', '', 'a'.repeat(10_000), 'x'.repeat(1000)],
      ['regexFindAll', '', 'a'.repeat(200_000), -1n],
      ['regexSplit', '', 'a'.repeat(200_000), -1n],
      ['concat', ...Array.from({ length: 3 }, () => Array.from({ length: LIST_LENGTH_MAX / 2 }, () => 1n))],
      ['cat', long, long],
      ['quote', long, long],
      ['b64enc', long],
      ['toJson', [long, long]],
      ['semver', long],
      ['semverCompare', long, '1'],
      ['semverCompare', '1', long],
      ['urlJoin', new Map([['path', long]])],
    ];
    for (const [name, ...args] of calls) {
      const called = SPRIG.get(name);
      try {
        called?.(...args);
        expect.fail(`${name} made more than it may`);
      } catch (error) {
        if (!(error instanceof LimitError || error instanceof EvaluationError)) throw error;
        expect(error.message, name).to.match(/more than|too long/);
      }
    }
    expect(TEXT_LENGTH_MAX).to.be.greaterThan(LIST_LENGTH_MAX);
  });

  it('should tell the time by the clock that it is given', () => {
    const meter = { spend: () => undefined, spendOnce: () => undefined, now: () => Date.UTC(2026, 0, 2) };
    const call = (name: string, ...args: Value[]) => metered(meter, () => SPRIG.get(name)?.(...args) ?? null);
    expect(call('date', '2006-01-02', call('now'))).to.equal('2026-01-02');
    expect(call('date', '2006-01-02', 'no time')).to.equal('2026-01-02');
    expect(call('htmlDate', null)).to.equal('2026-01-02');
    expect(call('ago', BigInt(Date.UTC(2026, 0, 1) / 1000))).to.equal('24h0m0s');
    expect(call('durationRound', GoTime.ofUnixMillis(Date.UTC(2025, 0, 1)))).to.equal('1y');
    const before = Date.now();
    const now = SPRIG.get('now')?.();
    expect(now).to.be.instanceOf(GoTime);
    expect(Number((now as GoTime).unixNanos / 1_000_000n)).to.be.within(before, Date.now());
  });

  it('should never change what it is given', () => {
    const map = new Map<string, Value>([['a', 1n]]);
    expect(SPRIG.get('set')?.(map, 'b', 2n)).to.deep.equal(
      new Map([
        ['a', 1n],
        ['b', 2n],
      ]),
    );
    SPRIG.get('unset')?.(map, 'a');
    SPRIG.get('mergeOverwrite')?.(map, new Map([['a', 5n]]));
    const list = ['b', 'a'];
    SPRIG.get('sortAlpha')?.(list);
    SPRIG.get('reverse')?.(list);
    expect(map).to.deep.equal(new Map([['a', 1n]]));
    expect(list).to.deep.equal(['b', 'a']);
  });

  it('should have all generic functions of Sprig, but those that reach into the environment', () => {
    // The count of Sprig 3.3's generic functions, less `env` and `expandenv`.
    expect(SPRIG.size).to.equal(209);
    expect(SPRIG.has('env')).to.equal(false);
  });
});
