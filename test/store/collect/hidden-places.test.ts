// Goal: a hidden stream is seen by nobody, and a place of it comes back when, and only when, nobody needs it.
import { expect } from 'chai';
import { collectPrometheusText, createStore, observeStore, type MetricStore } from '../../../lib/index.js';
import {
  isInUse,
  readSlot,
  slotsEnd,
  slotsUsed,
  slotWord,
  streamAdmitted,
} from '../../../lib/memory/tables.js';
import { PLACES_PER_CUT } from '../../../lib/limits.js';
import * as words from '../../../lib/memory/words.js';
import { HiddenPlaces } from '../../../lib/store/collect/hidden-places.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import { SeriesPlaces } from '../../../lib/store/record/series-places.js';
import { coreOf, type StoreCore } from '../../../lib/store/store-core.js';
import type { RegisteredStream } from '../../../lib/store/series/stream-registry.js';
import { pointsIn } from '../../support/points.js';

const LIMIT = 3;

async function textOf(store: MetricStore): Promise<string> {
  let text = '';
  for await (const part of collectPrometheusText({ store })) text += part;
  return text;
}

function hide(core: StoreCore, name: string, limit = LIMIT): RegisteredStream {
  const definition: StreamDefinition = {
    ...{ scope: { name: 'jobs' }, name, description: '', unit: '', kind: 'COUNTER', valueType: 0 },
    ...{ boundaries: [], limit, verbatim: false, ttlMillis: 1, hidden: true },
  };
  const stream = core.registry.register(definition, 0);
  if (stream === undefined) throw new Error('no stream');
  return stream;
}

const placesIn = (core: StoreCore, stream: RegisteredStream): SeriesPlaces =>
  new SeriesPlaces(stream, { region: core.region, now: () => 0, refuse: () => {} });

