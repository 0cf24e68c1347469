import { expect } from 'chai';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { formatUrl, parseUrl } from '../../../../lib/argo/go/url/go-url.js';
import type { GoUrl } from '../../../../lib/argo/go/url/go-url.js';

const EMPTY: GoUrl = {
  scheme: '',
  opaque: '',
  userinfo: undefined,
  host: '',
  path: '',
  query: '',
  fragment: '',
};

describe('parseUrl', () => {
  it('should take a URL apart', () => {
    expect(parseUrl('HTTP://u:p@H:80/a%20b?q=%20#f%20g')).to.deep.equal({
      scheme: 'http',
      opaque: '',
      userinfo: 'u:p',
      host: 'H:80',
      path: '/a b',
      query: 'q=%20',
      fragment: 'f g',
    });
    expect(parseUrl('mailto:a@b?x')).to.deep.equal({ ...EMPTY, scheme: 'mailto', opaque: 'a@b', query: 'x' });
    expect(parseUrl('//h')).to.deep.equal({ ...EMPTY, host: 'h' });
    expect(parseUrl('///p')).to.deep.equal({ ...EMPTY, path: '///p' });
    expect(parseUrl('')).to.deep.equal(EMPTY);
  });

  it('should tell a missing name of a user from none', () => {
    expect(parseUrl('//@h').userinfo).to.equal('');
    expect(parseUrl('//:@h').userinfo).to.equal(':');
    expect(parseUrl('//h').userinfo).to.equal(undefined);
  });

  it('should name the part that is wrong, and the URL', () => {
    const reasons: Readonly<Record<string, string>> = {
      ':a': 'parse ":a": missing protocol scheme',
      'a\n#f': 'parse "a\\n": net/url: invalid control character in URL',
      '1:2/3': 'parse "1:2/3": first path segment in URL cannot contain colon',
      '//u v@h': 'parse "//u v@h": net/url: invalid userinfo',
      '/%zz#f': 'parse "/%zz": invalid URL escape "%zz"',
      '/p#%zz': 'parse "/p#%zz": invalid URL escape "%zz"',
      '//a b': 'parse "//a b": invalid character " " in host name',
    };
    for (const [url, reason] of Object.entries(reasons))
      expect(() => parseUrl(url), url).to.throw(EvaluationError, reason);
  });
});

describe('formatUrl', () => {
  it('should put a URL together', () => {
    const parts = { scheme: 'http', userinfo: 'u', host: 'h', path: 'a b', query: 'q r', fragment: 'f g' };
    expect(formatUrl({ ...EMPTY, ...parts })).to.equal('http://u@h/a%20b?q r#f%20g');
    expect(formatUrl({ ...EMPTY, scheme: 'urn', opaque: 'x y', host: 'h' })).to.equal('urn:x y');
    expect(formatUrl(EMPTY)).to.equal('');
  });

  it('should not let a path be taken for a scheme', () => {
    expect(formatUrl({ ...EMPTY, path: 'a:b' })).to.equal('./a:b');
    expect(formatUrl({ ...EMPTY, path: 'a/b:c' })).to.equal('a/b:c');
    expect(formatUrl({ ...EMPTY, scheme: 's', path: 'a:b' })).to.equal('s://a:b');
  });
});
