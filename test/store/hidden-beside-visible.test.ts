// Goal: what the store has to remember for policies neither shows anywhere nor takes anything visible along: no series, no
// overflow series, no delta, no life. Method: a store with policies, and one without any that is given what the policies make
// of each set, are shown the same things, at the same times, in all outputs.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Attributes } from '@opentelemetry/api';
import {
  cardinalityLimitedView,
  collectPrometheus,
  createStore,
  observeStore,
  type MetricStore,
} from '../../lib/index.js';
import { coreOf } from '../../lib/store/store-core.js';
import { slotsEnd, streamAdmitted, streamOfSlot } from '../../lib/memory/tables.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import { pointsIn } from '../support/points.js';

const TTL = 1000;
const LIMIT = 3;
const INSTRUMENTS = ['jobs', 'times', 'level', 'depth'] as const;
const LABELS = {
  // Nobody is refused who is allowed, so that what becomes of a set does not depend on who came first.
  pod: { allow: ['a', 'b'], maxValues: 2 },
  zone: { map: (zone: string) => zone.slice(0, 1), maxValues: 3 },
  trace: { drop: true },
} as const;

const set = fc.record(
  {
    pod: fc.constantFrom('a', 'b', 'c', 'd'),
    zone: fc.constantFrom('x1', 'x2', 'y1', 'z'),
    trace: fc.nat(9),
    other: fc.constantFrom('p', 'q'),
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom(...INSTRUMENTS), set, value: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('remove', 'clear'), set, value: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('collect', 'expire'), set, value: fc.nat(3) }) },
);

type Set = Partial<Record<keyof typeof LABELS | 'other', string | number>>;

function decided({ pod, zone, other }: Set): Attributes {
  return {
    ...(pod !== undefined && { pod: pod === 'a' || pod === 'b' ? pod : '_OTHER' }),
    ...(zone !== undefined && { zone: String(zone).slice(0, 1) }),
    ...(other !== undefined && { other }),
  };
}

class Side {
  readonly store: MetricStore;
  readonly #readers: readonly StoreReader[];
  readonly #instruments;

  constructor(isPoliced: boolean, now: () => number) {
    const views = INSTRUMENTS.map(instrumentName =>
      cardinalityLimitedView({ instrumentName, limit: LIMIT, ...(isPoliced && { labels: LABELS }) }),
    );
    this.store = createStore({ views, seriesTtlMillis: TTL, clock: { now } });
    const core = coreOf(this.store);
    this.#readers = (['delta', 'cumulative'] as const).map(temporality => core.openReader(() => temporality));
    const meter = this.store.getMeter('m');
    this.#instruments = {
      jobs: meter.createCounter('jobs'),
      times: meter.createHistogram('times', { advice: { explicitBucketBoundaries: [2, 5] } }),
      level: meter.createGauge('level'),
      depth: meter.createUpDownCounter('depth'),
    };
  }

  record(name: (typeof INSTRUMENTS)[number], value: number, attributes: Attributes): void {
    const { jobs, times, level, depth } = this.#instruments;
    if (name === 'jobs') jobs.add(value, attributes);
    else if (name === 'times') times.record(value, attributes);
    else if (name === 'level') level.record(value, attributes);
    else depth.add(value, attributes);
  }

  remove(index: number, attributes?: Attributes): unknown {
    const instrument = this.#instruments[INSTRUMENTS[index % INSTRUMENTS.length] ?? 'jobs'];
    return attributes === undefined ? instrument.clear() : instrument.remove(attributes);
  }

  /** Everything that a user can see of the store, but how much memory it needs and how often it was collected. */
  async shown(): Promise<unknown[]> {
    const shown: unknown[] = [];
    for (const reader of this.#readers) {
      const { streams, errors } = await reader.collect();
      reader.acknowledge();
      await coreOf(this.store).valueKeeper.look();
      shown.push(errors);
      for (const { definition, temporality, points } of streams)
        shown.push([
          { ...definition, policies: undefined },
          temporality,
          pointsIn(points)
            .map(point => JSON.stringify(point))
            .sort(),
        ]);
    }
    for (const accept of ACCEPTED) {
      const { chunks } = await collectPrometheus({ store: this.store, accept });
      const bytes: Uint8Array[] = [];
      for await (const chunk of chunks) bytes.push(Buffer.from(chunk));
      shown.push(Buffer.concat(bytes).toString('latin1'));
    }
    const { series, streams, reclaimedSeries, refused } = this.store.statistics();
    const { metrics } = this.store.cardinality();
    const labels = metrics.map(metric => ({ ...metric, labels: sorted(metric.labels) }));
    return [...shown, { series, streams, reclaimedSeries, refused }, labels];
  }

  /** Values that have a place. */
  get places(): number {
    const { registry, region } = coreOf(this.store);
    const hidden = registry.all().filter(({ definition }) => definition.hidden === true);
    return hidden.reduce((sum, { index }) => sum + streamAdmitted(region, index), 0);
  }
}

