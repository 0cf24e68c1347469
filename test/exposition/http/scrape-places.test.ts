import { expect } from 'chai';
import fc from 'fast-check';
import {
  LOOK_MILLIS,
  LOOKS_MAX,
  ScrapePlaces,
  STILL_LOOKS_MAX,
  WAITING_MAX,
} from '../../../lib/exposition/http/scrape-places.js';
import type { Connection, ScrapePlace } from '../../../lib/exposition/http/scrape-places.js';
import { inVirtualTime } from '../../support/virtual-time.js';
import type { Pass } from '../../support/virtual-time.js';

const FOREVER = 1e9;
const ENOUGH = LOOK_MILLIS * LOOKS_MAX;

/** Places, who holds them, and who waits. */
class Scene {
  readonly places: ScrapePlaces;
  /** Names of whose answers were cut off. */
  readonly cutOff: string[] = [];
  readonly held = new Map<string, ScrapePlace>();
  readonly refused: string[] = [];

  constructor(max: number) {
    this.places = new ScrapePlaces(max);
  }

  /** Whoever gets a place begins to send, unless he is told not to. */
  come(name: string, { connection = {}, millis = FOREVER, sends = true }: Coming = {}): void {
    const begin = (place: ScrapePlace | undefined): void => {
      if (place === undefined) {
        this.refused.push(name);
        return;
      }
      this.held.set(name, place);
      if (sends) place.isSending(() => void (this.cutOff.push(name), this.leave(name)));
    };
    const free = this.places.takeFree(connection);
    if (free === undefined) void this.places.wait(connection, millis).then(begin);
    else begin(free);
  }

  leave(name: string): void {
    const place = this.held.get(name);
    this.held.delete(name);
    place?.leave();
    place?.leave();
  }

  get holders(): string[] {
    return [...this.held.keys()];
  }
}

