import { expect } from 'chai';
import fc from 'fast-check';
import { goFunction } from '../../../../lib/argo/go/value/go-function.js';
import { GoDuration } from '../../../../lib/argo/go/time/go-time.js';
import { parseDuration } from '../../../../lib/argo/go/time/parse-duration.js';
import { testGoldenRows } from '../golden-rows.js';

describe('parseDuration', () => {
  testGoldenRows('parse-duration', new Map([['parseDuration', goFunction(['string'], parseDuration)]]));

  it('should read what a duration prints', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), nanos => {
        expect(parseDuration(new GoDuration(nanos).toString()).nanos).to.equal(nanos);
      }),
    );
  });
});
