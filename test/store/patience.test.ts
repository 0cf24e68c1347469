// Goal: clients who ask in the same moment, each as long as it wants to wait. Who does not wait gets what is there, in time,
// and is told what is not; who waits gets it, whoever else asked. Whatever they do, the numbers of each are exact.
import { AggregationTemporality, MeterProvider, type CollectionResult } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { textsOf } from '../../lib/exposition/chunk-texts.js';
import { TEXT_FORMAT } from '../../lib/exposition/negotiation/exposition-format.js';
import { PrometheusCollector } from '../../lib/exposition/prometheus-collector.js';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import type { InstrumentKind, Temporality } from '../../lib/store/definition/stream.js';
import { coreOf, createCore } from '../../lib/store/store-core.js';
import { ScriptedExporter } from '../support/scripted-exporter.js';
import { pointsIn } from '../support/points.js';

/** What a client was given: the names of metrics, and why something is missing. */
interface Given {
  readonly names: readonly string[];
  readonly errors: string;
}

/** A client asks, and waits for so long. */
type Door = (timeoutMillis: number) => Promise<Given>;

const LONG = 60_000;
const SHORT = 20;

const wait = (millis: number): Promise<void> => new Promise(resolve => setTimeout(resolve, millis));

describe('clients of different patience', () => {
  let store: MetricStore;
  let open: () => void;
  let ends: (() => unknown)[];
  beforeEach(() => {
    store = createStore({ shared: false, maxBytes: 2 ** 22 });
    ends = [() => store.shutdown()];
    const meter = store.getMeter('m');
    meter.createCounter('stored').add(1);
    meter.createObservableGauge('quick').addCallback(result => result.observe(1));
    const gate = new Promise<void>(resolve => (open = resolve));
    meter.createObservableGauge('slow').addCallback(async result => {
      await gate;
      result.observe(7);
    });
  });
  afterEach(async () => {
    open();
    for (const end of ends.reverse()) await end();
  });

  const readerDoor = (temporality: Temporality): Door => {
    const reader = coreOf(store).openReader(() => temporality);
    ends.push(() => reader.close());
    return async timeoutMillis => {
      const { streams, errors } = await reader.collect({ timeoutMillis });
      const shown = streams.filter(({ points }) => points.length > 0);
      return { names: shown.map(({ definition }) => definition.name), errors: String(errors) };
    };
  };
  const given = ({ resourceMetrics, errors }: CollectionResult): Given => ({
    names: resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ dataPoints }) => dataPoints.length > 0)
      .map(({ descriptor }) => descriptor.name),
    errors: String(errors),
  });
  const doors: Record<string, () => Door> = {
    'a cumulative reader': () => readerDoor('cumulative'),
    'a delta reader': () => readerDoor('delta'),
    'an endpoint': () => {
      const collector = new PrometheusCollector(store, { targetInfo: false });
      ends.push(() => collector.close());
      return async timeoutMillis => {
        const { exposition, errors, release } = await collector.collect(timeoutMillis);
        const text = [...textsOf(await exposition.chunks(TEXT_FORMAT))].join('');
        release();
        const names = ['stored', 'quick', 'slow'].filter(name => text.includes(`\n${name}`));
        return { names, errors: String(errors) };
      };
    },
    'a pull reader': () => {
      const reader = new DoubleBufferedMetricReader({ store });
      ends.push(() => reader.shutdown());
      return async timeoutMillis => given(await reader.collect({ timeoutMillis }));
    },
    'a producer': () => {
      const producer = store.metricProducer();
      return async timeoutMillis => given(await producer.collect({ timeoutMillis }));
    },
  };
  const [all, some] = [
    ['stored', 'quick', 'slow'],
    ['stored', 'quick'],
  ];
  const check = async (patient: Promise<Given>, impatient: Promise<Given>): Promise<void> => {
    // The callback answers only when this one was answered.
    const early = await impatient;
    expect(early.names).to.have.members(some);
    expect(early.errors).to.match(
      /the observable callback of slow did not finish|the observable callback of slow is still busy/,
    );
    open();
    const whole = await patient;
    expect(whole.names).to.have.members(all);
    expect(whole.errors).to.equal('');
  };

  for (const [patientName, patient] of Object.entries(doors))
    for (const [impatientName, impatient] of Object.entries(doors))
      it(`should each get their own: ${patientName} waits, ${impatientName} does not`, async () => {
        const [waits, hurries] = [patient(), impatient()];
        const early = hurries(SHORT);
        await check(waits(LONG), early);
      });

  // The intervals of one delta reader are read in the order in which they were asked for.
  for (const [name, open_] of Object.entries(doors).filter(([name]) => name !== 'a delta reader'))
    for (const order of ['first', 'last', 'later', 'earlier'])
      it(`should each get their own of ${name}, who does not wait comes ${order}`, async () => {
        const door = open_();
        const isFirst = order === 'first' || order === 'earlier';
        const one = door(isFirst ? SHORT : LONG);
        if (order === 'later') await wait(5);
        if (order === 'earlier') await one;
        const other = door(isFirst ? LONG : SHORT);
        await (isFirst ? check(other, one) : check(one, other));
      });

  it('should read what one delta reader observes in the order in which it was told', async () => {
    let value = 100;
    const counter = store.getMeter('m').createObservableCounter('counted');
    counter.addCallback(result => result.observe(value));
    const reader = coreOf(store).openReader(() => 'delta');
    ends.push(() => reader.close());
    let sum = 0;
    const ask = async (timeoutMillis: number): Promise<void> => {
      const { streams } = await reader.collect({ timeoutMillis });
      reader.acknowledge();
      const counted = streams.find(({ definition }) => definition.name === 'counted');
      for (const point of pointsIn(counted?.points)) sum += point.value as number;
    };
    const first = ask(LONG);
    await wait(5);
    value = 130;
    const second = ask(SHORT);
    await wait(2 * SHORT);
    open();
    await Promise.all([first, second]);
    expect(sum).to.equal(130);
  });

  it('should give an export what it waits for, beside a caller who does not', async () => {
    const exporter = new ScriptedExporter(undefined, AggregationTemporality.CUMULATIVE);
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    ends.push(() => reader.shutdown());
    const early = reader.collect({ timeoutMillis: SHORT }).then(given);
    await check(
      reader.forceFlush().then(() => given({ resourceMetrics: exporter.exported[0]!, errors: [] })),
      early,
    );
  });

  it("should give a scrape the provider's own metrics, beside one that does not wait for them", async () => {
    const reader = new DoubleBufferedMetricReader({ store });
    const provider = new MeterProvider({ readers: [reader] });
    ends.push(() => provider.shutdown());
    let answer: (() => void) | undefined;
    provider
      .getMeter('m')
      .createObservableGauge('foreign')
      .addCallback(async result => {
        await new Promise<void>(resolve => (answer = resolve));
        result.observe(1);
      });
    open();
    const [early, whole] = [SHORT, LONG].map(timeoutMillis => reader.collect({ timeoutMillis }));
    const first = given(await early!);
    expect(first.names).to.have.members(all);
    expect(first.errors).to.match(/a metric producer did not finish/);
    answer?.();
    expect(given(await whole!).names).to.have.members([...all, 'foreign']);
  });

  it('should answer who waits for a callback when the store is shut down meanwhile', async () => {
    const [waits, hurries] = [readerDoor('cumulative'), readerDoor('delta')];
    const both = [waits(LONG), hurries(SHORT)];
    await wait(1);
    await store.shutdown();
    await both[1];
    open();
    expect((await both[0]!).names).to.include('stored');
  });
});

