// Places of answers under way: so many, because each holds a collection in memory. Who finds them all taken waits for one,
// and who holds one and takes next to nothing while others wait loses it: otherwise a few clients that do not read would keep away
// all others for as long as an answer may take. One thread.
import { unref } from '../../guard/deadline.js';
import { monotonicMillis } from '../../waiting.js';

/** How often it is looked who stands still, while all places are taken. */
export const LOOK_MILLIS = 100;
/**
 * So many looks at a client that has taken nothing in between are enough. Looks and not milliseconds, because a thread that
 * was busy for a while has heard of nobody.
 */
export const LOOKS_MAX = 5;
/**
 * And so many in all, for who takes a little from time to time: four seconds, half of the time that one waits who does not say
 * for how long. Who is as fast as his answer is made has moved between any two looks.
 */
export const STILL_LOOKS_MAX = 40;
/** Half a second for each eight that stand still: more would not be answered before they have enough of waiting. */
export const WAITING_MAX = 128;

/** What comes and goes with a client: a socket; of HTTP/2, a response. Nobody listens to it: thousands may wait on one. */
export interface Connection {
  readonly destroyed?: boolean;
}

interface Waiting {
  readonly connection: Connection;
  /** In `monotonicMillis`. */
  readonly deadline: number;
  readonly settle: (place: ScrapePlace | undefined) => void;
}

/** One answer under way. */
export class ScrapePlace {
  /** Of the clients' connections: what moves one answer of it moves those that wait behind. */
  readonly connection: Connection;
  readonly #leave: (place: ScrapePlace) => void;
  readonly #moved: (place: ScrapePlace) => void;
  #cutOff: (() => void) | undefined;
  /** Since something moved. */
  #looks = 0;
  /** In all, without a move since the one before. */
  #stillLooks = 0;

  constructor(
    connection: Connection,
    moved: (place: ScrapePlace) => void,
    leave: (place: ScrapePlace) => void,
  ) {
    this.connection = connection;
    this.#moved = moved;
    this.#leave = leave;
  }

  /** From now on it is up to the client how long it takes. Before, the place is not taken away: who collects is slow, not he. */
  isSending(cutOff: () => void): void {
    this.#cutOff = cutOff;
  }

  /** Something was made for the client, or taken by him. */
  readonly moved = (): void => this.#moved(this);

  forgetLooks(): void {
    this.#looks = 0;
  }

  look(): void {
    if (this.#cutOff !== undefined && this.#looks++ > 0) this.#stillLooks++;
  }

  /** For how many looks, if it is long enough to take the place away; else 0. */
  get stoodStill(): number {
    return this.#looks >= LOOKS_MAX || this.#stillLooks >= STILL_LOOKS_MAX ? Math.max(1, this.#looks) : 0;
  }

  /** Its answer ends early, and soon it leaves. */
  takeAway(): void {
    const cutOff = this.#cutOff;
    this.#cutOff = undefined;
    this.#looks = 0;
    this.#stillLooks = 0;
    cutOff?.();
  }

  /** Once is enough. */
  leave(): void {
    this.#cutOff = undefined;
    this.#leave(this);
  }
}

export class ScrapePlaces {
  readonly #max: number;
  readonly #taken = new Set<ScrapePlace>();
  /** Of those who take nothing; they are gone in a moment. */
  readonly #leaving = new Set<ScrapePlace>();
  readonly #waiting = new Set<Waiting>();
  #isNewestNext = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  /** One that is free; undefined when all are taken, or others wait already. */
  takeFree(connection: Connection): ScrapePlace | undefined {
    return this.#taken.size < this.#max && this.#waiting.size === 0 ? this.#take(connection) : undefined;
  }

  /** The next one that is free; undefined when there is none in time, too many wait already, or the client went away. */
  wait(connection: Connection, millis: number): Promise<ScrapePlace | undefined> {
    if (this.#waiting.size >= WAITING_MAX) return Promise.resolve(undefined);
    return new Promise(settle => {
      this.#waiting.add({ connection, deadline: monotonicMillis() + millis, settle });
      this.#makeRoom();
    });
  }

  #take(connection: Connection): ScrapePlace {
    const place = new ScrapePlace(connection, this.#moved, this.#leave);
    this.#taken.add(place);
    if (this.#taken.size >= this.#max && this.#looking === undefined) {
      this.#looking = setInterval(this.#look, LOOK_MILLIS);
      unref(this.#looking);
    }
    return place;
  }

  readonly #moved = ({ connection }: ScrapePlace): void => {
    for (const place of this.#taken) if (place.connection === connection) place.forgetLooks();
  };

  readonly #leave = (place: ScrapePlace): void => {
    if (!this.#taken.delete(place)) return;
    this.#leaving.delete(place);
    this.#forgetWhoIsGone();
    const next = this.#next();
    if (next !== undefined) this.#settle(next, this.#take(next.connection));
    if (this.#taken.size >= this.#max) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  };

  readonly #look = (): void => {
    for (const place of this.#taken) place.look();
    this.#forgetWhoIsGone();
    this.#makeRoom();
  };

  /** And who has waited for too long. */
  #forgetWhoIsGone(): void {
    const now = monotonicMillis();
    for (const waiting of this.#waiting)
      if (waiting.connection.destroyed === true || waiting.deadline <= now) this.#settle(waiting, undefined);
  }

  #settle(waiting: Waiting, place: ScrapePlace | undefined): void {
    this.#waiting.delete(waiting);
    waiting.settle(place);
  }

  /**
   * By turns who has waited for longest, so that everybody has his turn, and who came last, so that he who comes beside a
   * crowd that reads nothing does not wait for all of it. Of one connection always the first: the others are sent after it,
   * and would hold their places until then.
   */
  #next(): Waiting | undefined {
    this.#isNewestNext = !this.#isNewestNext;
    const waiting = [...this.#waiting];
    if (!this.#isNewestNext) return waiting[0];
    const newest = waiting.at(-1);
    return waiting.find(({ connection }) => connection === newest?.connection);
  }

  /** The places of those who took nothing for longest, one for each who waits. */
  #makeRoom(): void {
    while (this.#leaving.size < this.#waiting.size) {
      let longest: ScrapePlace | undefined;
      for (const place of this.#taken) if (place.stoodStill > (longest?.stoodStill ?? 0)) longest = place;
      if (longest === undefined) return;
      this.#leaving.add(longest);
      longest.takeAway();
    }
  }
}
