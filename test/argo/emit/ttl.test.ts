import { expect } from 'chai';
import fc from 'fast-check';
import { parseTtl } from '../../../lib/argo/emit/ttl.js';

describe('parseTtl', () => {
  it('should read what Argo reads, and what its users write', () => {
    const millisOf = (text: string): unknown => parseTtl(text);
    const rows: [string, number][] = [
      ['', 0],
      ['0s', 0],
      ['10s', 10_000],
      ['2m', 120_000],
      ['1h', 3_600_000],
      ['2d', 172_800_000],
      ['1h30m', 5_400_000],
      ['1d2h3m4s5ms', 93_784_005],
      ['1.5h', 5_400_000],
      ['.5s', 500],
      ['500ms', 500],
    ];
    for (const [text, millis] of rows) expect(millisOf(text), text).to.deep.equal({ millis });
  });

  it('should say why it cannot read the rest', () => {
    for (const text of [
      '-1h',
      '10',
      'h',
      '1h 30m',
      '1x',
      '10m!',
      'ms',
      '1e3s',
      '9'.repeat(400) + 'd',
      ' 1s',
      '1h-3m',
    ])
      expect(parseTtl(text), text).to.have.property('error').that.matches(/TTL/);
  });

  it('should never throw', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const parsed = parseTtl(text);
        return 'error' in parsed || parsed.millis >= 0;
      }),
    );
  });
});
