// Goal: what several readers see of one store, and what happens when a writer or a collector stands still.
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { meterOf } from '../lib/instruments/buffered-meter.js';
import { RIGHT_PATIENCE_MILLIS } from '../lib/limits.js';
import * as words from '../lib/memory/words.js';
import type { StoreReader } from '../lib/store/collect/store-reader.js';
import { createCore, type StoreCore } from '../lib/store/store-core.js';
import type { CollectedStream, Cut, StreamDefinition } from '../lib/store/definition/stream.js';
import { pointsIn } from './support/points.js';

const definition = (
  name: string,
  kind: StreamDefinition['kind'],
  boundaries: number[] = [],
): StreamDefinition => ({
  scope: { name: 'test' },
  name,
  description: '',
  unit: '',
  valueType: 1,
  kind,
  boundaries,
  limit: 3,
  verbatim: false,
});

function counterOf(core: StoreCore): (value: number, key?: string) => void {
  const writer = core.writer(definition('c', 'COUNTER'));
  return (value, key = 'x') => {
    const series = writer?.handleOf({ key }, undefined);
    if (series !== undefined) core.recorder.add(series, value);
  };
}

const stream = (cut: Cut, name: string): CollectedStream | undefined =>
  cut.streams.find(({ definition: { name: own } }) => own === name);
const values = (cut: Cut, name: string): unknown[] =>
  pointsIn(stream(cut, name)?.points).map(({ value }) => value);

describe('readers of one store', () => {
  it('should each get every record once, in their own temporality', async () => {
    const core = createCore();
    const add = counterOf(core);
    const total = core.openReader(() => 'cumulative');
    const deltas = [core.openReader(() => 'delta'), core.openReader(() => 'delta')];
    const seen = [0, 0];
    for (let round = 1; round <= 5; round++) {
      add(round);
      const index = round % 2;
      const cut = await deltas[index]?.collect();
      deltas[index]?.acknowledge();
      seen[index] = (seen[index] ?? 0) + Number(cut === undefined ? 0 : values(cut, 'c')[0]);
      expect(values(await total.collect(), 'c')).to.deep.equal([(round * (round + 1)) / 2]);
    }
    expect(seen).to.deep.equal([10, 15]);
    core.shutdown();
  });

  it('should get again, merged, what did not arrive', async () => {
    const core = createCore();
    const add = counterOf(core);
    const histogram = core.writer(definition('h', 'HISTOGRAM', [1, 2, 5]));
    const series = histogram?.handleOf({}, undefined);
    const record = (value: number): void => {
      if (series !== undefined)
        core.recorder.record(series, value, histogram?.stream.boundariesAddress ?? 0, 3);
    };
    const reader = core.openReader(() => 'delta');
    add(1);
    record(1);
    const first = await reader.collect();
    add(2);
    record(7);
    const second = await reader.collect();
    expect(values(second, 'c')).to.deep.equal([3]);
    expect(values(second, 'h')).to.deep.equal([{ count: 2, sum: 8, min: 1, max: 7, counts: [1, 0, 0, 1] }]);
    expect(pointsIn(stream(second, 'c')?.points)[0]?.startUnixMillis).to.equal(
      pointsIn(stream(first, 'c')?.points)[0]?.startUnixMillis,
    );
    reader.acknowledge();
    expect((await reader.collect()).streams).to.deep.equal([]);
    core.shutdown();
  });

  it('should share one swap when they ask in the same moment', async () => {
    const core = createCore();
    const readers = [
      core.openReader(() => 'cumulative'),
      core.openReader(() => 'cumulative'),
      core.openReader(() => 'delta'),
    ];
    await Promise.all(readers.map(reader => reader.collect()));
    expect(core.swap.epoch()).to.equal(1n);
    core.shutdown();
  });

  it('should refuse a fifth delta reader until one was idle for too long', async () => {
    let now = 1_000_000;
    const core = createCore({ clock: { now: () => now }, readerLeaseMillis: 1000 });
    const readers = Array.from({ length: 4 }, () => core.openReader(() => 'delta'));
    expect(() => core.openReader(() => 'delta'))
      .to.throw()
      .with.property('code', 'TOO_MANY_DELTA_READERS');
    now += 2000;
    for (const reader of readers.slice(1)) await reader.collect();
    const fifth = core.openReader(() => 'delta');
    counterOf(core)(4);
    expect(values(await fifth.collect(), 'c')).to.deep.equal([4]);
    expect(
      (await readers[0]?.collect())?.errors.map(error => (error as { code?: string }).code),
    ).to.deep.equal(['TOO_MANY_DELTA_READERS']);
    core.shutdown();
  });

  it('should let existing series go on when the limit is reached, exactly there', async () => {
    const core = createCore();
    const add = counterOf(core);
    for (const key of ['a', 'b', 'c']) add(1, key);
    const reader = core.openReader(() => 'cumulative');
    expect(values(await reader.collect(), 'c')).to.deep.equal([1, 1, 1]);
    for (const key of ['d', 'a', 'e']) add(1, key);
    const points = pointsIn(stream(await reader.collect(), 'c')?.points).map(({ attributes, value }) => [
      { ...attributes },
      value,
    ]);
    expect(points).to.have.deep.members([
      [{ 'otel.metric.overflow': true }, 2],
      [{ key: 'a' }, 2],
      [{ key: 'b' }, 1],
      [{ key: 'c' }, 1],
    ]);
    core.shutdown();
  });

  it('should compute a running clock when they collect, by the given clock, also in deltas', async () => {
    let now = 50_000;
    const core = createCore({ clock: { now: () => now } });
    const gauge = core.writer(definition('g', 'GAUGE'))?.handleOf({}, undefined);
    const write = (operation: number, value: number): void => {
      if (gauge !== undefined) core.recorder.write(gauge, operation, value);
    };
    write(words.GAUGE_ELAPSED, 40_000);
    const readers = [core.openReader(() => 'cumulative'), core.openReader(() => 'delta')];
    for (const expected of [10, 12.5]) {
      for (const reader of readers) {
        expect(values(await reader.collect(), 'g')).to.deep.equal([expected]);
        reader.acknowledge();
      }
      now += 2500;
    }
    write(words.GAUGE_ABSENT, 0);
    for (const reader of readers) expect(values(await reader.collect(), 'g')).to.deep.equal([]);
    core.shutdown();
  });
});

