import { expect } from 'chai';
import { readTarget } from '../../../lib/exposition/http/request-target.js';

describe('readTarget', () => {
  it('should read a path without its query', () => {
    expect(readTarget('/metrics')).to.deep.equal({ path: '/metrics', authority: undefined });
    expect(readTarget('/metrics?name[]=up?')).to.deep.equal({ path: '/metrics', authority: undefined });
    expect(readTarget('//host/metrics')).to.deep.equal({ path: '//host/metrics', authority: undefined });
    expect(readTarget('/?http://host/metrics')).to.deep.equal({ path: '/', authority: undefined });
    expect(readTarget('*')).to.deep.equal({ path: '*', authority: undefined });
    expect(readTarget('')).to.deep.equal({ path: '', authority: undefined });
  });

  it('should read the absolute form', () => {
    const rows: [target: string, path: string, authority: string][] = [
      ['http://host:9464/metrics', '/metrics', 'host:9464'],
      ['HTTP://HOST/metrics?a=/b', '/metrics', 'HOST'],
      ['https://[::1]:80/metrics', '/metrics', '[::1]:80'],
      ['http://host', '/', 'host'],
      ['http://host?/metrics', '/', 'host'],
      ['http:///metrics', '/metrics', ''],
      ['http://user@host/metrics', '/metrics', 'user@host'],
      ['http://host/%6detrics', '/%6detrics', 'host'],
    ];
    for (const [target, path, authority] of rows)
      expect(readTarget(target), target).to.deep.equal({ path, authority });
    expect(readTarget('ftp://host/metrics').path).to.equal('ftp://host/metrics');
  });
});
