import { expect } from 'chai';
import { gathered } from '../../lib/kubernetes/gathered.js';
import { TestApiServer } from './test-api-server.js';
import { objectOf, Watching } from './watching.js';

/** Longer than what is no silence. */
const silence = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 50));

describe('gathered', () => {
  const end = new AbortController();

  /** What came, and where it waited. */
  async function take(
    pieces: AsyncIterable<string>,
    isWanted = (): boolean => true,
    { signal } = end,
    paused = (): void => undefined,
  ): Promise<string> {
    const taken: string[] = [];
    const pause = async (millis: number): Promise<void> => {
      taken.push(`waits ${millis}`);
      await Promise.resolve(paused());
    };
    for await (const piece of gathered(pieces, isWanted, signal, pause)) taken.push(piece);
    return taken.join(' ');
  }

  it('should wait for what follows, where something comes after a silence', async () => {
    async function* pieces(): AsyncGenerator<string> {
      await silence();
      yield* ['a', 'b', 'c'];
      await silence();
      yield* ['d', 'e'];
    }
    expect(await take(pieces())).to.match(/^waits 100 a .*b .*c waits 100 d .*e$/);
  });

  it('should not wait where everything is there, however long it takes to use it', async () => {
    const taken: string[] = [];
    let waits = 0;
    const pieces = async function* (): AsyncGenerator<string> {
      yield* ['a', 'b', 'c'];
      await Promise.resolve();
    };
    const pause = (): Promise<void> => Promise.resolve(void waits++);
    for await (const piece of gathered(pieces(), () => true, end.signal, pause)) {
      taken.push(piece);
      await silence();
    }
    expect(taken).to.deep.equal(['a', 'b', 'c']);
    // Not once for each: a machine may be slow.
    expect(waits).to.be.below(3);
  });

  it('should not wait while it is not wanted', async () => {
    let wanted = false;
    async function* pieces(): AsyncGenerator<string> {
      await silence();
      yield 'a';
      wanted = true;
      await silence();
      yield 'b';
    }
    expect(await take(pieces(), () => wanted)).to.equal('a waits 100 b');
  });

  it('should end where it is ended while it waits, and end what it reads', async () => {
    const own = new AbortController();
    let ended = false;
    async function* pieces(): AsyncGenerator<string> {
      try {
        await silence();
        yield* ['a', 'b'];
      } finally {
        ended = true;
      }
    }
    expect(await take(pieces(), undefined, own, () => own.abort())).to.equal('waits 100');
    expect(ended).to.equal(true);
  });

  describe('by the clock', () => {
    const own = new AbortController();

    /** What happens in which order, where something is due so long after a piece that comes after a silence. */
    async function orderOf(dueMillis: number, due: () => void): Promise<string[]> {
      const order: string[] = [];
      async function* pieces(): AsyncGenerator<string> {
        await silence();
        setTimeout(() => {
          order.push('due');
          due();
        }, dueMillis);
        yield 'piece';
      }
      for await (const piece of gathered(pieces(), () => true, own.signal)) order.push(piece);
      return order;
    }

    it('should hold back what came until it has waited', async () => {
      expect(await orderOf(30, () => undefined)).to.deep.equal(['due', 'piece']);
    });

    it('should give nothing when it is ended before', async () => {
      expect(await orderOf(10, () => own.abort())).to.deep.equal(['due']);
    });
  });

  it('should be what a watch waits with, where an event comes after a silence', async () => {
    const server = await TestApiServer.start();
    const watching = new Watching(server);
    const { listed, paused, taken } = watching;
    try {
      await listed;
      await server.asked(({ kind }) => kind === 'watch');
      await silence();
      expect(paused).to.deep.equal([]);
      server.change('ADDED', objectOf('a'));
      await server.caughtUp();
      expect(taken).to.deep.equal(['[]', 'ADDED a@1001']);
      expect(paused).to.include(100);
    } finally {
      await watching.end();
      await server.close();
    }
  });
});
