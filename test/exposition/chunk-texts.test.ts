import { expect } from 'chai';
import { textsOf } from '../../lib/exposition/chunk-texts.js';

describe('textsOf', () => {
  it('should put characters together that were cut, and keep every one', () => {
    const text = '\ufeffa="ä✓\u{1f600}\ufeff"';
    const bytes = Buffer.from(text);
    const single = [...bytes].map(byte => Uint8Array.of(byte));
    expect([...textsOf(single)].join('')).to.equal(text);
    expect([...textsOf([bytes])]).to.deep.equal([text]);
  });

  it('should read a chunk before the next one is made', () => {
    const memory = Buffer.alloc(1);
    function* views(): Generator<Uint8Array> {
      for (const letter of 'abc') {
        memory.write(letter);
        yield memory;
      }
    }
    expect([...textsOf(views())]).to.deep.equal(['a', 'b', 'c']);
  });
});