describe('what a thread says of a subject', () => {
  it('should be said once, and the subjects be remembered within bounds', () => {
    const said: string[] = [];
    const core = createCore();
    const logger = diag.createComponentLogger({ namespace: 'unused' });
    Object.assign(core, { logger: { ...logger, warn: (text: string) => said.push(text) } });
    const sayAll = (from: number, to: number): void => {
      for (let subject = from; subject < to; subject++) core.say('warn', `${subject}`, `${subject}`);
    };
    sayAll(0, 5000);
    expect(said).to.have.length(5000);
    sayAll(4500, 5000);
    expect(said, 'the latest').to.have.length(5000);
    sayAll(0, 1);
    expect(said, 'forgotten').to.have.length(5001);
    core.shutdown();
  });
});

describe('a thread that stands still', () => {
  it('should delay the cut, as a writer, until the deadline; then the previous cut is shown, and nothing is lost', async () => {
    const core = createCore({ stallDeadlineMillis: 20, stripes: 2 });
    const add = counterOf(core);
    const reader = core.openReader(() => 'cumulative');
    add(1);
    expect(values(await reader.collect(), 'c')).to.deep.equal([1]);
    add(10);
    // As if the operating system had stopped a writer inside a section of the second stripe.
    const word = (words.STRIPES + words.STRIPE_SIZE) / 8;
    Atomics.add(core.region.i64, word, 1n);
    const stalled = await reader.collect();
    expect(stalled.errors.map(error => (error as { code?: string }).code)).to.deep.equal(['STALLED_WRITER']);
    expect(values(stalled, 'c')).to.deep.equal([1]);
    const epoch = core.swap.epoch();
    add(100); // Writers go on meanwhile, in the other stripe.
    await reader.collect();
    expect(core.swap.epoch(), 'no second swap before the drain').to.equal(epoch);
    Atomics.add(core.region.i64, word, 1n);
    const after = await reader.collect();
    expect(after.errors).to.deep.equal([]);
    expect(values(after, 'c')).to.deep.equal([111]);
    core.shutdown();
  });

  it('should make no life begin later than its first record: a cut is of when it was made, not of when it was drained', async () => {
    let now = 1000;
    const core = createCore({
      stallDeadlineMillis: 20,
      stripes: 2,
      seriesTtlMillis: 500,
      clock: { now: () => now },
    });
    const [reader, deltas] = [core.openReader(() => 'cumulative'), core.openReader(() => 'delta')];
    const startOf = async (reader: StoreReader): Promise<number | undefined> =>
      pointsIn((await reader.collect()).streams[0]?.points)[0]?.startUnixMillis;
    const add = counterOf(core);
    add(1);
    await deltas.collect();
    deltas.acknowledge();
    now = 2000;
    expect(await startOf(reader), 'it is left out').to.equal(undefined);
    await deltas.collect();
    deltas.acknowledge();
    const word = (words.STRIPES + words.STRIPE_SIZE) / 8;
    Atomics.add(core.region.i64, word, 1n);
    now = 3000;
    expect((await reader.collect()).errors).to.have.length(1);
    now = 3500;
    add(10);
    Atomics.add(core.region.i64, word, 1n);
    now = 4000;
    expect(await startOf(reader)).to.equal(3000);
    // An interval that begins with a life begins with it, too.
    expect(await startOf(deltas)).to.be.at.most(3500);
    core.shutdown();
  });

  it('should be taken over, as a collector, and find out in its next step', async function () {
    this.timeout(20 * RIGHT_PATIENCE_MILLIS);
    const core = createCore({ stallDeadlineMillis: 10 * RIGHT_PATIENCE_MILLIS });
    const { kernel } = core.region;
    counterOf(core)(5);
    // A collector that swapped and then fell asleep.
    const sleeper = kernel.takeRight(0, 0, 0);
    expect(kernel.swap(sleeper, 0)).to.equal(words.DONE);
    counterOf(core)(6);
    const cut = await core.openReader(() => 'cumulative').collect();
    expect(cut.errors).to.deep.equal([]);
    expect(values(cut, 'c')).to.deep.equal([11]);
    const swap = (right: number): number => kernel.swap(right, 0);
    for (const step of [kernel.beat, swap, kernel.quiesce]) expect(step(sleeper)).to.equal(words.LOST);
    expect(kernel.drain(sleeper, words.STRIPES, 0, 1, 0)).to.equal(words.LOST);
    core.shutdown();
  });
});