/** Of equally many series either may come first. */
function sorted(labels: ReturnType<MetricStore['cardinality']>['metrics'][number]['labels']): unknown[] {
  return labels
    .map(({ key, distinct, top }) =>
      JSON.stringify([key, distinct, top.map(each => JSON.stringify(each)).sort()]),
    )
    .sort();
}

const ACCEPTED = [
  'text/plain',
  'application/openmetrics-text; version=1.0.0',
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
];

describe('hidden streams beside visible ones', () => {
  it('should show nothing of themselves, and take nothing along', async function () {
    this.timeout(240_000);
    let freed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async steps => {
        let time = 1_700_000_000_000;
        const policed = new Side(true, () => time);
        const plain = new Side(false, () => time);
        const compare = async (): Promise<void> => {
          const before = policed.places;
          const [own, expected] = [await policed.shown(), await plain.shown()];
          expect(own).to.deep.equal(expected);
          expect(JSON.stringify(own)).not.to.contain('the label');
          freed += Math.max(0, before - policed.places);
        };
        await compare();
        for (const { do: what, set, value } of [...steps, LAST]) {
          const given: Set = set;
          const final = decided(given);
          const isOwn = final['pod'] === given.pod;
          if (what === 'expire') time += (value * TTL) / 2;
          else if (what === 'collect') await compare();
          else if (what === 'clear') expect(policed.remove(value)).to.equal(plain.remove(value));
          else if (what === 'remove')
            expect(policed.remove(value, given)).to.equal(isOwn && plain.remove(value, final));
          else {
            policed.record(what, value, given);
            plain.record(what, value, final);
          }
        }
        await Promise.all([policed.store.shutdown(), plain.store.shutdown()]);
      }),
      { numRuns: 60 },
    );
    expect(freed, 'places that came back').to.be.greaterThan(10);
  });

  it('should not be read by who reads series, with or without values that are let in', async () => {
    const side = new Side(true, () => 1e12);
    for (const pod of ['a', 'b', 'c']) side.record('jobs', 1, { pod, zone: 'x', trace: 1 });
    await side.shown();
    const { catalog, region, registry } = coreOf(side.store);
    const isHidden = (slot: number): boolean =>
      registry.at(streamOfSlot(region, slot)).definition.hidden === true;
    const own = registry.all().map(({ index }) => index);
    const admitted = Array.from({ length: slotsEnd(region) - region.layout.maxStreams }, (_, index) => index);
    const slots = [...own, ...admitted.map(index => index + region.layout.maxStreams)];
    const known = slots.filter(slot => catalog.at(slot) !== undefined);
    expect(slots.filter(isHidden)).to.have.length(2 * INSTRUMENTS.length + 3);
    expect(known).to.deep.equal(slots.filter(slot => !isHidden(slot)));
    await side.store.shutdown();
  });

  it('should be in nothing that a store exports of itself', async () => {
    const { store } = new Side(true, () => 1e12);
    store.getMeter('m').createCounter('jobs').add(1, { pod: 'a', zone: 'x' });
    const observed = observeStore({ store, meter: store.getMeter('self') });
    for (const accept of ACCEPTED) {
      const { chunks } = await collectPrometheus({ store, accept });
      let text = '';
      for await (const chunk of chunks) text += Buffer.from(chunk).toString('latin1');
      expect(text).to.contain('jobs').and.not.to.contain('the label').and.not.to.contain('stream 0');
    }
    observed.stop();
    await store.shutdown();
  });
});

const LAST = { do: 'collect', set: {}, value: 0 } as const;