describe('hidden streams', () => {
  let time = 1e12;
  let store: MetricStore;
  let core: StoreCore;
  beforeEach(() => {
    store = createStore({ cardinalityLimit: 1, maxSeries: 12, maxStreams: 4, clock: { now: () => time } });
    core = coreOf(store);
  });
  afterEach(() => store.shutdown());

  it('should be seen by nobody, while all others are: overflow series behind them too', async () => {
    const values = placesIn(core, hide(core, 'jobs\0pod'));
    const counter = store.getMeter('jobs').createCounter('jobs');
    const deltas = core.openReader(() => 'delta');
    const totals = core.openReader(() => 'cumulative');
    await deltas.collect();
    const before = { ...store.statistics() };
    for (let value = 0; value <= LIMIT; value++) values.admit(`{"pod":"${value}"}`);
    counter.add(1, { pod: '1' });
    counter.add(41, { pod: '2' });
    for (const reader of [deltas, totals]) {
      const { streams } = await reader.collect();
      expect(
        streams.map(({ definition, points }) => [
          definition.name,
          pointsIn(points).map(({ value }) => value),
        ]),
      ).to.deep.equal([['jobs', [41, 1]]]);
    }
    const text = await textOf(store);
    expect(text)
      .to.match(/pod="1".*\} 1\n/)
      .and.to.match(/overflow="true".*\} 41\n/);
    expect(text).not.to.contain('pod="0"');
    expect(text.split('\n').filter(line => line.startsWith('# TYPE jobs'))).to.have.length(1);
    const { series, streams } = store.statistics();
    expect([before.series, before.streams, series, streams]).to.deep.equal([0, 1, 1, 1]);
    expect(slotsUsed(core.region), 'they take slots all the same').to.equal(1 + LIMIT);
    expect(store.cardinality().metrics.map(({ name }) => name)).to.deep.equal(['jobs']);
  });

  it('should not be shown as who had the slot before', async () => {
    // Two, so that what is free of their memory is a list that is not empty.
    const histograms = ['waits', 'runs'].map(name => store.getMeter('jobs').createHistogram(name));
    const places = placesIn(core, hide(core, 'jobs\0pod'));
    const totals = core.openReader(() => 'cumulative');
    const deltas = core.openReader(() => 'delta');
    for (const histogram of histograms) histogram.record(1, { pod: 'a' });
    expect((await totals.collect()).streams).to.have.length(2);
    for (const histogram of histograms) histogram.remove({ pod: 'a' });
    // Meanwhile nobody of this thread reads totals, so none of it sees the slots without anybody.
    for (let cuts = 0; cuts < 4; cuts++) {
      await deltas.collect();
      deltas.acknowledge();
    }
    expect(slotsUsed(core.region)).to.equal(0);
    for (const pod of ['b', 'c'])
      expect(places.admit(`{"pod":"${pod}"}`).slot).to.be.below(core.region.layout.maxStreams + 2);
    expect((await totals.collect()).streams).to.deep.equal([]);
  });

  it('should be in none of the numbers that the store has of itself', async () => {
    hide(core, 'jobs\0pod');
    placesIn(core, hide(core, 'jobs\0zone')).admit('{"zone":"a"}');
    const observed = observeStore({ store, meter: store.getMeter('self') });
    const text = await textOf(store);
    expect(text).not.to.contain('pod').and.not.to.contain('zone');
    observed.stop();
  });

  it('should be other streams than those of the same names, and one in all threads', () => {
    const hidden = hide(core, 'jobs');
    store.getMeter('jobs').createCounter('jobs').add(1);
    expect(core.registry.all().map(({ definition }) => definition.hidden)).to.deep.equal([true, undefined]);
    expect(hide(core, 'jobs', 7)).to.equal(hidden);
    expect(core.registry.visible().map(({ index }) => index)).to.deep.equal([1]);
  });

  it('should not be told of as a conflict of names', () => {
    hide(core, 'jobs');
    const said: string[] = [];
    core.say = (_level, subject) => void said.push(subject);
    store.getMeter('other').createHistogram('jobs').record(1);
    expect(said).to.deep.equal([]);
  });

  describe('their places', () => {
    let stream: RegisteredStream;
    let values: SeriesPlaces;
    let places: HiddenPlaces;
    beforeEach(() => {
      // A gauge: collections look for what is idle.
      store.getMeter('jobs').createGauge('g').record(1);
      stream = hide(core, 'jobs\0pod');
      values = placesIn(core, stream);
      places = new HiddenPlaces(core.region, stream);
    });

    const admitted = (): string[] => ['a', 'b', 'c'].filter(isIn);
    /** Looks without admitting. */
    const isIn = (pod: string): boolean => {
      const { region } = core;
      for (let slot = region.layout.maxStreams; slot < slotsEnd(region); slot++)
        if (isInUse(slotWord(region, slot)) && readSlot(region, slot).stream === stream.index)
          if (pods.get(slot) === pod) return true;
      return false;
    };
    const pods = new Map<number, string>();
    const admit = (pod: string) => {
      const place = values.admit(`{"pod":"${pod}"}`);
      pods.set(place.slot, pod);
      return place;
    };
    const under = <T>(step: (right: number) => T | undefined) => core.cuts.request(step);
    /** `meanwhile` is what others do between the mark and the end. */
    const giveBack = (needed: readonly string[], meanwhile: () => unknown = () => {}, own = places) =>
      own.giveBack(
        under,
        async asked => {
          await meanwhile();
          expect(asked).to.include.members(needed.map(pod => `{"pod":"${pod}"}`));
          return new Set(needed.map(pod => `{"pod":"${pod}"}`));
        },
        () => core.clock.now(),
      );
    const collect = () => core.openReader(() => 'cumulative').collect();

    it('should stay, however long nobody looks at them', async () => {
      for (const pod of ['a', 'b']) admit(pod);
      for (let times = 0; times < 4; times++) {
        time += 1e6;
        await core.openReader(() => 'cumulative').collect();
      }
      expect(admitted()).to.deep.equal(['a', 'b']);
    });

    it('should stay although they are marked, until it is known who needs them', async () => {
      for (const pod of ['a', 'b', 'c']) admit(pod);
      await giveBack(['b'], async () => {
        for (let times = 0; times < 3; times++) await collect();
        expect(admitted()).to.deep.equal(['a', 'b', 'c']);
      });
      expect(admitted()).to.deep.equal(['b']);
      expect(streamAdmitted(core.region, stream.index)).to.equal(1);
      expect(store.statistics().reclaimedSeries, 'no series').to.equal(0);
    });

    it('should make room for who found none, and be another place then', async () => {
      const first = ['a', 'b', 'c'].map(admit);
      const full = values.admit('{"pod":"d"}');
      expect(full).to.deep.equal(values.overflow());
      await giveBack(['a', 'c']);
      expect(values.overflow(), 'another word').not.to.deep.equal(full);
      const { slot, live } = values.admit('{"pod":"d"}');
      expect(slot).to.equal(first[1]?.slot);
      expect(live).not.to.equal(first[1]?.live);
      expect(values.has(first[1]!)).to.equal(false);
      expect(slotWord(core.region, first[0]!.slot), 'needed, so it is live again').to.equal(first[0]!.live);
    });

    it('should not be freed in the cut in which they were marked', async () => {
      admit('a');
      await under(async right => {
        const inside = <T>(step: (right: number) => T | undefined) => Promise.resolve({ value: step(right) });
        await places.giveBack(
          inside,
          () => Promise.resolve(new Set()),
          () => 0,
        );
        return true;
      });
      expect(admitted()).to.deep.equal(['a']);
      await giveBack([]);
      expect(admitted()).to.deep.equal([]);
    });

    it('should not be freed when somebody needed them since they were marked', async () => {
      const place = admit('a');
      admit('b');
      await giveBack([], () => expect(values.has(place)).to.equal(true));
      expect(admitted()).to.deep.equal(['a']);
      expect(slotWord(core.region, place.slot)).to.equal(place.live);
    });

    it('should not be freed for who asked before somebody else did', async () => {
      const place = admit('a');
      const other = new HiddenPlaces(core.region, stream);
      let others: Promise<void> | undefined;
      let isOver = (): void => {};
      const ended = new Promise<void>(resolve => (isOver = resolve));
      await giveBack([], async () => {
        // It is needed from here on, and a second thread asks as well, which finds out later who needs it.
        expect(values.has(place)).to.equal(true);
        await new Promise<void>(resolve => {
          others = giveBack(['a'], () => (resolve(), ended), other);
        });
      });
      expect(admitted()).to.deep.equal(['a']);
      isOver();
      await others;
      expect(admitted()).to.deep.equal(['a']);
      expect(slotWord(core.region, place.slot)).to.equal(place.live);
    });

    it('should be given back once, whoever comes second', async () => {
      admit('a');
      let next = { slot: 0, live: 0 };
      await giveBack([], async () => {
        await giveBack([], () => {}, new HiddenPlaces(core.region, stream));
        next = admit('b');
      });
      expect(admitted()).to.deep.equal(['b']);
      expect(slotWord(core.region, next.slot)).to.equal(next.live);
      expect(streamAdmitted(core.region, stream.index)).to.equal(1);
    });

    it('should come back after all when a collector was stopped while it gave them back', async () => {
      const { slot } = admit('a');
      // Without what makes collections look for idle series.
      Atomics.store(core.region.i32, words.EXPIRY_USED / 4, 0);
      const state = (): number => slotWord(core.region, slot) & words.SLOT_STATE_MASK;
      await giveBack(['a'], () => under(right => core.region.kernel.kill(right, slot, 0)));
      expect(state()).to.equal(words.SLOT_DEAD);
      await giveBack([]);
      expect(state()).to.equal(words.SLOT_FREE);
      expect(streamAdmitted(core.region, stream.index)).to.equal(0);
    });

    it('should come back from a stopped collector although the same is needed, in another place, ever after', async () => {
      const { slot } = admit('a');
      Atomics.store(core.region.i32, words.EXPIRY_USED / 4, 0);
      await giveBack(['a'], () => under(right => core.region.kernel.kill(right, slot, 0)));
      const next = admit('a');
      expect(next.slot).not.to.equal(slot);
      await giveBack(['a']);
      expect(slotWord(core.region, slot) & words.SLOT_STATE_MASK).to.equal(words.SLOT_FREE);
      expect(slotWord(core.region, next.slot)).to.equal(next.live);
      expect(streamAdmitted(core.region, stream.index)).to.equal(1);
    });

    it('should be told of to who found none, also when the right was lost behind the only one that came back', async () => {
      const [, b] = ['a', 'b', 'c'].map(admit);
      const full = values.admit('{"pod":"d"}');
      const { kernel } = core.region;
      let losses = 0;
      const kill: typeof kernel.kill = (right, slot, now) => {
        if (slot !== b!.slot || losses++ > 0) return kernel.kill(right, slot, now);
        // It is needed again, and somebody takes the right.
        expect(values.has(b!)).to.equal(true);
        kernel.giveRight(right);
        kernel.giveRight(kernel.takeRight(0, 0, 0));
        return kernel.kill(right, slot, now);
      };
      const region = { ...core.region, kernel: { ...kernel, kill } };
      await giveBack(['c'], () => {}, new HiddenPlaces(region, stream));
      expect([losses, admitted()]).to.deep.equal([1, ['b', 'c']]);
      expect(values.overflow(), 'another word').not.to.deep.equal(full);
    });

    it('should be told of also when each that came back is taken again at once', async () => {
      for (const pod of ['a', 'b', 'c']) admit(pod);
      const full = values.admit('{"pod":"d"}');
      const { kernel } = core.region;
      const bury: typeof kernel.bury = (...given) => [kernel.bury(...given), admit('d')][0] as number;
      const region = { ...core.region, kernel: { ...kernel, bury } };
      await giveBack(['a', 'c'], () => {}, new HiddenPlaces(region, stream));
      expect(values.admit('{"pod":"e"}').slot, 'full again').to.equal(stream.index);
      expect(values.overflow(), 'another word').not.to.deep.equal(full);
    });

    it('should be asked for by what stands there, of those that are still marked then', async () => {
      const first = admit('a');
      admit('b');
      let times = 0;
      // Behind the mark, and before the texts are read.
      const then: typeof under = async step => {
        const result = await under(step);
        if (++times === 1) expect(values.has(first)).to.equal(true);
        return result;
      };
      const asked: string[] = [];
      await places.giveBack(
        then,
        texts => (asked.push(...texts), Promise.resolve(new Set<string>())),
        () => 0,
      );
      expect(asked).to.deep.equal(['{"pod":"b"}']);
      expect(admitted()).to.deep.equal(['a']);
    });

    it('should leave a slot alone that another stream has since it was found', async () => {
      const { slot } = admit('a');
      const zones = placesIn(core, hide(core, 'jobs\0zone'));
      let zone = { slot: 0, live: 0 };
      let isFirst = true;
      // Before the mark.
      const late: typeof under = async step => {
        if (isFirst) {
          isFirst = false;
          await giveBack([], () => {}, new HiddenPlaces(core.region, stream));
          zone = zones.admit('{"zone":"a"}');
        }
        return under(step);
      };
      await places.giveBack(
        late,
        () => Promise.reject(new Error('nothing was marked')),
        () => 0,
      );
      expect(zone.slot).to.equal(slot);
      expect(slotWord(core.region, slot)).to.equal(zone.live);
    });

    it('should come back in several cuts when there are very many', async () => {
      const many = createStore({ cardinalityLimit: 4000, maxSeries: 4000 });
      const { region, cuts, registry } = coreOf(many);
      const large = hide(coreOf(many), 'jobs', 3 * PLACES_PER_CUT);
      const own = placesIn(coreOf(many), large);
      const texts = Array.from({ length: 2 * PLACES_PER_CUT + 1 }, (_, pod) => `{"pod":${pod}}`);
      for (const text of texts) own.admit(text);
      let steps = 0;
      let asked: readonly string[] = [];
      await new HiddenPlaces(region, registry.at(large.index)).giveBack(
        step => (steps++, cuts.request(step)),
        all => ((asked = all), Promise.resolve(new Set(texts.slice(0, 2)))),
        () => 0,
      );
      expect(asked).to.deep.equal(texts);
      expect([steps, streamAdmitted(region, large.index)]).to.deep.equal([6, 2]);
      await many.shutdown();
    });

    it('should leave the places of others alone', async () => {
      const others = placesIn(core, hide(core, 'jobs\0zone'));
      const zone = others.admit('{"zone":"a"}');
      admit('a');
      await giveBack([]);
      expect(slotWord(core.region, zone.slot)).to.equal(zone.live);
      expect(admitted()).to.deep.equal([]);
    });

    it('should leave everything for the next time without the right', async () => {
      admit('a');
      const lost = <T>(step: (right: number) => T | undefined) => Promise.resolve({ value: step(1234) });
      const nobody = () => Promise.resolve(new Set<string>());
      await places.giveBack(
        lost,
        () => Promise.reject(new Error('nothing was marked')),
        () => 0,
      );
      let times = 0;
      const lostThen: typeof under = step => (times++ === 0 ? under(step) : (lost(step) as never));
      await places.giveBack(lostThen, nobody, () => 0);
      expect([times, admitted()]).to.deep.equal([2, ['a']]);
      await giveBack([]);
      expect(admitted()).to.deep.equal([]);
    });
  });
});
