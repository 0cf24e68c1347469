import { expect } from 'chai';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';

/** What is underlined. */
function at(text: string, path: string, position?: number): string | undefined {
  const span = readManifests(text).documents[0]?.locate(path, position);
  return span && text.slice(span.offset, span.offset + span.length);
}

describe('locate', () => {
  it('should find values, and the key where there is no text to show', () => {
    expect(at('a: {b: [x, "y"]}', 'a.b[1]')).to.equal('"y"');
    expect(at('a: {b: [x]}', 'a.b')).to.equal('b');
    expect(at('a: {b: }', 'a.b')).to.equal('b');
    expect(at('- {a: 1}\n- {b: 2}', '[1].b')).to.equal('2');
  });

  it('should find what is nearest to something that is missing', () => {
    expect(at('a: {b: 1}', 'a.c')).to.equal('a');
    expect(at('m:\n- name: x\n  n: 1\n', 'm[0].help')).to.equal('name: x');
    expect(at('m: []', 'm[3].help')).to.equal('m');
  });

  it('should find a place inside of a text, however it is written', () => {
    expect(at('a: x {{y}} z', 'a', 2)).to.equal('{{y}}');
    expect(at('a: "x {{y}}"', 'a', 2)).to.equal('{{y}}');
    expect(at(`a: 'it''s {{y}}'`, 'a', 5)).to.equal('{{y}}');
    expect(at('a: "\\t{{y}} {{y}}"', 'a', 7)).to.equal('{{y}}');
    expect(at('a: |\n  first\n  {{y}}\n', 'a', 6)).to.equal('{{y}}');
    expect(at('a: abc', 'a', 1)).to.equal('b');
  });

  it('should go where an alias and a merge lead', () => {
    expect(at('b: &b {c: x}\na: *b', 'a.c')).to.equal('x');
    expect(at('b: &b {c: x}\na: {<<: *b}', 'a.c')).to.equal('x');
  });

  it('should find its way in a text that was indented anew', () => {
    const text = 'a:\n  b: ["\n    {{x}}\n  "]\n  c: {{{y}}: 1}\n  d: z\n'.replace('{{{y}}: 1}', '"{{y}}"');
    expect(at(text, 'a.c', 0)).to.equal('{{y}}');
    expect(at(text, 'a.b[0]', 1)).to.equal('{{x}}');
    expect(at(text, 'a.d')).to.equal('z');
  });
});
