import { expect } from 'chai';
import { convertYaml } from '../../../lib/argo/manifest/yaml-json.js';
import type { YamlProblem } from '../../../lib/argo/manifest/yaml-json.js';
import { parseYaml } from '../../../lib/argo/manifest/parse-yaml.js';

function convert(text: string): { value: unknown; problems: readonly YamlProblem[] } {
  return convertYaml(parseYaml(text).roots[0] ?? null);
}

describe('convertYaml', () => {
  it('should make an own member of every key', () => {
    const { value } = convert('{__proto__: {a: 1}, constructor: 2}');
    expect(Object.keys(value as object)).to.deep.equal(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
  });

  it('should say where a key is given twice', () => {
    expect(convert('a: 1\nb: 2\na: 3').problems).to.deep.equal([
      {
        code: 'YAML_KEY_DUPLICATED',
        offset: 10,
        length: 1,
        message: 'key "a" is given twice, the last one counts',
      },
    ]);
  });

  it('should explain a tag without quotes', () => {
    const { value, problems } = convert('value: {{duration}}');
    expect(value).to.equal(undefined);
    expect(problems[0]?.message).to.match(/put it into quotes/);
  });

  it('should report a hundred mistakes, not each of thousands', () => {
    expect(convert(Array(5000).fill('- .nan').join('\n')).problems).to.have.length(100);
  });

  it('should call an anchor unknown that comes later', () => {
    expect(convert('a: *b\nb: &b 1').problems[0]).to.include({
      offset: 3,
      message: "unknown anchor 'b' referenced",
    });
  });
});
