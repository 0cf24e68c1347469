// Goal: bad text is a problem with its place, whatever it is, and none takes long or the process with it.
import { expect } from 'chai';
import { CONFIG_LENGTH_MAX, ConfigFile } from '../../../lib/cli/config/config-file.js';

/** Code and place of what is wrong with a text. */
function problemsOf(text: string): string[] {
  const file = new ConfigFile({ name: 'watch.yaml', text });
  return file.problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

function valueOf(text: string): unknown {
  const { problems, value } = new ConfigFile({ name: 'watch.yaml', text });
  expect(problems).to.deep.equal([]);
  return value;
}

describe('ConfigFile', () => {
  it('reads YAML and JSON, and a file of comments as nothing said', () => {
    expect(valueOf('a: 1 # one\n')).to.deep.equal({ a: 1 });
    expect(valueOf('\uFEFF{"a": [1, "x"]}')).to.deep.equal({ a: [1, 'x'] });
    expect(valueOf('---\na: yes\n')).to.deep.equal({ a: true });
    for (const empty of ['', '\n', '# all of it\n# is a comment\n', '---\n'])
      expect(valueOf(empty), JSON.stringify(empty)).to.deep.equal({});
    expect(valueOf('null')).to.equal(null);
  });

  it('says where the text is none, and goes on after a key that is given twice', () => {
    expect(problemsOf('a: 1\nb: [1, 2\n')[0]).to.match(/^YAML_INVALID [23]:/);
    expect(problemsOf('a: "x\n')[0]).to.match(/^YAML_INVALID /);
    expect(problemsOf('\ta: 1')[0]).to.match(/^YAML_INVALID 1:/);
    expect(problemsOf('a: \u0007')).to.deep.equal(['YAML_INVALID 1:4']);
    const twice = new ConfigFile({ name: 'watch.yaml', text: 'a: 1\nb: 2\na: 3\n' });
    expect(twice.problems[0]).to.include({
      ...{ code: 'YAML_KEY_DUPLICATED', severity: 'error', file: 'watch.yaml', line: 3, column: 1 },
      ...{ lineText: 'a: 3', length: 1 },
    });
    expect(twice.value).to.deep.equal({ a: 3, b: 2 });
  });

  it('refuses a second document where it begins', () => {
    expect(problemsOf('a: 1\n---\nb: 2\n')).to.deep.equal(['CONFIG_INVALID 3:1']);
  });

  it('refuses a text that is too long, unread', () => {
    expect(problemsOf('#'.repeat(CONFIG_LENGTH_MAX))).to.deep.equal([]);
    expect(problemsOf('#'.repeat(CONFIG_LENGTH_MAX + 1))).to.deep.equal(['MANIFEST_TOO_LARGE 1:1']);
    expect(new ConfigFile({ name: 'x', text: '['.repeat(CONFIG_LENGTH_MAX + 1) }).value).to.equal(undefined);
  });

  it('bounds aliases, depth and merges', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let index = 1; index < 20; index++)
      bomb.push(`a${index}: &a${index} [${`*a${index - 1}, `.repeat(10)}]`);
    expect(problemsOf(bomb.join('\n'))[0]).to.match(/^YAML_INVALID /);
    expect(problemsOf(`a: ${'['.repeat(10_000)}`)[0]).to.match(/^YAML_INVALID /);
    expect(problemsOf('a: &a {b: *a}')[0]).to.match(/^YAML_INVALID /);
    expect(problemsOf('a: &a\n  <<: *a\n')[0]).to.match(/^YAML_INVALID /);
    expect(problemsOf('a: *nowhere')[0]).to.match(/^YAML_INVALID 1:4/);
  });

  it('takes anchors, aliases and merges, and gives the places where the values stand', () => {
    const text = 'base: &base\n  pageSize: 5\nlimits:\n  <<: *base\nviews: *base\n';
    const file = new ConfigFile({ name: 'watch.yaml', text });
    expect(file.value).to.deep.equal({
      base: { pageSize: 5 },
      limits: { pageSize: 5 },
      views: { pageSize: 5 },
    });
    expect(file.lineOf('limits.pageSize')).to.equal(2);
    expect(file.lineOf('views')).to.equal(5);
  });

  it('makes no object of a tag, and no prototype of a key', () => {
    expect(valueOf('a: !!js/function "() => 1"')).to.deep.equal({ a: '() => 1' });
    expect(valueOf('a: !Ref x')).to.deep.equal({ a: 'x' });
    expect(valueOf('a: !!str 12')).to.deep.equal({ a: '12' });
    expect(problemsOf('a: !!int x')[0]).to.match(/^YAML_INVALID 1:/);
    const value = valueOf(
      '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}',
    ) as object;
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
    expect(Object.keys(value)).to.deep.equal(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('underlines the value or its key', () => {
    const file = new ConfigFile({ name: 'watch.yaml', text: 'endpoint:\n  prot: 9464\n' });
    const complaint = { code: 'FIELD_UNKNOWN', severity: 'error', message: 'm', hint: 'h' } as const;
    const place = (path: string, spot: 'key' | 'value'): object => file.place({ ...complaint, path, spot });
    expect(place('endpoint.prot', 'key')).to.deep.equal({
      ...complaint,
      ...{
        path: 'endpoint.prot',
        file: 'watch.yaml',
        line: 2,
        column: 3,
        length: 4,
        lineText: '  prot: 9464',
      },
    });
    expect(place('endpoint.prot', 'value')).to.include({ line: 2, column: 9, length: 4 });
    expect(place('endpoint', 'key')).to.include({ line: 1, column: 1, length: 8 });
    expect(place('endpoint.missing', 'value'), 'the nearest').to.include({ line: 1, column: 1 });
    expect(place('', 'key')).to.include({ line: 1, column: 1 });
  });

  it('bounds what a message quotes', () => {
    const key = 'k'.repeat(100_000);
    const file = new ConfigFile({ name: 'watch.yaml', text: `${key}: 1\n` });
    const placed = file.place({
      ...{
        code: 'FIELD_UNKNOWN',
        severity: 'error',
        path: key,
        message: `unknown key "${key}"`,
        spot: 'key',
      },
    });
    expect(placed.message.length).to.be.lessThan(1000);
    expect(placed.path.length).to.be.lessThan(1000);
    expect(placed.column).to.equal(1);
  });
});