describe('random clients', () => {
  const KINDS: Record<string, (kind: InstrumentKind) => Temporality> = {
    cumulative: () => 'cumulative',
    delta: () => 'delta',
    'delta but for what is observed': kind => (kind.startsWith('OBSERVABLE') ? 'cumulative' : 'delta'),
    'delta of what is observed': kind => (kind.startsWith('OBSERVABLE') ? 'delta' : 'cumulative'),
  };
  /** What a client adds up of a counter. */
  interface Sum {
    total: number;
    until: number;
  }

  class Client {
    readonly sums: Record<string, Sum> = {
      stored: { total: 0, until: -1 },
      observed: { total: 0, until: -1 },
    };
    readonly #reader: StoreReader;

    constructor(reader: StoreReader) {
      this.#reader = reader;
    }

    /** `arrives`: otherwise the next one has it again. */
    async ask(timeoutMillis: number, arrives: boolean): Promise<readonly Error[]> {
      const cut = await this.#reader.collect({ timeoutMillis });
      if (arrives) {
        for (const { definition, temporality, points } of cut.streams) {
          const sum = this.sums[definition.name];
          for (const { value, startUnixMillis } of pointsIn(points)) {
            if (sum === undefined || typeof value !== 'number') continue;
            if (temporality === 'delta' && sum.until >= 0)
              expect(startUnixMillis, `${definition.name}: gap or overlap`).to.equal(sum.until);
            if (temporality === 'cumulative') expect(value).to.be.at.least(sum.total);
            sum.total = temporality === 'delta' ? sum.total + value : value;
          }
          // Where it was not observed, its interval goes on.
          if (sum !== undefined && temporality === 'delta') sum.until = cut.atUnixMillis;
        }
        for (const [name, sum] of Object.entries(this.sums))
          if (sum.until >= 0 && !cut.isStale) this.sums[name] = { ...sum, until: cut.atUnixMillis };
        this.#reader.acknowledge();
      }
      cut.release();
      return cut.errors;
    }
  }

  const asks = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 12 }),
      timeoutMillis: fc.constantFrom(1, 5, 15, LONG),
      arrives: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const scenario = fc.record({
    clients: fc.array(fc.record({ kind: fc.constantFrom(...Object.keys(KINDS)), asks }), {
      minLength: 2,
      maxLength: 4,
    }),
    /** Of the callback, one after the other: how long it takes, and whether it fails. */
    calls: fc.array(fc.record({ takes: fc.constantFrom(0, 0, 3, 10, 25), fails: fc.boolean() }), {
      maxLength: 12,
    }),
  });

  it('should each have exact sums, and deltas without gap or overlap', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ clients, calls }) => {
        const core = createCore({ shared: false, maxBytes: 2 ** 22 });
        const meter = meterOf(core, 'm');
        const counter = meter.createCounter('stored');
        let recorded = 0;
        const record = (): void => {
          recorded++;
          counter.add(1);
        };
        const left = [...calls];
        let running = 0;
        meter.createObservableCounter('observed').addCallback(async result => {
          expect(++running, 'callbacks at once').to.equal(1);
          const { takes, fails } = left.shift() ?? { takes: 0, fails: false };
          if (takes > 0) await wait(takes);
          running--;
          if (fails) throw new Error('broken');
          result.observe(recorded);
        });
        record();
        const recording = setInterval(record, 1);
        const all = clients.map(({ kind, asks: list }) => ({
          client: new Client(core.openReader(KINDS[kind]!)),
          list,
        }));
        await Promise.all(
          all.map(async ({ client, list }) => {
            for (const { after, timeoutMillis, arrives } of list) {
              await wait(after);
              await client.ask(timeoutMillis, arrives);
            }
          }),
        );
        clearInterval(recording);
        left.length = 0;
        for (const { client } of all) {
          // A call that is late may be older than this one would wait, which is then told so.
          while ((await client.ask(LONG, true)).length > 0);
          expect(client.sums['stored']?.total, 'stored').to.equal(recorded);
          expect(client.sums['observed']?.total, 'observed').to.equal(recorded);
        }
        core.shutdown();
      }),
      { numRuns: 30 },
    );
  });
});
