import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import { GoVersion } from '../../../lib/argo/go/version/go-version.js';
import { VersionConstraint } from '../../../lib/argo/sprig/version-constraint.js';

// What the comparisons mean is compared with Go's answers in sprig-versions.test.ts.
function accepted(constraint: string, versions: string): string {
  const parsed = VersionConstraint.parse(constraint);
  return versions
    .split(' ')
    .filter(text => parsed.accepts(GoVersion.parse(text)))
    .join(' ');
}

describe('VersionConstraint', () => {
  it('should be comparisons, all of which hold in one of the alternatives', () => {
    const versions = '0.9.0 1.0.0 1.9.0 2.0.0 2.1.0 2.2.0 3.0.0';
    expect(accepted('>=1, <2 || ~2.1', versions)).to.equal('1.0.0 1.9.0 2.1.0');
    expect(accepted('1.0 - 2.0 >1', versions)).to.equal('2.0.0');
    expect(accepted('^1 || 3.x', versions)).to.equal('1.0.0 1.9.0 3.0.0');
  });

  it('should match prereleases only in an alternative that names one', () => {
    const versions = '1.0.0-rc 1.0.0 1.5.0-rc 1.5.0';
    expect(accepted('>=1.0.0-0', versions)).to.equal(versions);
    expect(accepted('>=0.1', versions)).to.equal('1.0.0 1.5.0');
    expect(accepted('>=1.0.0-0 <1.5', versions)).to.equal('1.0.0-rc 1.0.0 1.5.0-rc');
    expect(accepted('>1.4 || <=1.0.0-rc', versions)).to.equal('1.0.0-rc 1.5.0');
  });

  it('should keep the peculiarities of Go, which npm does not have', () => {
    expect(accepted('^*', '0.0.0 0.0.1 1.0.0')).to.equal('0.0.0');
    expect(accepted('<=*', '0.0.5 0.1.0 1.0.0')).to.equal('0.0.5');
    expect(accepted('~0.0.0', '0.0.1 0.1.0 9.0.0')).to.equal('0.0.1 0.1.0 9.0.0');
  });

  it('should refuse what is no constraint, with the reason', () => {
    const reasons: Readonly<Record<string, string>> = {
      '': 'improper constraint: ""',
      '1.2 || latest': 'improper constraint: " latest"',
      '1|2 latest': 'improper constraint: "1|2 latest"',
      '1|2': 'constraint parser error',
      '=1.2.3-01': 'constraint parser error',
      ['1 '.repeat(257)]: 'constraint string is too long (max 512 bytes)',
      [Array(33).fill('1').join('||')]: 'too many constraint groups (max 32)',
    };
    for (const [text, reason] of Object.entries(reasons))
      expect(() => VersionConstraint.parse(text), text).to.throw(EvaluationError, reason);
  });

  it('should stay within its limits for hostile text', () => {
    const piece = fc.constantFrom(...'1 x . - + , | > = ~ ^ \t a v'.split(' '), ' ', ' - ', '||', '.1', '-a');
    const repeated = fc
      .tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.array(piece, { maxLength: 3 }))
      .map(([often, end]) => {
        const unit = often.join('');
        return unit.repeat(Math.floor(500 / unit.length)) + end.join('');
      });
    fc.assert(
      fc.property(repeated, text => {
        try {
          VersionConstraint.parse(text).accepts(GoVersion.parse('1.2.3-a'));
        } catch (error) {
          if (!(error instanceof EvaluationError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
