import { expect } from 'chai';
import { paced } from '../../lib/exposition/paced.js';

describe('paced', () => {
  it('should give others their turn between two chunks, and end what it reads when it is left', async () => {
    let turns = 0;
    let hasEnded = false;
    const turn = (): void => {
      turns++;
      if (!hasEnded) setImmediate(turn);
    };
    setImmediate(turn);
    function* chunks(): Generator<string> {
      try {
        for (;;) yield 'a';
      } finally {
        hasEnded = true;
      }
    }
    let count = 0;
    for await (const chunk of paced(chunks())) if ((count += chunk.length) === 50) break;
    expect(turns).to.be.greaterThan(40);
    expect(hasEnded).to.equal(true);
  });
});
