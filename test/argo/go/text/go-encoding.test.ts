// Mistakes are compared with Go in the golden rows of Sprig's encodings.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  BASE32_STD,
  BASE64_STD,
  decodeBytes,
  encodeBytes,
} from '../../../../lib/argo/go/text/go-encoding.js';

describe('Go encodings', () => {
  it('should decode what they encode', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(BASE32_STD, BASE64_STD), (bytes, encoding) => {
        expect(decodeBytes(encodeBytes(bytes, encoding), encoding)).to.deep.equal(bytes);
      }),
    );
  });

  it('should encode as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(encodeBytes(bytes, BASE64_STD)).to.equal(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});
