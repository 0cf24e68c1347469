import { expect } from 'chai';
import type { Value } from '../../../../lib/argo/go/value/value.js';
import { LimitError, TEXT_LENGTH_MAX } from '../../../../lib/argo/budget/evaluation-limits.js';
import { goFunction } from '../../../../lib/argo/go/value/go-function.js';
import { NIL_LIST, marshalJson } from '../../../../lib/argo/go/json/go-json.js';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';
import { testGoldenRows } from '../golden-rows.js';

describe('marshalJson', () => {
  testGoldenRows('go-json', new Map([['marshalJson', goFunction(['any'], value => marshalJson(value))]]));

  it('should keep the sign of zero, as Go does for a variable', () => {
    expect(marshalJson(-0)).to.equal('-0');
  });

  it('should write times and spans as Go does', () => {
    expect(marshalJson(new GoTime(1_767_225_600_120_000_000n))).to.equal('"2026-01-01T00:00:00.12Z"');
    expect(marshalJson(new GoDuration(1_500_000_000n))).to.equal('1500000000');
  });

  it('should write the nil list as null, and only that', () => {
    expect(marshalJson([NIL_LIST, []])).to.equal('[null,[]]');
  });

  it('should replace a lone surrogate', () => {
    expect(marshalJson('a\ud800b')).to.equal('"a\\ufffdb"');
  });

  it('should indent and leave HTML alone when asked', () => {
    const value = new Map<string, Value>([
      ['a', ['<', []]],
      ['b', new Map()],
    ]);
    expect(marshalJson(value, { indent: '  ', escapeHtml: false })).to.equal(
      '{\n  "a": [\n    "<",\n    []\n  ],\n  "b": {}\n}',
    );
  });

  it('should refuse what grows without bound', () => {
    let value: Value = 'x'.repeat(1000);
    for (let level = 0; level < 40; level++) value = [value, value];
    expect(() => marshalJson(value)).to.throw(LimitError, String(TEXT_LENGTH_MAX));
    let deep: Value = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => marshalJson(deep)).to.throw(LimitError, 'nested');
  });
});
