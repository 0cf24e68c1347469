import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import type { LabelRules } from '../../../lib/exposition/labels/label-text.js';
import { labelPairs, labelRules, labelText } from '../../../lib/exposition/labels/label-text.js';
import { stream, verbatimStream } from '../streams.js';

const PLAIN = { verbatim: false, isHistogram: false, fixed: [] };

describe('labelRules', () => {
  it('should label every series with the scope it came from', () => {
    const scope = { name: 'lib', version: '1.2', schemaUrl: 'https://example.com/1' };
    const rules = labelRules(stream({ scope }).definition);
    expect(labelText({ a: 'b' }, rules)).to.equal(
      'a="b",otel_scope_name="lib",otel_scope_schema_url="https://example.com/1",otel_scope_version="1.2"',
    );
  });

  it('should leave out the parts of the scope that are not there', () => {
    expect(labelText({}, labelRules(stream({ scope: { name: '' } }).definition))).to.equal('');
    expect(labelText({}, labelRules(stream({ scope: { name: 'lib' } }).definition))).to.equal(
      'otel_scope_name="lib"',
    );
  });

  it('should not let an attribute replace the scope', () => {
    const rules = labelRules(stream({ scope: { name: 'lib' } }).definition);
    expect(labelText({ 'otel.scope.name': 'other', x: 1 }, rules)).to.equal('otel_scope_name="lib",x="1"');
  });

  it('should give a verbatim stream no scope labels', () => {
    expect(labelText({ a: '1' }, labelRules(verbatimStream({}).definition))).to.equal('a="1"');
  });
});

describe('labelText', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const fail = (): never => {
    throw new Error('no');
  };
  const rows: readonly (readonly [string, Attributes, string])[] = [
    ['no attributes', {}, ''],
    ['labels sorted by key', { b: '2', a: '1', B: '3' }, 'B="3",a="1",b="2"'],
    ['labels sorted by the key that is exposed', { 'x.z': '1', x_a: '2' }, 'x_a="2",x_z="1"'],
    ['escapes', { path: 'C:\\"\n' }, 'path="C:\\\\\\"\\n"'],
    [
      'numbers',
      { int: 5, float: 0.5, nan: NaN, inf: -Infinity },
      'float="0.5",inf="-Infinity",int="5",nan="NaN"',
    ],
    ['booleans', { yes: true, no: false }, 'no="false",yes="true"'],
    [
      'arrays as JSON',
      { a: ['x', 'y"'], n: [1, NaN, null] },
      'a="[\\"x\\",\\"y\\\\\\"\\"]",n="[1,\\"NaN\\",null]"',
    ],
    [
      'what a resource may have, as JSON',
      { big: 1n, map: { a: [1n, Infinity] }, date: new Date(0) } as unknown as Attributes,
      'big="1",date="\\"1970-01-01T00:00:00.000Z\\"",map="{\\"a\\":[\\"1\\",\\"Infinity\\"]}"',
    ],
    [
      'no label for what cannot be written',
      { circular, f: () => 1, s: Symbol('s'), throws: { toJSON: fail }, ok: 1 } as unknown as Attributes,
      'ok="1"',
    ],
    [
      'no half of a surrogate pair',
      { a: 'x\ud800', b: '\udc00\ud83d\ude00' },
      'a="x\ufffd",b="\ufffd\u{1f600}"',
    ],
    ['no label for what is undefined', { a: undefined, b: '1' }, 'b="1"'],
    ['an empty value, which is no label to a server', { a: '', b: 'x' }, 'b="x"'],
    [
      'collapsed runs of unsupported characters',
      { 'a..b': '1', c__d: '2', 'ä-e': '3' },
      '_e="3",a_b="1",c_d="2"',
    ],
    ['no leading digit', { '2xx': '1', '': '2' }, '_="2",_2xx="1"'],
    ['joined values of keys that become equal', { a_b: 'y', 'a.b': 'x', 'a-b': 'w' }, 'a_b="w;x;y"'],
    [
      'the key that is the prototype of all objects',
      { ['__proto__']: 'p', constructor: 'c' },
      '_proto_="p",constructor="c"',
    ],
  ];
  for (const [title, attributes, expected] of rows)
    it(`should write ${title}`, () => {
      expect(labelText(attributes, PLAIN)).to.equal(expected);
    });

  it('should keep runs of underscores that were declared for Prometheus, except those that Prometheus reserves', () => {
    expect(labelText({ a__b: '1', __name__: '2' }, { ...PLAIN, verbatim: true })).to.equal(
      '_name__="2",a__b="1"',
    );
  });

  it('should rename a label that would be a bucket bound', () => {
    expect(labelText({ le: '1' }, { ...PLAIN, isHistogram: true })).to.equal('exported_le="1"');
    expect(labelText({ le: '1' }, PLAIN)).to.equal('le="1"');
  });
});

