import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { escapeUrl, unescapeUrl } from '../../../../lib/argo/go/url/url-escape.js';
import type { UrlPart } from '../../../../lib/argo/go/url/url-escape.js';

const EVERY_BYTE = String.fromCharCode(...Array(256).keys());
const byteText = fc.string({ unit: fc.constantFrom(...EVERY_BYTE) });

describe('escapeUrl', () => {
  it('should keep what its part of a URL may have', () => {
    const kept = (part: UrlPart): string =>
      [...EVERY_BYTE].filter(byte => escapeUrl(byte, part) === byte && !/\w/.test(byte)).join('');
    expect(kept('path')).to.equal('$&+,-./:;=@~');
    expect(kept('fragment')).to.equal('!$&()*+,-./:;=?@~');
    expect(kept('userinfo')).to.equal('$&+,-.;=~');
    expect(kept('host')).to.equal('!"$&\'()*+,-.:;<=>[]~');
    expect(escapeUrl('a b\xe9', 'path')).to.equal('a%20b%E9');
  });

  it('should be undone by unescapeUrl', () => {
    fc.assert(
      fc.property(byteText, fc.constantFrom<UrlPart>('path', 'fragment', 'userinfo'), (text, part) => {
        expect(unescapeUrl(escapeUrl(text, part), part)).to.equal(text);
      }),
    );
  });
});

describe('unescapeUrl', () => {
  it('should refuse broken escapes', () => {
    for (const text of ['%', '%4', '%zz', 'a%4g'])
      expect(() => unescapeUrl(text, 'path'), text).to.throw(EvaluationError, 'invalid URL escape "%');
    expect(() => unescapeUrl('a%4gbc', 'path')).to.throw('invalid URL escape "%4g"');
    expect(unescapeUrl('%2F+%2f', 'path')).to.equal('/+/');
  });

  it('should refuse in hosts what Go does not want there', () => {
    expect(unescapeUrl('a%C3%A9%25\xe9', 'host')).to.equal('a\xc3\xa9%\xe9');
    expect(() => unescapeUrl('a%41', 'host')).to.throw('invalid URL escape "%41"');
    expect(() => unescapeUrl('a b%41', 'host')).to.throw('invalid character " " in host name');
  });

  it('should take in zones what could be there unescaped, and the space', () => {
    expect(unescapeUrl('%25%41%20%3a', 'zone')).to.equal('%A :');
    expect(() => unescapeUrl('%2f', 'zone')).to.throw('invalid URL escape "%2f"');
    expect(() => unescapeUrl('%C3', 'zone')).to.throw('invalid URL escape "%C3"');
  });
});
