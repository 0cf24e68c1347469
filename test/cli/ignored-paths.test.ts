import { expect } from 'chai';
import { ignoredBy } from '../../lib/cli/ignored-paths.js';

describe('ignoredBy', () => {
  const rows: readonly (readonly [pattern: string, ignored: readonly string[], kept: readonly string[]])[] = [
    ['a.yaml', ['a.yaml', './a.yaml', 'x/a.yaml'], ['ba.yaml', 'a.yaml.yml']],
    ['templates', ['templates', 'c/templates', 'c/templates/x.yaml'], ['templates2/x.yaml', 'my-templates']],
    ['templates/', ['c/templates/x.yaml'], ['templates.yaml']],
    ['charts/*', ['charts/a.yaml', './charts/a/b.yaml', '/w/charts/a'], ['charts', 'mycharts/a']],
    ['**/fix?.yaml', ['fix1.yaml', 'a/b/fixx.yaml'], ['fix.yaml', 'fix12.yaml']],
    ['*.json', ['a.json', 'b/a.json'], ['a.yaml']],
    ['a*/*b.yml', ['ax/yb.yml', 'a/b/c/b.yml'], ['ab.yml']],
    ['win\\x', ['win/x/y.yaml', 'win\\x'], ['win']],
  ];
  for (const [pattern, ignored, kept] of rows)
    it(`should read ${pattern}`, () => {
      const isIgnored = ignoredBy([pattern]);
      for (const path of ignored) expect(isIgnored(path), path).to.equal(true);
      for (const path of kept) expect(isIgnored(path), path).to.equal(false);
    });

  it('should ignore nothing without patterns', () => {
    expect(ignoredBy([])('a')).to.equal(false);
  });
});