describe('a collection that could not get the right', () => {
  /** While another collector keeps the right, and moves, so that it is not taken over. */
  const collectBesideAnother = async (
    { region: { kernel } }: StoreCore,
    reader: StoreReader,
  ): Promise<Cut> => {
    const right = kernel.takeRight(0, 0, 0);
    const moving = setInterval(() => kernel.beat(right), 1);
    try {
      return await reader.collect();
    } finally {
      clearInterval(moving);
      kernel.giveRight(right);
    }
  };

  it('should acknowledge nothing, because it delivered nothing', async () => {
    const core = createCore({ stallDeadlineMillis: 5 });
    const reader = core.openReader(() => 'delta');
    counterOf(core)(7);
    expect(values(await reader.collect(), 'c')).to.deep.equal([7]); // Its export fails: no acknowledge.
    const busy = await collectBesideAnother(core, reader);
    expect(busy.errors.map(error => (error as { code?: string }).code)).to.deep.equal(['COLLECT_TIMEOUT']);
    reader.acknowledge();
    expect(values(await reader.collect(), 'c')).to.deep.equal([7]);
    core.shutdown();
  });

  it('should show the totals of the one before, and no delta that was observed for it once more', async () => {
    const core = createCore({ stallDeadlineMillis: 5 });
    const reader = core.openReader(kind => (kind === 'OBSERVABLE_COUNTER' ? 'delta' : 'cumulative'));
    let observed = 5;
    meterOf(core, 'm')
      .createObservableCounter('o')
      .addCallback(result => result.observe(observed));
    counterOf(core)(7);
    const first = await reader.collect();
    expect([values(first, 'c'), values(first, 'o')]).to.deep.equal([[7], [5]]);
    reader.acknowledge();
    observed = 8;
    const busy = await collectBesideAnother(core, reader);
    expect(busy.isStale).to.equal(true);
    expect([values(busy, 'c'), values(busy, 'o')]).to.deep.equal([[7], []]);
    reader.acknowledge();
    expect(values(await reader.collect(), 'o')).to.deep.equal([3]);
    core.shutdown();
  });
});
