import { expect } from 'chai';
import { answer, itShouldAnswerAsGo } from '../golden-rows.js';

describe('methods of versions', () => {
  itShouldAnswerAsGo('version-methods');

  it('should refuse what is there for programs in Go only', () => {
    for (const name of [
      'MarshalJSON',
      'UnmarshalText',
      'Scan',
      'Value',
      'constructor',
      'toString',
      'version',
    ])
      expect(answer(`sprig.semver("1.2.3").${name}()`), name).to.contain(
        `cannot fetch ${name} from *semver.Version`,
      );
  });

  it('should not grow without bound', () => {
    const long = "sprig.repeat(262144, 'a')";
    expect(answer(`sprig.semver('1').SetPrerelease(${long})`)).to.contain('more than');
    const half = "sprig.repeat(200000, 'a')";
    expect(answer(`sprig.semver('1').SetMetadata(${half}).SetPrerelease(${half})`)).to.contain('more than');
  });
});
