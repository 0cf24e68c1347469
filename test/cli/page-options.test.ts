import { expect } from 'chai';
import { cardinalityOptionsOf, compareOptionsOf, countOf } from '../../lib/cli/page-options.js';
import { UsageError } from '../../lib/cli/usage-error.js';

const THERE = 'https://controller:9090/metrics';

describe('compareOptionsOf', () => {
  it('should ask this machine for ten minutes, unless it is told otherwise', () => {
    expect(compareOptionsOf([], { with: THERE })).to.deep.equal({
      here: { place: 'http://localhost:9464/metrics', headers: [], timeoutMillis: 10_000 },
      there: { place: THERE, headers: [], timeoutMillis: 10_000 },
      ...{ forMillis: 600_000, patterns: [], isJson: false },
    });
    const values = { with: THERE, for: '90s', header: ['a: b'], metric: ['x*'], json: true, timeout: '1s' };
    expect(compareOptionsOf(['http://here/'], values)).to.deep.equal({
      here: { place: 'http://here/', headers: [], timeoutMillis: 1000 },
      there: { place: THERE, headers: [['a', 'b']], timeoutMillis: 1000 },
      ...{ forMillis: 90_000, patterns: ['x*'], isJson: true },
    });
  });

  const refused: readonly (readonly [string[], Parameters<typeof compareOptionsOf>[1], string])[] = [
    [[], {}, 'compare needs --with URL'],
    [['http://a/', 'b'], { with: THERE }, 'what is "b"?'],
    [['file'], { with: THERE }, 'compare reads URLs, and "file" is none'],
    [[], { with: 'http://' }, '"http://" is no URL'],
    [[], { with: 'http://me:secret@host/' }, 'a name and a password'],
    [[], { with: THERE, for: '10' }, '--for is "10", expected a time'],
    [[], { with: THERE, for: '0s' }, '--for is "0s"'],
    [[], { with: THERE, format: 'sarif' }, '--format is "sarif", expected one of text, json'],
    [[], { with: THERE, format: 'text', json: true }, 'exclude each other'],
    [[], { with: THERE, metric: [''] }, '--metric needs a name'],
    [[], { with: THERE, header: ['secret'] }, "not of the form 'Name: value'"],
  ];
  for (const [places, values, reason] of refused)
    it(`should refuse ${JSON.stringify([...places, values])}`, () => {
      expect(() => compareOptionsOf(places, values)).to.throw(UsageError, reason);
    });
});

describe('cardinalityOptionsOf', () => {
  it('should take the last of several patterns', () => {
    expect(cardinalityOptionsOf(['-'], { metric: ['a', 'b'] })).to.include({ metric: 'b', top: 10 });
    expect(countOf('top', '7')).to.equal(7);
  });
});