describe('labelText with UTF-8 names', () => {
  const UTF8 = { ...PLAIN, utf8Names: true };

  const rows: readonly (readonly [string, Attributes, string])[] = [
    ['quote keys that need it', { 'http.route': '/a', b: '1' }, 'b="1","http.route"="/a"'],
    [
      'leave keys of the old alphabet as they are without',
      { a__b: '1', __name__: '2' },
      '_name_="2",a_b="1"',
    ],
    ['escape in keys', { 'a"\\\n': 'x' }, '"a\\"\\\\\\n"="x"'],
    ['keep a digit at the beginning', { '2xx': '1' }, '"2xx"="1"'],
    [
      'keep keys apart that would become equal',
      { a_b: 'y', 'a.b': 'x', 'a-b': 'w' },
      '"a-b"="w","a.b"="x",a_b="y"',
    ],
    ['join keys that are no Unicode', { 'x\ud800': '1', 'x\ud801': '2' }, '"x\ufffd"="1;2"'],
    ['reserve two underscores for Prometheus', { '__a.b': '1' }, '"_a.b"="1"'],
    ['give an empty key a name', { '': '1' }, '_="1"'],
  ];
  for (const [title, attributes, expected] of rows)
    it(`should ${title}`, () => {
      expect(labelText(attributes, UTF8)).to.equal(expected);
    });

  const needsUtf8Keys = (attributes: Attributes, rules: LabelRules): boolean => {
    let isNeeded = false;
    labelText(attributes, { ...rules, noteUtf8Key: () => (isNeeded = true) });
    return isNeeded;
  };

  it('should leave labels of the scope and of verbatim streams as they are', () => {
    const scope = { name: 'lib' };
    expect(labelText({ 'a.b': 1 }, labelRules(stream({ scope }).definition, true))).to.equal(
      '"a.b"="1",otel_scope_name="lib"',
    );
    const verbatim = labelRules(verbatimStream({}).definition, true);
    expect(labelText({ 'a.b': 1 }, verbatim)).to.equal('a_b="1"');
    expect(needsUtf8Keys({ 'a.b': 1 }, verbatim)).to.be.false;
  });

  it('should be needed where a key is outside of the old alphabet', () => {
    expect(needsUtf8Keys({ a_b: 1, _c: 1 }, PLAIN)).to.be.false;
    expect(needsUtf8Keys({}, PLAIN)).to.be.false;
    for (const key of ['a.b', '2', 'a:b', 'ä'])
      expect(needsUtf8Keys({ a: 1, [key]: 1 }, PLAIN), key).to.be.true;
  });

  it('should be needed wherever it changes something', () => {
    const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.stringMatching(/^[a_.2]{0,4}$/));
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), attributes => {
        if (!needsUtf8Keys(attributes, PLAIN))
          expect(labelPairs(attributes, UTF8)).to.deep.equal(labelPairs(attributes, PLAIN));
      }),
    );
  });
});
