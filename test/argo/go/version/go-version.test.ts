import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { GoVersion } from '../../../../lib/argo/go/version/go-version.js';

const number = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const tail = fc.constantFrom(
  '',
  '-alpha',
  '-alpha.1',
  '-rc.2',
  '-rc.10',
  '-0',
  '-99999999999999999999',
  '-x-y.Z',
);
const version = fc
  .tuple(fc.oneof(fc.constantFrom(0n, 1n), number), fc.constantFrom(0n, 1n), fc.constantFrom(0n, 2n), tail)
  .map(([major, minor, patch, rest]) => GoVersion.parse(`${major}.${minor}.${patch}${rest}`));

describe('GoVersion', () => {
  it('should read what is left out as zero, and keep the text', () => {
    expect(GoVersion.parse('v1-rc.1+build.5')).to.include({
      major: 1n,
      minor: 0n,
      patch: 0n,
      prerelease: 'rc.1',
      metadata: 'build.5',
      original: 'v1-rc.1+build.5',
    });
    expect(String(GoVersion.parse('v01.02'))).to.equal('1.2.0');
  });

  it('should refuse what is no version, with the reason', () => {
    const reasons: Readonly<Record<string, string>> = {
      '': 'invalid semantic version',
      '1.2.3.4': 'invalid semantic version',
      '1.2.3 ': 'invalid semantic version',
      '1.2.3-01': 'version segment starts with 0',
      '18446744073709551616':
        'error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range',
      ['1'.repeat(257)]: 'version string is too long (max 256 bytes)',
      [`1-${'é'.repeat(128)}`]: 'version string is too long (max 256 bytes)',
    };
    for (const [text, reason] of Object.entries(reasons))
      expect(() => GoVersion.parse(text), text).to.throw(EvaluationError, reason);
  });

  it('should order versions as Semantic Versioning does', () => {
    const sorted =
      '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0';
    const versions = `0.9.9 ${sorted} 1.0.1 1.2.0 1.10.0 2.0.0`.split(' ').map(text => GoVersion.parse(text));
    for (const [left, one] of versions.entries())
      for (const [right, other] of versions.entries())
        expect(one.compare(other), `${one.original} ${other.original}`).to.equal(Math.sign(left - right));
    expect(GoVersion.parse('1+a').compare(GoVersion.parse('1.0.0+b'))).to.equal(0);
  });

  it('should be a total order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(a.compare(b) + b.compare(a)).to.equal(0);
        if (a.compare(b) <= 0 && b.compare(c) <= 0) expect(a.compare(c)).to.be.at.most(0);
        expect(a.compare(b) === 0).to.equal(String(a) === String(b));
      }),
      { numRuns: 1000 },
    );
  });

  it('should be followed by a later version that keeps the leading v', () => {
    const next = (text: string, segment: 'major' | 'minor' | 'patch') =>
      GoVersion.parse(text).next(segment).original;
    expect(next('v1.2.3', 'major')).to.equal('v2.0.0');
    expect(next('1.2.3+b', 'minor')).to.equal('1.3.0');
    expect(next('1.2.3-rc', 'patch')).to.equal('1.2.3');
    expect(() => next('18446744073709551615', 'major')).to.throw(
      'major version increment would overflow uint64',
    );
    fc.assert(
      fc.property(version, one => {
        if (one.major < 2n ** 64n - 1n) expect(one.next('major').compare(one)).to.equal(1);
        expect(one.next('minor').compare(one)).to.equal(1);
        expect(one.next('patch').compare(one)).to.equal(1);
      }),
    );
  });

  it('should take other prereleases and metadata if they are well-formed', () => {
    const one = GoVersion.parse('v1.2.3-rc+b');
    expect(one.withPrerelease('').original).to.equal('v1.2.3+b');
    expect(one.withMetadata('').withPrerelease('beta.2').original).to.equal('v1.2.3-beta.2');
    expect(() => one.withPrerelease('a..b')).to.throw('invalid prerelease string');
    expect(() => one.withPrerelease('1.01')).to.throw('version segment starts with 0');
    expect(() => one.withMetadata('a+b')).to.throw('invalid metadata string');
    expect(String(one), 'the first one stays').to.equal('1.2.3-rc+b');
  });
});
