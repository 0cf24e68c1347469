import { expect } from 'chai';
import fc from 'fast-check';
import { checkAllowedHosts, hostCheck, hostOf } from '../../../lib/exposition/http/allowed-hosts.js';

const LOCAL = { host: 'localhost', address: '127.0.0.1' };
const EVERYWHERE = { host: '0.0.0.0', address: '0.0.0.0' };

/** What always means this machine, in every spelling that a client may choose. */
const THIS_MACHINE = [
  ...['localhost', 'LocalHost:9464', 'localhost.', 'localhost.:80', 'a.b.localhost', 'localhost:'],
  ...['127.0.0.1', '127.0.0.1:9464', '127.255.0.9', '127.1', '2130706433', '0x7f.1', '127.0.0.1.'],
  ...['[::1]', '[::1]:9464', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]:1', '[::FFFF:7f00:1]'],
];

const OTHERS = [
  ...[
    'evil.example',
    'evil.example:9464',
    'localhost.evil.example',
    'localhost-evil.example',
    'notlocalhost',
  ],
  ...['localhost@evil.example', 'evil.example@localhost', 'localhost:80@evil.example', 'localhost:x'],
  ...['localhost/', 'localhost#', 'localhost?', 'localhost\\evil.example', 'loc%61lhost', 'local host', ''],
  ...['::1', '[::1', '::1]', '[::2]', '[::1]evil.example', '[fe80::1%25lo]', '[::1]:80:80'],
  ...['128.0.0.1', '10.0.0.1', '0.0.0.0', '126.255.255.255', '127.0.0.1.evil.example', '127.0.0.1.5', '1e3'],
  ...['.', '..', ':', ':80', 'localhost,evil.example', 'localhost..'],
];

describe('hostCheck', () => {
  it('should answer only to this machine where nobody else can connect', () => {
    for (const address of ['127.0.0.1', '127.0.1.1', '::1', '::ffff:127.0.0.1']) {
      const isAllowed = hostCheck(undefined, { host: 'localhost', address });
      for (const host of THIS_MACHINE) expect(isAllowed(host), host).to.equal(true);
      for (const host of OTHERS) expect(isAllowed(host), host).to.equal(false);
      expect(isAllowed(undefined)).to.equal(false);
    }
  });

  it('should answer to the name that the endpoint was given', () => {
    const isAllowed = hostCheck(undefined, { host: 'Build-Box', address: '127.0.1.1' });
    expect(isAllowed('build-box:9464')).to.equal(true);
    expect(isAllowed('other-box')).to.equal(false);
    expect(hostCheck([], { host: 'fd00::5', address: 'fd00::5' })('[FD00:0::5]:1')).to.equal(true);
  });

  it('should answer to everybody who can connect from elsewhere, unless there is a list', () => {
    for (const host of [...THIS_MACHINE, ...OTHERS, undefined]) {
      expect(hostCheck(undefined, EVERYWHERE)(host)).to.equal(true);
      expect(hostCheck(['a.example', '*'], LOCAL)(host)).to.equal(true);
    }
    for (const allowed of [[], ['other.example']]) {
      for (const host of OTHERS.filter(name => name !== '0.0.0.0'))
        expect(hostCheck(allowed, EVERYWHERE)(host), host).to.equal(false);
      for (const host of THIS_MACHINE) expect(hostCheck(allowed, EVERYWHERE)(host), host).to.equal(true);
    }
  });

  it('should answer to the names of the list, however they are written', () => {
    const isAllowed = hostCheck(
      ['Metrics.Example.', '10.0.0.7', 'fd00::7', '[fd00::8]', 'bücher.example'],
      LOCAL,
    );
    const allowed = [
      'metrics.example',
      'METRICS.example.:80',
      '10.0.0.7:9464',
      '[fd00:0:0::7]',
      '[fd00::8]:1',
    ];
    for (const host of [...allowed, 'xn--bcher-kva.example']) expect(isAllowed(host), host).to.equal(true);
    for (const host of [
      'a.metrics.example',
      'metrics.example.evil.example',
      '10.0.0.70',
      '[fd00::9]',
      'fd00::7',
    ])
      expect(isAllowed(host), host).to.equal(false);
  });

  it('should allow no host below another domain, whatever its text', () => {
    const isAllowed = hostCheck(['a.example'], LOCAL);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => {
        const host = hostOf(text);
        expect(host === undefined || hostOf(host) === host).to.equal(true);
        expect(isAllowed(`${text}.evil.example`)).to.equal(false);
      }),
    );
  });
});

describe('checkAllowedHosts', () => {
  it('should take names and addresses', () => {
    for (const good of [undefined, [], ['*'], ['a.example', '10.0.0.1', '::1', '[::1]', 'LOCALHOST.']])
      expect(() => checkAllowedHosts(good)).to.not.throw();
  });

  it('should refuse what no name can match', () => {
    const wrong = [
      'a.example',
      null,
      {},
      [1],
      [''],
      ['http://a.example'],
      ['a.example/'],
      ['a:80'],
      ['[::1]:80'],
    ];
    for (const bad of [...wrong, ['*.a.example'], ['a b'], [undefined], ['a@b'], ['a:']])
      expect(() => checkAllowedHosts(bad), JSON.stringify(bad))
        .to.throw('allowedHosts')
        .with.property('code', 'INVALID_OPTION');
  });
});
