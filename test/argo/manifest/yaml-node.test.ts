import { expect } from 'chai';
import { isMap } from 'yaml';
import type { Scalar } from 'yaml';
import { parseYaml } from '../../../lib/argo/manifest/parse-yaml.js';
import { isMergeKey, keyTextOf, memberOf, resolveAliases } from '../../../lib/argo/manifest/yaml-node.js';

function rootOf(text: string) {
  const [root] = parseYaml(text).roots;
  return root ?? null;
}

function valueAt(text: string, name: string): unknown {
  const root = rootOf(text);
  const targets = resolveAliases(root);
  const map = memberOf(root, 'm', targets)?.value;
  return (memberOf(map, name, targets)?.value as Scalar | null | undefined)?.value;
}

describe('nodes of YAML', () => {
  it('should find the members that Go would take', () => {
    expect(valueAt('m: {a: 1, a: 2}', 'a')).to.equal('2');
    expect(valueAt('b: &b {a: 1}\nm: {a: 2, <<: *b}', 'a')).to.equal('1');
    expect(valueAt('b: &b {a: 1}\nm: {<<: [*b, {a: 3, c: 4}]}', 'a')).to.equal('1');
    expect(valueAt('b: &b {a: 1}\nm: {<<: [*b, {a: 3, c: 4}]}', 'c')).to.equal('4');
    expect(valueAt('m: &m {<<: *m}', 'a')).to.equal(undefined);
  });

  it('should read keys as texts', () => {
    const root = rootOf('{on: 1, 010: 1, 1.5: 1, .inf: 1, ~: 1, "<<": 1, <<: {}}');
    const keys = isMap(root) ? root.items.map(({ key }) => key) : [];
    expect(keys.map(key => keyTextOf(key))).to.deep.equal([
      'true',
      '8',
      '1.5',
      '.inf',
      undefined,
      '<<',
      '<<',
    ]);
    expect(keys.map(isMergeKey).indexOf(true)).to.equal(6);
  });
});
