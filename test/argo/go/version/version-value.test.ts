import { expect } from 'chai';
import { Budget } from '../../../../lib/argo/budget/budget.js';
import { isEqual } from '../../../../lib/argo/expression/operations/comparison.js';
import { typeName } from '../../../../lib/argo/go/value/go-value.js';
import { NEXT_VERSION, VERSION } from '../../../../lib/argo/go/value/nature.js';
import { plainValue } from '../../../../lib/argo/go/value/plain-value.js';
import { versionOf, versionValue } from '../../../../lib/argo/go/version/version-value.js';
import { sprint } from '../../../../lib/argo/go/value/go-format.js';
import { GoVersion } from '../../../../lib/argo/go/version/go-version.js';

describe('versionValue', () => {
  const value = (text: string, nature = VERSION) => versionValue(GoVersion.parse(text), nature);

  it('should give the version back, and nothing for other values', () => {
    const version = GoVersion.parse('v1.2');
    expect(versionOf(versionValue(version, VERSION))).to.equal(version);
    expect(versionOf('1.2.0')).to.equal(undefined);
    expect(versionOf(null)).to.equal(undefined);
  });

  it('should be named by its nature, and be text in JSON', () => {
    expect(typeName(value('1.2'))).to.equal('*semver.Version');
    expect(typeName(value('1.2', NEXT_VERSION))).to.equal('semver.Version');
    expect(plainValue([value('v1.2')])).to.deep.equal(['1.2.0']);
    expect(sprint(value('v1.2-rc+b'))).to.equal('1.2.0-rc+b');
  });

  it('should be equal only when it was read from the same text', () => {
    const areEqual = (left: string, right: string) => isEqual(value(left), value(right), new Budget());
    expect(areEqual('1.2', '1.2')).to.equal(true);
    expect(areEqual('1.2', '1.2.0')).to.equal(false);
    expect(isEqual(value('1.2'), value('1.2', NEXT_VERSION), new Budget())).to.equal(false);
  });
});
