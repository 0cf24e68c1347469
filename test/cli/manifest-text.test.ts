import { expect } from 'chai';
import { decodeManifest } from '../../lib/cli/manifest-text.js';

describe('decodeManifest', () => {
  const text = 'kind: Workflow # ünïcode 😀\n';

  it('should read UTF-8 and UTF-16 of both kinds', () => {
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const big = Buffer.from(little).swap16();
    expect(decodeManifest(Buffer.from(text))).to.deep.equal({ text });
    expect(decodeManifest(little)).to.deep.equal({ text });
    expect(decodeManifest(big)).to.deep.equal({ text });
    expect(decodeManifest(big.subarray(0, big.length - 1))).to.have.property('text');
    expect(decodeManifest(Buffer.from(`\uFEFF${text}`))).to.deep.equal({ text });
    expect(decodeManifest(new Uint8Array())).to.deep.equal({ text: '' });
  });

  it('should refuse what Go refuses, with the line', () => {
    const bare = Buffer.from(text, 'utf16le');
    expect(decodeManifest(bare)).to.include({ line: 1 });
    expect(decodeManifest(Buffer.from(bare).swap16())).to.include({ line: 1 });
    const latin = Buffer.concat([Buffer.from('a: 1\nb: '), Buffer.from([0xe4]), Buffer.from('\nc: 2\n')]);
    expect(decodeManifest(latin)).to.deep.equal({
      unreadable: "line 2 is not UTF-8: Go's YAML refuses such bytes",
      line: 2,
    });
  });

  it('should replace in JSON what is no UTF-8, as Go does', () => {
    expect(decodeManifest(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).to.deep.equal({ text: '{"\uFFFD"}' });
  });
});
