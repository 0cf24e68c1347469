// Goal: a server that scrapes in intervals sees the first value of a series as an increase.
// Method: whole stores with a clock that the test drives, the text as a server parses it, and its rule for increases.
import type { Meter } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import { collectPrometheusText } from '../../lib/exposition/collect-prometheus-text.js';
import { startPrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import { attachRegion } from '../../lib/memory/region.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { StoreOptions } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { StoreCore, coreOf } from '../../lib/store/store-core.js';
import { readHandle } from '../../lib/store/store-handle.js';
import { parsePrometheusText } from '../support/prometheus-parser.js';
import { pointsIn } from '../support/points.js';

const INTERVAL = 2000;
const ZERO_START = INTERVAL * 1.25;

class Fixture {
  now = 1_000_000;
  readonly store: MetricStore;
  readonly meter: Meter;

  constructor(options: StoreOptions = {}) {
    this.store = createStore({ clock: { now: () => this.now }, ...options });
    this.meter = this.store.getMeter('');
  }

  /** Time passes, and a server scrapes. */
  async scrape(passedMillis = INTERVAL, store = this.store): Promise<Record<string, number>> {
    this.now += passedMillis;
    let text = '';
    for await (const chunk of collectPrometheusText({ store, zeroStartMillis: ZERO_START })) text += chunk;
    const shown: Record<string, number> = {};
    for (const { samples } of parsePrometheusText(text).values())
      for (const { name, labels, value } of samples)
        shown[[name, ...Object.values(labels).filter(label => label !== '')].join(' ')] = value;
    return shown;
  }

  async scrapes(count: number, name: string): Promise<(number | undefined)[]> {
    const values: (number | undefined)[] = [];
    for (let index = 0; index < count; index++) values.push((await this.scrape())[name]);
    return values;
  }
}

/** As a server adds up: what falls began anew. Absent is stale, the sample before still counts. */
function increaseOf(values: readonly (number | undefined)[]): number {
  const present = values.filter(value => value !== undefined);
  return present.reduce((sum, value, index) => {
    const before = present[index - 1] ?? value;
    return sum + (value < before ? value : value - before);
  }, 0);
}

describe('faults: first-value', () => {
  it('should show a series that is born by add as 0 first', async () => {
    const fixture = new Fixture();
    const counter = fixture.meter.createCounter('first.seen');
    expect(await fixture.scrape()).to.deep.equal({});
    counter.add(5);
    expect(await fixture.scrapes(4, 'first_seen_total')).to.deep.equal([0, 0, 5, 5]);
    counter.add(7);
    expect(await fixture.scrapes(2, 'first_seen_total')).to.deep.equal([12, 12]);
  });

  it('should show a series that was bound long before its first record as 0 first', async () => {
    const fixture = new Fixture();
    const bound = fixture.store.getMeter('').createCounter('early').bind({ k: 'a' });
    expect(await fixture.scrapes(300, 'early_total a')).to.deep.equal(Array(300).fill(undefined));
    bound.add(5);
    expect(await fixture.scrapes(3, 'early_total a')).to.deep.equal([0, 0, 5]);
  });

  it('should show an overflow series as 0 first', async () => {
    const fixture = new Fixture({ cardinalityLimit: 1 });
    const counter = fixture.meter.createCounter('limited');
    counter.add(1, { k: 'a' });
    await fixture.scrapes(5, '');
    counter.add(4, { k: 'b' });
    expect(await fixture.scrapes(3, 'limited_total true')).to.deep.equal([0, 0, 4]);
  });

  it('should show an overflow series that was left out as 0 first', async () => {
    const fixture = new Fixture({ cardinalityLimit: 1, seriesTtlMillis: 3000 });
    const counter = fixture.meter.createCounter('limited');
    counter.add(1, { k: 'a' });
    counter.add(4, { k: 'b' });
    const before = await fixture.scrapes(6, 'limited_total true');
    expect(fixture.store.statistics().reclaimedSeries).to.equal(1);
    counter.add(4, { k: 'b' });
    counter.add(8, { k: 'c' });
    const after = await fixture.scrapes(3, 'limited_total true');
    // Idle, it is left out like any other, and begins anew like any other. There is room for one of the two again.
    expect(before).to.deep.equal([0, 0, 4, undefined, undefined, undefined]);
    expect(after).to.deep.equal([0, 0, 8]);
  });

  it('should show a series that expired and came back as 0 first', async () => {
    const fixture = new Fixture({ seriesTtlMillis: 3 * INTERVAL });
    const counter = fixture.meter.createCounter('ttl.c');
    counter.add(3, { a: '1' });
    const values = await fixture.scrapes(8, 'ttl_c_total 1');
    expect(fixture.store.statistics().reclaimedSeries).to.equal(1);
    counter.add(10, { a: '1' });
    values.push(...(await fixture.scrapes(3, 'ttl_c_total 1')));
    expect(increaseOf(values)).to.equal(13);
    expect(values).to.deep.equal([0, 0, 3, ...Array<undefined>(5).fill(undefined), 0, 0, 10]);
  });

  it('should show the numbers of a series at least once, however soon it expires', async () => {
    for (const seriesTtlMillis of [1, 1000, 2500, 3000, 4000]) {
      const fixture = new Fixture({ seriesTtlMillis });
      const counter = fixture.meter.createCounter('ttl.c');
      const values: (number | undefined)[] = [];
      for (let life = 1; life <= 3; life++) {
        counter.add(life);
        values.push(...(await fixture.scrapes(8, 'ttl_c_total')));
      }
      expect(increaseOf(values), `${seriesTtlMillis}`).to.equal(6);
    }
  });

  it('should show histograms as empty first, and leave alone what does not only grow', async () => {
    const fixture = new Fixture();
    const { meter } = fixture;
    meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1] } }).record(2);
    meter.createUpDownCounter('up.down').add(-3);
    meter.createGauge('g').record(4);
    meter.createObservableCounter('observed').addCallback(result => result.observe(6));
    const histogram = (count: number, sum: number): object => ({
      ...{ 'h_bucket 1': 0, 'h_bucket +Inf': count, h_count: count, h_sum: sum },
      ...{ up_down: -3, g: 4, observed_total: 6 },
    });
    expect(await fixture.scrape()).to.deep.equal(histogram(0, 0));
    expect(await fixture.scrape()).to.deep.equal(histogram(0, 0));
    expect(await fixture.scrape()).to.deep.equal(histogram(1, 2));
  });

  it('should not be misled by other readers of the thread, nor mislead them', async () => {
    const fixture = new Fixture();
    const reader = new DoubleBufferedMetricReader({ store: fixture.store });
    const bound = fixture.store.getMeter('').createCounter('early').bind({});
    await fixture.scrapes(100, '');
    bound.add(5);
    const { resourceMetrics } = await reader.collect();
    expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value).to.equal(5);
    expect(await fixture.scrapes(3, 'early_total')).to.deep.equal([0, 5, 5]);
    await reader.shutdown();
  });

  for (const [what, ends] of [
    ['began anew', 'add'],
    ['gave its place back', 'nothing'],
    ['was removed', 'remove'],
  ] as const)
    it(`should show the numbers of a series that another reader found idle: it ${what} since`, async () => {
      const fixture = new Fixture({ seriesTtlMillis: 2 * INTERVAL });
      const other = new DoubleBufferedMetricReader({ store: fixture.store });
      const counter = fixture.store.getMeter('').createCounter('c');
      counter.add(5);
      const values = await fixture.scrapes(2, 'c_total');
      fixture.now += INTERVAL;
      await other.collect();
      if (ends === 'add') counter.add(1);
      if (ends === 'nothing') await other.collect();
      if (ends === 'remove') counter.remove({});
      values.push((await fixture.scrape(1))['c_total']);
      expect(values).to.deep.equal([0, 0, ends === 'remove' ? undefined : 5]);
      const after = await fixture.scrapes(2, 'c_total');
      expect(after).to.deep.equal(ends === 'add' ? [0, 1] : [undefined, undefined]);
      await other.shutdown();
    });

  it('should keep what it owes for a reading that has the series', async () => {
    const fixture = new Fixture({ seriesTtlMillis: 2 * INTERVAL });
    const core = coreOf(fixture.store);
    const [reader, other] = [
      core.openReader(() => 'cumulative', ZERO_START),
      core.openReader(() => 'cumulative'),
    ];
    const shown = async (only: boolean): Promise<unknown[]> =>
      (await reader.collect({ only: () => only })).streams.flatMap(({ points }) =>
        pointsIn(points).map(({ value }) => value),
      );
    fixture.store.getMeter('').createCounter('c').add(5);
    expect(await shown(true)).to.deep.equal([0]);
    fixture.now += 2 * INTERVAL;
    await other.collect();
    await other.collect();
    expect(await shown(false)).to.deep.equal([]);
    expect(await shown(true)).to.deep.equal([5]);
    expect(await shown(true)).to.deep.equal([]);
  });

  it('should show what another thread has shown before', async () => {
    const fixture = new Fixture();
    const { store } = fixture;
    fixture.meter.createCounter('old').add(5);
    // A core of its own, as another thread has it.
    const data = readHandle(store.handle);
    const region = attachRegion(data.memory, data.options.layout);
    const reader = new StoreCore(
      region,
      data,
      { views: [], clock: { now: () => fixture.now } },
      false,
    ).openReader(() => 'cumulative');
    expect(pointsIn((await reader.collect()).streams[0]?.points)[0]?.value).to.equal(5);
    fixture.now += ZERO_START;
    expect(await fixture.scrapes(2, 'old_total')).to.deep.equal([5, 5]);
    fixture.meter.createCounter('new').add(6);
    expect(await fixture.scrapes(3, 'new_total')).to.deep.equal([0, 0, 6]);
    expect(coreOf(store).region).to.not.equal(region);
  });

  it('should not fall back to 0 when the clock is set back', async () => {
    const fixture = new Fixture();
    fixture.meter.createCounter('c').add(5);
    const values = await fixture.scrapes(1, 'c_total');
    fixture.now -= 3_600_000;
    values.push(...(await fixture.scrapes(5, 'c_total')));
    expect(values).to.deep.equal([0, 0, 0, 5, 5, 5]);
    fixture.now -= 3_600_000;
    expect(await fixture.scrapes(3, 'c_total')).to.deep.equal([5, 5, 5]);
  });

  it('should lose and invent nothing, whatever comes when', async () => {
    const step = fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.constantFrom(0, 1, 3000, 9000),
        // When another reader collects, after each scrape; who comes between two scrapes may end what none of them saw.
        fc.option(fc.integer({ min: 0, max: INTERVAL - 1 })),
        async (steps, given, otherAfter) => {
          const ttl = given === 1 && otherAfter !== null ? 3000 : given;
          const fixture = new Fixture({ seriesTtlMillis: ttl, cardinalityLimit: 2 });
          const counter = fixture.store.getMeter('').createCounter('c');
          const bound = counter.bind({ k: '0' });
          const other = new DoubleBufferedMetricReader({ store: fixture.store });
          const scrape = async (): Promise<void> => {
            if (otherAfter === null) return void shown.push(await fixture.scrape());
            fixture.now += otherAfter;
            await other.collect();
            shown.push(await fixture.scrape(INTERVAL - otherAfter));
          };
          const recorded = steps.reduce((sum, [, amount]) => sum + amount, 0);
          const shown: Record<string, number>[] = [];
          for (const [which, amount, scrapes] of steps) {
            if (which === 0) bound.add(amount);
            else counter.add(amount, { k: `${which}` });
            for (let count = 0; count < scrapes; count++) await scrape();
          }
          for (let count = 0; count < 5; count++) await scrape();
          const names = new Set(shown.flatMap(values => Object.keys(values)));
          const increases = [...names].map(name => increaseOf(shown.map(values => values[name])));
          expect(increases.reduce((sum, increase) => sum + increase, 0)).to.equal(recorded);
          await other.shutdown();
          await fixture.store.shutdown();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('should be off unless it is asked for, and go on when an endpoint is started again', async () => {
    const fixture = new Fixture();
    fixture.meter.createCounter('c').add(5);
    const valueAt = async (zeroStartMillis?: number): Promise<string | undefined> => {
      const endpoint = await startPrometheusEndpoint({
        ...{ store: fixture.store, port: 0 },
        ...(zeroStartMillis !== undefined && { zeroStartMillis }),
      });
      const text = await (await fetch(endpoint.url)).text();
      await endpoint.shutdown();
      return /^c_total (.*)$/m.exec(text)?.[1];
    };
    expect(await valueAt(1000)).to.equal('0');
    expect(await valueAt()).to.equal('5');
    fixture.now += 999;
    expect(await valueAt(1000)).to.equal('0');
    fixture.now++;
    expect(await valueAt(1000)).to.equal('5');
  });
});
