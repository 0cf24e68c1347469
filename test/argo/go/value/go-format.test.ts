import { LimitError } from '../../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import type { Value } from '../../../../lib/argo/go/value/value.js';
import { formatFloat, sprint, toText } from '../../../../lib/argo/go/value/go-format.js';
import { quoteGo } from '../../../../lib/argo/go/text/quote.js';
import { goFunction } from '../../../../lib/argo/go/value/go-function.js';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';
import { testGoldenRows } from '../golden-rows.js';

describe('Go formats', () => {
  testGoldenRows(
    'go-format',
    new Map([
      ['sprint', goFunction(['any'], sprint)],
      ['formatFloat', goFunction(['float'], formatFloat)],
      ['quoteGo', goFunction(['string'], quoteGo)],
    ]),
  );

  it('should print times and spans', () => {
    expect(sprint([GoTime.ZERO, new GoDuration(90_000_000_000n)])).to.equal(
      '[0001-01-01 00:00:00 +0000 UTC 1m30s]',
    );
  });

  it('should leave text as it is, and print the rest', () => {
    expect(toText('a "b"')).to.equal('a "b"');
    expect(toText(['a', null])).to.equal('[a <nil>]');
    expect(formatFloat(-0)).to.equal('-0');
  });

  it('should refuse what grows without bound', () => {
    let value: Value = 'x'.repeat(1000);
    for (let level = 0; level < 40; level++) value = [value, value];
    expect(() => sprint(value)).to.throw(LimitError, 'characters');
  });
});
