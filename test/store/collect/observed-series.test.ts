// What callbacks may do is in test/faults/observables.test.ts. Here: what one reader makes of observations.
import { expect } from 'chai';
import type { Observation } from '../../../lib/store/collect/observers.js';
import { ObservedSeries } from '../../../lib/store/collect/observed-series.js';
import { StreamPoints } from '../../../lib/store/collect/stream-points.js';
import type { InstrumentKind, Temporality } from '../../../lib/store/definition/stream.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';

describe('ObservedSeries', () => {
  let core: StoreCore;
  let overwritten: string[];
  let now: number;
  beforeEach(() => {
    overwritten = [];
    now = 1000;
    core = createCore({ shared: false, maxBytes: 2 ** 22, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  const streamOf = (kind: InstrumentKind): number => {
    const names = { name: kind, description: '', unit: '', scope: { name: 'm' } };
    return core.writer({ ...names, valueType: 1, kind, boundaries: [], limit: 2, verbatim: false })!.stream
      .index;
  };
  const reader = (openedAt = 1000): ObservedSeries =>
    new ObservedSeries(core.registry, {
      maxLabelValueLength: 100,
      now: openedAt,
      isSuccessor: false,
      onOverwritten: stream => overwritten.push(stream.definition.name),
    });
  /** One round: the points as start and value by the label `k`, and what makes them count as delivered. */
  const round = (
    series: ObservedSeries,
    temporality: Temporality,
    until: number,
    observations: Observation[],
    isWhole = true,
  ): { seen: Record<string, unknown>; commit: () => void } => {
    const points = new StreamPoints(() => temporality);
    const { commit } = series.add({ observations, isWhole }, points, () => temporality, until);
    const seen = points
      .streams()
      .flatMap(stream => pointsIn(stream.points))
      .map(({ attributes: { k = 'overflow' }, startUnixMillis, value }) => [
        String(k),
        [startUnixMillis, value],
      ]);
    return { seen: Object.fromEntries(seen) as Record<string, unknown>, commit };
  };
  const at = (stream: number, k: string, value: number, thread = 1): Observation => ({
    stream,
    attributes: { k },
    value,
    thread,
  });

  it('should report only what was observed in this round', () => {
    const stream = streamOf('OBSERVABLE_COUNTER');
    const series = reader();
    round(series, 'cumulative', 2000, [at(stream, 'a', 1), at(stream, 'b', 2)]).commit();
    expect(round(series, 'cumulative', 3000, [at(stream, 'b', 3)]).seen).to.deep.equal({ b: [1000, 3] });
  });

  for (const temporality of ['delta', 'cumulative'] as const)
    it(`should not take a series for ended that a round could not have, ${temporality}`, () => {
      const series = reader();
      const stream = streamOf('OBSERVABLE_COUNTER');
      round(series, temporality, 2000, [at(stream, 'a', 5), at(stream, 'b', 3)]).commit();
      round(series, temporality, 3000, [at(stream, 'b', 4)], false).commit();
      const { seen } = round(series, temporality, 4000, [at(stream, 'a', 7), at(stream, 'b', 4)]);
      expect(seen).to.deep.equal(
        temporality === 'delta' ? { a: [3000, 2], b: [3000, 0] } : { a: [1000, 7], b: [1000, 4] },
      );
    });

  it('should remember no more sets than the limit of rounds that were not whole', () => {
    const series = reader();
    const stream = streamOf('OBSERVABLE_COUNTER');
    for (const [index, text] of ['a', 'b', 'c', 'd'].entries())
      round(series, 'delta', 2000 + index, [at(stream, text, 5)], false).commit();
    const { seen } = round(series, 'delta', 3000, [at(stream, 'd', 6), at(stream, 'a', 6)]);
    expect(seen).to.deep.equal({ d: [2003, 1], a: [2003, 6] });
  });

  it('should start a series at the creation of the instrument, and one that comes later at the round before', () => {
    const stream = streamOf('OBSERVABLE_COUNTER');
    const series = reader();
    round(series, 'cumulative', 2000, [at(stream, 'a', 1)]).commit();
    const later = [at(stream, 'a', 2), at(stream, 'b', 2)];
    expect(round(series, 'cumulative', 3000, later).seen).to.deep.equal({ a: [1000, 2], b: [2000, 2] });
  });

  it('should start a series at the creation of the instrument in the first round of a reader that came later, too', () => {
    const stream = streamOf('OBSERVABLE_COUNTER');
    const series = reader(1500);
    const first = round(series, 'cumulative', 2000, [at(stream, 'a', 1)]);
    expect(first.seen).to.deep.equal({ a: [1000, 1] });
    first.commit();
    const later = [at(stream, 'a', 1), at(stream, 'b', 1)];
    expect(round(series, 'cumulative', 3000, later).seen).to.deep.equal({ a: [1000, 1], b: [2000, 1] });
  });

  it('should report deltas since what was delivered, and all of a counter that fell', () => {
    const stream = streamOf('OBSERVABLE_COUNTER');
    const series = reader();
    const first = round(series, 'delta', 2000, [at(stream, 'a', 10)]);
    expect(first.seen).to.deep.equal({ a: [1000, 10] });
    expect(round(series, 'delta', 3000, [at(stream, 'a', 15)]).seen, 'it did not arrive').to.deep.equal({
      a: [1000, 15],
    });
    first.commit();
    const third = round(series, 'delta', 4000, [at(stream, 'a', 15)]);
    expect(third.seen).to.deep.equal({ a: [2000, 5] });
    third.commit();
    expect(round(series, 'delta', 5000, [at(stream, 'a', 4)]).seen).to.deep.equal({ a: [4000, 4] });
  });

  it('should report an up-down counter that fell by how much, and gauges as they are', () => {
    const [upDown, gauge] = [streamOf('OBSERVABLE_UP_DOWN_COUNTER'), streamOf('OBSERVABLE_GAUGE')];
    const series = reader();
    round(series, 'delta', 2000, [at(upDown, 'u', 10), at(gauge, 'g', 10)]).commit();
    const { seen } = round(series, 'delta', 3000, [at(upDown, 'u', 4), at(gauge, 'g', 4)]);
    expect(seen).to.deep.equal({ u: [2000, -6], g: [1000, 4] });
  });

  it('should add up what threads observe of a sum, and show one value of a gauge and say so', () => {
    const [counter, gauge] = [streamOf('OBSERVABLE_COUNTER'), streamOf('OBSERVABLE_GAUGE')];
    const { seen } = round(reader(), 'cumulative', 2000, [
      at(counter, 'c', 1, 1),
      at(counter, 'c', 2, 2),
      at(gauge, 'g', 1, 1),
      at(gauge, 'g', 2, 2),
    ]);
    expect(seen).to.deep.equal({ c: [1000, 3], g: [1000, 2] });
    expect(overwritten).to.deep.equal(['OBSERVABLE_GAUGE']);
  });

  it('should take one thread at its word when it observes a gauge twice', () => {
    const gauge = streamOf('OBSERVABLE_GAUGE');
    const { seen } = round(reader(), 'cumulative', 2000, [at(gauge, 'g', 1), at(gauge, 'g', 2)]);
    expect([seen, overwritten]).to.deep.equal([{ g: [1000, 2] }, []]);
  });

  it('should have as many sets as the limit says, the first ones, and the overflow beside them', () => {
    const stream = streamOf('OBSERVABLE_COUNTER');
    const sets = ['a', 'b', 'c', 'd', 'a'].map(k => at(stream, k, 1));
    expect(round(reader(), 'cumulative', 2000, sets).seen).to.deep.equal({
      a: [1000, 2],
      b: [1000, 1],
      overflow: [1000, 2],
    });
  });

  it('should begin the deltas of an instrument that is younger than the round before with the instrument', () => {
    const series = reader();
    const old = streamOf('OBSERVABLE_COUNTER');
    round(series, 'delta', 2000, [at(old, 'old', 1)]).commit();
    now = 2400;
    const young = streamOf('OBSERVABLE_UP_DOWN_COUNTER');
    const { seen } = round(series, 'delta', 3000, [at(old, 'old', 1), at(young, 'young', 1)]);
    expect(seen).to.deep.equal({ old: [2000, 0], young: [2400, 1] });
  });

  it("should begin deltas where the last ones ended, be the clock of the instrument's thread ahead", () => {
    const series = reader();
    now = 9000;
    const stream = streamOf('OBSERVABLE_COUNTER');
    const first = round(series, 'delta', 2000, [at(stream, 'a', 1)]);
    expect(first.seen).to.deep.equal({ a: [2000, 1] });
    first.commit();
    expect(round(series, 'delta', 3000, [at(stream, 'a', 3)]).seen).to.deep.equal({ a: [2000, 2] });
  });

  it('should end no interval before it begins, whatever the clock did', () => {
    const stream = streamOf('OBSERVABLE_COUNTER');
    const { seen } = round(reader(), 'delta', 500, [at(stream, 'a', 1)]);
    expect(seen).to.deep.equal({ a: [500, 1] });
  });
});
