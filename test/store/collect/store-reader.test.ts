// Goal: a reading in turns is of one cut, although the thread records between them. Intervals and losses of whole
// collections are in test/store/interval.test.ts, threads in test/stress.
import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { RIGHT, RIGHT_HELD } from '../../../lib/memory/words.js';
import type { StoreReader } from '../../../lib/store/collect/store-reader.js';
import type { Cut } from '../../../lib/store/definition/stream.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { pointsIn, type Point } from '../../support/points.js';

/** So many of each kind that a reading takes several turns. */
const SERIES = 10_000;

describe('a collection in turns', () => {
  let core: StoreCore;
  /** The next turn of whoever records. */
  let next: NodeJS.Immediate | undefined;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 27, cardinalityLimit: 2 * SERIES });
  });
  afterEach(() => {
    clearImmediate(next);
    core.shutdown();
  });

  /** Whether somebody collects in this moment. */
  const isHeld = (): boolean =>
    (Atomics.load(core.region.i64, RIGHT / 8) & BigInt(RIGHT_HELD)) === BigInt(RIGHT_HELD);

  /** In each turn of the event loop everything gets one record more, and one series is new. */
  class Recording {
    turns = 0;
    /** Those in which somebody collected. */
    heldTurns = 0;
    readonly #records: (() => void)[] = [];
    readonly #fresh = meterOf(core, 'm').createCounter('fresh');
    readonly #each: (() => void) | undefined;

    constructor(each?: () => void) {
      const meter = meterOf(core, 'm');
      const [counter, gauge] = [meter.createCounter('counter'), meter.createGauge('gauge')];
      const histogram = meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [1] } });
      for (let k = 0; k < SERIES; k++) {
        const [counted, set, measured] = [counter.bind({ k }), gauge.bind({ k }), histogram.bind({ k })];
        this.#records.push(() => {
          counted.add(1);
          set.record(this.turns);
          measured.record(1);
        });
      }
      this.#each = each;
      next = setImmediate(() => this.#turn());
    }

    stop(): void {
      clearImmediate(next);
    }

    #turn(): void {
      this.turns++;
      if (isHeld()) this.heldTurns++;
      for (const record of this.#records) record();
      this.#fresh.add(1, { turn: this.turns });
      this.#each?.();
      next = setImmediate(() => this.#turn());
    }
  }

  const open = (temporality: 'cumulative' | 'delta'): StoreReader => core.openReader(() => temporality);
  const pointsOf = ({ streams }: Cut, name: string): Point[] =>
    pointsIn(streams.find(({ definition }) => definition.name === name)?.points);
  const numberOf = ({ value }: Point): number => (typeof value === 'number' ? value : value.count);
  /** What all series of an instrument show. */
  const allOf = (cut: Cut, name: string): number[] => [...new Set(pointsOf(cut, name).map(numberOf))];
  const sumOf = (cut: Cut, name: string): number =>
    pointsOf(cut, name).reduce((sum, point) => sum + numberOf(point), 0);

  for (const temporality of ['cumulative', 'delta'] as const)
    it(`should show nothing that was recorded between the turns, ${temporality}`, async () => {
      const recording = new Recording();
      const reader = open(temporality);
      let before = 0;
      for (let collection = 0; collection < 4; collection++) {
        const cut = await reader.collect();
        reader.acknowledge();
        expect(cut.isStale).to.equal(false);
        const [turns, ...torn] = allOf(cut, 'gauge');
        expect(torn).to.deep.equal([]);
        const counted = (turns ?? 0) - (temporality === 'delta' ? before : 0);
        expect(allOf(cut, 'counter')).to.deep.equal([counted]);
        expect(allOf(cut, 'histogram')).to.deep.equal([counted]);
        expect(sumOf(cut, 'fresh')).to.equal(counted);
        for (const name of ['counter', 'gauge', 'histogram'])
          expect(pointsOf(cut, name)).to.have.length(SERIES);
        before = turns ?? 0;
      }
      expect(recording.heldTurns, 'turns of readings').to.be.greaterThan(0);
      recording.stop();
    });

  it('should read again in one turn when it lost the right between two', async () => {
    let isTaken = false;
    let heldAfter = 0;
    const recording = new Recording(() => {
      if (isTaken && isHeld()) heldAfter++;
      if (isTaken || !isHeld()) return;
      isTaken = true;
      const word = Atomics.load(core.region.i64, RIGHT / 8);
      const [low, high] = [word, word >> 32n].map(half => Number(BigInt.asIntN(32, half)));
      core.region.kernel.giveRight(core.region.kernel.takeRight(1, low ?? 0, high ?? 0));
    });
    const cut = await open('cumulative').collect();
    recording.stop();
    expect(isTaken).to.equal(true);
    expect(heldAfter).to.equal(0);
    const turns = allOf(cut, 'gauge');
    expect(turns).to.have.length(1);
    for (const name of ['counter', 'histogram']) expect(allOf(cut, name)).to.deep.equal(turns);
    expect(sumOf(cut, 'fresh')).to.equal(turns[0]);
  });

  it('should give a place that is given back between two turns to nobody before it ends', async () => {
    let successor: StoreReader | undefined;
    const reader = open('delta');
    const recording = new Recording(() => {
      if (successor !== undefined || !isHeld()) return;
      reader.close();
      successor = open('delta');
    });
    const last = await reader.collect();
    expect(last.errors.map(({ message }) => message).join()).to.match(/was shut down/);
    const cut = await successor?.collect();
    recording.stop();
    if (cut === undefined) throw new Error('nobody came next');
    const [[before = NaN], [now = NaN, ...torn]] = [allOf(last, 'gauge'), allOf(cut, 'gauge')];
    const counted = now - before;
    expect(torn).to.deep.equal([]);
    for (const name of ['counter', 'histogram']) expect(allOf(cut, name)).to.deep.equal([counted]);
    expect(sumOf(cut, 'fresh')).to.equal(counted);
  });
});
