import { expect } from 'chai';
import { VERSION } from '../../../lib/argo/go/value/nature.js';
import { versionOf } from '../../../lib/argo/go/version/version-value.js';
import { typeName } from '../../../lib/argo/go/value/go-value.js';
import { VERSION_FUNCTIONS } from '../../../lib/argo/sprig/sprig-versions.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's versions", () => {
  testGoldenRows('sprig-versions', new Map(Object.entries(VERSION_FUNCTIONS)));

  it('should make a version of a text', () => {
    const value = VERSION_FUNCTIONS['semver']?.('v1.2.3-rc.1+b') ?? null;
    expect(typeName(value)).to.equal(VERSION.type);
    expect(versionOf(value)).to.include({
      major: 1n,
      minor: 2n,
      patch: 3n,
      prerelease: 'rc.1',
      metadata: 'b',
    });
  });
});
