import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import satisfies from 'semver/functions/satisfies.js';
import valid from 'semver/functions/valid.js';
import gtr from 'semver/ranges/gtr.js';
import { checkHostVersions, type VersionLookup } from '../../lib/otel/host-version.js';

/** What `diag.warn` was told while `check` ran. */
function warningsOf(check: () => void): string[] {
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const warn = (text: string): unknown => warnings.push(text);
  diag.setLogger(
    { error: ignore, warn, info: ignore, debug: ignore, verbose: ignore },
    { suppressOverrideMessage: true },
  );
  try {
    check();
  } finally {
    diag.disable();
  }
  return warnings;
}

const lookupOf =
  (sdk: string | undefined, api: string | undefined = '1.9.0'): VersionLookup =>
  name =>
    name === '@opentelemetry/sdk-metrics' ? sdk : api;

describe('checkHostVersions', () => {
  it('accepts the installed versions', () => {
    expect(warningsOf(() => checkHostVersions())).to.deep.equal([]);
  });

  const silent: [version: string | undefined, reason: string][] = [
    ['2.0.0', 'the oldest'],
    ['2.12.1', 'a minor of 2.x'],
    ['2.13.0-rc.1', 'a prerelease of a later minor'],
    ['3.0.0', 'the second major'],
    ['3.2.0-rc.1', 'a prerelease of a later minor'],
    [undefined, 'nothing can be resolved: bundled'],
  ];
  for (const [version, reason] of silent)
    it(`is silent for ${String(version)}: ${reason}`, () => {
      expect(warningsOf(() => checkHostVersions(lookupOf(version)))).to.deep.equal([]);
    });

  const refused: [version: string, reason: string][] = [
    ['0.57.0', 'an experimental release'],
    ['1.30.1', 'the major before'],
    ['2.0.0-rc.1', 'before the first release of a major'],
    ['3.0.0-rc.0', 'before the first release of a major'],
  ];
  for (const [version, reason] of refused)
    it(`refuses ${version}: ${reason}`, () => {
      const check = (): void => checkHostVersions(lookupOf(version));
      expect(check).to.throw(/HOST_VERSION_UNSUPPORTED/);
      // Found, required and remedy; also the second time.
      expect(check).to.throw(version).and.to.have.property('message').that.includes('npm install');
    });

  const warned: [version: string, reason: string][] = [
    ['4.0.0', 'a later major'],
    ['4.0.0-alpha.1', 'a prerelease of a later major'],
    ['workspace:*', 'no version at all'],
  ];
  for (const [version, reason] of warned)
    it(`warns once about ${version}: ${reason}`, () => {
      const lookup = lookupOf(version);
      const warnings = warningsOf(() => [1, 2].forEach(() => checkHostVersions(lookup)));
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.include(version);
    });

  it('refuses an API that is too old', () => {
    expect(() => checkHostVersions(lookupOf('2.0.0', '1.8.0'))).to.throw(/api 1\.8\.0 is installed/);
  });

  it('judges every version as npm does', () => {
    const ranges = { '@opentelemetry/api': '^1.9.0', '@opentelemetry/sdk-metrics': '^2.0.0 || ^3.0.0' };
    const number = fc.oneof(fc.nat(4), fc.nat(12), fc.constant('01'), fc.constant('x'));
    const suffix = fc.constantFrom(
      '',
      '',
      '-0',
      '-rc.1',
      '-alpha.beta-2',
      '+build.5',
      '-rc.1+5',
      '-',
      '-rc..1',
      '.4',
      ' ',
    );
    const versions = fc.tuple(number, number, number, suffix).map(([a, b, c, end]) => `${a}.${b}.${c}${end}`);
    const options = { includePrerelease: true };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ranges)), versions, (name, version) => {
        const range = ranges[name as keyof typeof ranges];
        // npm writes no version that is not in its normal form.
        fc.pre(valid(version) === version || valid(version) === null || version.includes('+'));
        let answer = 'silent';
        try {
          const [warning] = warningsOf(() =>
            checkHostVersions(asked => (asked === name ? version : undefined)),
          );
          if (warning !== undefined) answer = warning.includes('is newer') ? 'newer' : 'no version';
        } catch {
          answer = 'refused';
        }
        let expected = 'refused';
        if (valid(version) === null) expected = 'no version';
        else if (satisfies(version, range, options)) expected = 'silent';
        else if (gtr(version, range, options)) expected = 'newer';
        expect(answer, `${name} ${version}`).to.equal(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