interface Coming {
  readonly connection?: Connection;
  readonly millis?: number;
  readonly sends?: boolean;
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('ScrapePlaces', () => {
  const should = (what: string, work: (pass: Pass) => Promise<void>): void =>
    void it(`should ${what}`, () => inVirtualTime(work));

  should('give the places that there are, and those that are left to who waits', async () => {
    const scene = new Scene(2);
    for (const name of ['a', 'b', 'c', 'd', 'e']) scene.come(name);
    expect(scene.holders).to.deep.equal(['a', 'b']);
    scene.leave('a');
    await turn();
    expect(scene.holders, 'the one who came last').to.deep.equal(['b', 'e']);
    scene.leave('b');
    await turn();
    expect(scene.holders, 'the one who has waited for longest').to.deep.equal(['e', 'c']);
    scene.leave('e');
    scene.leave('c');
    await turn();
    expect(scene.holders).to.deep.equal(['d']);
  });

  should('take places away from those who stand still for longest, one for each who waits', async pass => {
    const scene = new Scene(3);
    for (const name of ['a', 'b', 'c']) {
      scene.come(name);
      await pass(LOOK_MILLIS);
    }
    await pass(2 * ENOUGH);
    expect(scene.cutOff).to.deep.equal([]);
    scene.held.get('a')?.moved();
    scene.come('d');
    await turn();
    expect(scene.cutOff, 'at once').to.deep.equal(['b']);
    scene.come('e');
    await turn();
    expect(scene.cutOff).to.deep.equal(['b', 'c']);
    scene.come('f');
    await turn();
    expect(scene.cutOff).to.deep.equal(['b', 'c']);
    for (let looks = 0; looks < 3 * LOOKS_MAX; looks++) {
      for (const name of ['a', 'd', 'e']) scene.held.get(name)?.moved();
      await pass(LOOK_MILLIS);
    }
    expect(scene.cutOff).to.deep.equal(['b', 'c']);
    await pass(ENOUGH);
    expect(scene.cutOff).to.have.length(3);
    expect(scene.holders).to.include('f');
  });

  should(
    'take places away from those who sip, and from nobody who is as fast as his answer is made',
    async pass => {
      const scene = new Scene(3);
      for (const name of ['fast', 'sips', 'sips less']) scene.come(name);
      const pour = async (looks: number): Promise<void> => {
        for (let look = 0; look < looks; look++) {
          for (const name of ['fast', 'd']) scene.held.get(name)?.moved();
          if (look % (LOOKS_MAX - 1) === 0) scene.held.get('sips')?.moved();
          if (look % LOOKS_MAX === 0) scene.held.get('sips less')?.moved();
          await pass(LOOK_MILLIS);
        }
      };
      await pour(STILL_LOOKS_MAX);
      expect(scene.cutOff).to.deep.equal([]);
      scene.come('d');
      await pour(STILL_LOOKS_MAX);
      expect(scene.cutOff, 'one for each who waits').to.deep.equal(['sips less']);
      scene.come('e');
      await pour(2 * STILL_LOOKS_MAX);
      expect(scene.cutOff).to.include('sips').and.not.to.include('fast');
    },
  );

  should('give places to the requests of a connection in their order', async () => {
    const scene = new Scene(2);
    const connection = {};
    for (let index = 0; index < 20; index++) scene.come(`${index}`, { connection });
    for (let index = 0; index < 18; index++) {
      expect(scene.holders).to.deep.equal([`${index}`, `${index + 1}`]);
      scene.leave(`${index}`);
      await turn();
    }
  });

  should('leave a place to who has nothing to take yet, and to who waits behind himself', async pass => {
    const scene = new Scene(3);
    const connection = {};
    scene.come('first', { connection });
    scene.come('behind it', { connection });
    scene.come('collecting', { sends: false });
    scene.come('d');
    for (let looks = 0; looks < 3 * LOOKS_MAX; looks++) {
      scene.held.get('first')?.moved();
      await pass(LOOK_MILLIS);
    }
    expect(scene.holders).to.deep.equal(['first', 'behind it', 'collecting']);
    await pass(ENOUGH);
    expect(scene.holders).to.include('d').and.to.include('collecting');
  });

  should('tell who is too many, too late or gone', async pass => {
    const scene = new Scene(1);
    scene.come('a', { sends: false });
    const connection = { destroyed: false };
    scene.come('gone', { connection });
    scene.come('late', { millis: 0 });
    for (let index = 2; index < WAITING_MAX; index++) scene.come(`waiting ${index}`);
    scene.come('one too many');
    await turn();
    expect(scene.refused).to.deep.equal(['one too many']);
    connection.destroyed = true;
    await pass(LOOK_MILLIS);
    expect(scene.refused).to.have.members(['one too many', 'late', 'gone']);
    scene.leave('a');
    await turn();
    expect(scene.holders).to.deep.equal([`waiting ${WAITING_MAX - 1}`]);
  });

  it('should never give more places than there are, and answer everybody in the end', async () => {
    const step = fc.oneof(
      fc.record({
        what: fc.constant('come' as const),
        sends: fc.boolean(),
        millis: fc.constantFrom(0, FOREVER),
      }),
      fc.record({ what: fc.constantFrom('leave' as const, 'move' as const), who: fc.nat(9) }),
      fc.record({ what: fc.constant('pass' as const), looks: fc.nat(2 * LOOKS_MAX) }),
    );
    const holds = async (
      max: number,
      steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    ): Promise<void> =>
      inVirtualTime(async pass => {
        const scene = new Scene(max);
        let came = 0;
        let left = 0;
        for (const next of steps) {
          if (next.what === 'come') scene.come(`${came++}`, next);
          else if (next.what === 'pass') await pass(next.looks * LOOK_MILLIS);
          else {
            const name = scene.holders[next.who] ?? '';
            if (next.what === 'move') scene.held.get(name)?.moved();
            else if (scene.held.has(name)) {
              left++;
              scene.leave(name);
            }
          }
          await turn();
          expect(scene.held.size).to.be.at.most(max);
        }
        while (scene.held.size > 0) {
          left++;
          scene.leave(scene.holders[0] ?? '');
          await turn();
        }
        expect(left + scene.cutOff.length + scene.refused.length).to.equal(came);
      });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), holds),
      {
        numRuns: 30,
      },
    );
  });
});
