import { isIPv6 } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { hostnameOf, parseHost } from '../../../../lib/argo/go/url/url-host.js';

function isHost(text: string): boolean {
  try {
    parseHost('http', text);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

describe('parseHost', () => {
  it('should take one port on the web, and the last of several elsewhere', () => {
    expect(parseHost('http', 'h:80')).to.equal('h:80');
    expect(() => parseHost('https', 'a:1,b:2')).to.throw('invalid port ":1,b:2" after host');
    expect(parseHost('mongodb', 'a:1,b:2')).to.equal('a:1,b:2');
    expect(() => parseHost('mongodb', 'a:1,b:x')).to.throw('invalid port ":x" after host');
  });

  it('should take addresses of the sixth version in brackets, and no others', () => {
    expect(parseHost('http', '[fe80::1%25en0]:80')).to.equal('[fe80::1%en0]:80');
    expect(() => parseHost('http', '[127.0.0.1]')).to.throw('invalid IP-literal');
    expect(() => parseHost('http', 'a[::1]')).to.throw('invalid IP-literal');
    expect(() => parseHost('http', '[::1')).to.throw("missing ']' in host");
    expect(() => parseHost('http', '[name]')).to.throw('invalid host: ParseAddr("name"): unable to parse IP');
  });

  it('should know such addresses as the system does', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      'ff',
      '12ab',
      'G',
      '12345',
      '',
      '',
      '1.2.3.4',
      '256.1.1.1',
      '01.2.3.4',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }), pieces => {
        const address = pieces.join(':');
        expect(isHost(`[${address}]`), address).to.equal(isIPv6(address));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('hostnameOf', () => {
  it('should be the host without a port and without brackets', () => {
    expect(['h:80', 'h:', 'h', '[::1]:80', '[::1]', 'a:1,b:2', 'h:x', ''].map(hostnameOf)).to.deep.equal([
      ...['h', 'h', 'h', '::1', '::1', 'a:1,b', 'h:x', ''],
    ]);
  });
});
