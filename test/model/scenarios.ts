// All scenarios with their bounds.
import type { Exploration } from './explorer.js';
import { admission } from './scenarios/admission.js';
import { causalPair } from './scenarios/causal-pair.js';
import { copying } from './scenarios/copying.js';
import { deltaReader } from './scenarios/delta-reader.js';
import { addingGauge, settingGauges } from './scenarios/gauges.js';
import { hidden } from './scenarios/hidden.js';
import { histogram } from './scenarios/histogram.js';
import { leases } from './scenarios/leases.js';
import { reclaim } from './scenarios/reclaim.js';
import { removal } from './scenarios/removal.js';
import { restoring } from './scenarios/restoring.js';
import { revival } from './scenarios/revival.js';
import { takeover } from './scenarios/takeover.js';
import type { ShippedSources } from './shipped-sources.js';

export interface Scenario {
  readonly name: string;
  readonly explore: (sources: ShippedSources) => Exploration;
}

const STALLING = { pauses: 1, deadlines: 1 };
const ASKING_SUCCESSOR = { impatience: 1, pauses: 2, after: 1 };
const SUCCESSOR = { collects: 1, impatience: 1, pauses: 2, after: 1 };

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  pair: {
    name: 'causal pair: 2 writers × 2 records, 1 collector × 2 cuts with deadline',
    explore: sources => causalPair(sources, 2, 2),
  },
  smallPair: {
    name: 'causal pair: 2 writers × 1 record, 1 collector × 2 cuts with deadline',
    explore: sources => causalPair(sources, 1, 2),
  },
  histogram: {
    name: 'histogram, 2 buckets: 1 writer × 2 records, 1 collector × 2 cuts with deadline',
    explore: sources => histogram(sources, { writers: [2], collectors: [{ collects: 2, ...STALLING }] }),
  },
  histogramStripes: {
    name: 'histogram, 2 buckets: writers of 2 records and of 1 on 2 stripes, 1 collector × 1 cut with deadline',
    explore: sources => histogram(sources, { writers: [2, 1], collectors: [{ collects: 1, ...STALLING }] }),
  },
  histogramTakeover: {
    name: 'histogram, 2 buckets: 1 writer × 2 records, a collector killed anywhere, its successor',
    explore: sources =>
      histogram(sources, {
        writers: [2],
        collectors: [{ collects: 1, crashes: 1 }, SUCCESSOR],
      }),
  },
  initializing: {
    name: 'histogram, 2 buckets: 1 writer × 2 records, another thread makes it exist, 1 collector × 2 cuts',
    explore: sources => histogram(sources, { writers: [2], collectors: [{ collects: 2 }], inits: true }),
  },
  initializingAlone: {
    name: 'histogram, 2 buckets: a thread makes it exist, nobody records, 1 collector × 2 cuts',
    explore: sources => histogram(sources, { writers: [], collectors: [{ collects: 2 }], inits: true }),
  },
  addingGauge: {
    name: 'gauge: 2 threads add to one, 1 and 2 records, 1 collector × 1 cut with deadline',
    explore: sources => addingGauge(sources, { records: 1, collector: { collects: 1, ...STALLING } }),
  },
  settingGauges: {
    name: 'gauges: 2 threads × 2 Sets of value and kind, a causal pair, 1 collector × 2 cuts with deadline',
    explore: sources => settingGauges(sources, { records: 2, collector: { collects: 2, ...STALLING } }),
  },
  sameKey: {
    name: 'admission: 2 threads, one set, limit 1',
    explore: sources => admission(sources, { values: ['a', 'a'], limit: 1, room: 2 }),
  },
  catalog: {
    name: 'admission: 1 thread, a collector looks at the slots meanwhile',
    explore: sources => admission(sources, { values: ['a'], limit: 1, room: 2, catalog: true }),
  },
  twoKeys: {
    name: 'admission: 2 threads, two sets in two chains, limit 1',
    explore: sources => admission(sources, { values: ['a', 'b'], limit: 1, room: 2 }),
  },
  oneBucket: {
    name: 'admission: 2 threads, two sets in one chain, limit 2, the first one killed anywhere',
    explore: sources =>
      admission(sources, { values: ['', ''], sameChain: true, limit: 2, room: 2, crashes: 1 }),
  },
  fullStore: {
    name: 'admission: 2 threads, two sets, limit 2, room for 1 in the store',
    explore: sources => admission(sources, { values: ['a', 'b'], limit: 2, room: 1 }),
  },
  killed: {
    name: 'takeover: 1 writer × 3 records, a collector × 2 cuts killed anywhere, its successor',
    explore: sources =>
      takeover(sources, { records: 3, collectors: [{ collects: 2, crashes: 1, ...STALLING }, SUCCESSOR] }),
  },
  asleep: {
    name: 'takeover: 1 writer × 1 record, 2 collectors, one takes the right from the other, which wakes up',
    explore: sources =>
      takeover(sources, {
        records: 1,
        collectors: [{ collects: 1 }, { collects: 1, impatience: 1, pauses: 1 }],
      }),
  },
  asleepTwo: {
    name: 'takeover: 1 writer × 2 records, 2 collectors, one takes the right from the other, which wakes up',
    explore: sources =>
      takeover(sources, {
        records: 2,
        collectors: [{ collects: 1 }, { collects: 1, impatience: 1, pauses: 1 }],
      }),
  },
  exports: {
    name: 'delta reader: 1 writer × 2 records, 2 cuts, each export arrives or fails',
    explore: sources => deltaReader(sources, { records: 2, delta: { collects: 2, ...STALLING } }),
  },
  exportsAfterKill: {
    name: 'delta reader: 1 writer × 2 records, another collector killed anywhere, 2 cuts',
    explore: sources =>
      deltaReader(sources, {
        records: 2,
        delta: { collects: 2, impatience: 1, pauses: 2 },
        cumulative: { collects: 1, crashes: 1 },
      }),
  },
  opening: {
    name: 'lease: a delta reader opens and collects while a collector drains a histogram',
    explore: sources =>
      leases(sources, {
        kind: 'histogram',
        records: 2,
        afterOpening: 1,
        collector: { collects: 1 },
        readers: [{ collects: 1 }],
      }),
  },
  openingPair: {
    name: 'lease: a delta reader opens and collects while a collector drains cause and effect',
    explore: sources =>
      leases(sources, { kind: 'pair', records: 2, collector: { collects: 1 }, readers: [{ collects: 1 }] }),
  },
  closing: {
    name: 'lease: a delta reader closes while a collector drains a histogram, the next one has its place',
    explore: sources =>
      leases(sources, {
        kind: 'histogram',
        records: 2,
        afterOpening: 1,
        collector: { collects: 1 },
        readers: [
          { isOpen: true, collects: 0, closes: true },
          { collects: 1, after: 0 },
        ],
      }),
  },
  mergingKilled: {
    name: 'lease: a delta reader is killed anywhere while what failed comes again, the next one has its place',
    explore: sources =>
      leases(sources, {
        kind: 'histogram',
        before: 1,
        records: 3,
        afterOpening: 2,
        readers: [
          { isOpen: true, collects: 2, mayFail: true, crashes: 1 },
          { collects: 1, opensAt: 100, after: 0, impatience: 1, pauses: 2 },
        ],
      }),
  },
  idle: {
    name: 'lease: a delta reader collects at the last moment, another one wants its place',
    explore: sources =>
      leases(sources, {
        kind: 'histogram',
        records: 1,
        readers: [
          { isOpen: true, collects: 1, collectsAt: 10 },
          { collects: 1, opensAt: 12 },
        ],
      }),
  },
  claiming: {
    name: 'lease: two delta readers want the place that a third one gave back long ago',
    explore: sources =>
      leases(sources, {
        kind: 'histogram',
        records: 1,
        readers: [
          { isOpen: true, collects: 0, closes: true },
          { collects: 1, opensAt: 12, after: 0 },
          { collects: 0, opensAt: 12, after: 0 },
        ],
      }),
  },
  expiring: {
    name: 'reclaim: a handle × 2 records, its series expires, 1 collector × 3 cuts',
    explore: sources => reclaim(sources, { records: 2, collectors: [{ collects: 3 }] }),
  },
  expiringAfterKill: {
    name: 'reclaim: a handle × 1 record, 2 cuts of a collector killed anywhere, 1 of its successor',
    explore: sources =>
      reclaim(sources, {
        records: 1,
        collectors: [
          { collects: 2, crashes: 1 },
          { ...SUCCESSOR, after: 0 },
        ],
      }),
  },
  expiringReused: {
    name: 'reclaim: a handle × 1 record, another set takes the freed slot after 3 cuts',
    explore: sources => reclaim(sources, { records: 1, newcomer: true, collectors: [{ collects: 3 }] }),
  },
  reviving: {
    name: 'revival: a counter × 3 records, left out whenever nobody records, 1 collector × 3 cuts',
    explore: sources => revival(sources, { kind: 'sum', records: 3, collectors: [{ collects: 3 }] }),
  },
  revivingHistogram: {
    name: 'revival: a histogram that was left out × 2 records, 1 collector × 2 cuts',
    explore: sources =>
      revival(sources, {
        ...{ kind: 'histogram', wasLeftOut: true, records: 2 },
        collectors: [{ collects: 2 }],
      }),
  },
  revivingHistogramAfterKill: {
    name: 'revival: a histogram that was left out × 1 record, a collector killed anywhere, its successor',
    explore: sources =>
      revival(sources, {
        ...{ kind: 'histogram', wasLeftOut: true, records: 1 },
        collectors: [{ collects: 1, crashes: 1 }, SUCCESSOR],
      }),
  },
  revivingGauge: {
    name: 'revival: a gauge that was left out × 2 adds, 1 collector × 2 cuts',
    explore: sources =>
      revival(sources, { kind: 'gauge', wasLeftOut: true, records: 2, collectors: [{ collects: 2 }] }),
  },
  revivingOverflow: {
    name: 'revival: an overflow series × 2 records, left out whenever nobody records, 1 collector × 3 cuts',
    explore: sources =>
      revival(sources, { kind: 'sum', records: 2, overflows: true, collectors: [{ collects: 3 }] }),
  },
  restoring: {
    name: 'restored: a counter × 2 records of another thread, 1 collector × 1 cut',
    explore: sources => restoring(sources, { kind: 'sum', records: 2, collects: 1 }),
  },
  restoringHistogram: {
    name: 'restored: a histogram × 1 record of another thread, 1 collector × 1 cut',
    explore: sources => restoring(sources, { kind: 'histogram', records: 1, collects: 1 }),
  },
  restoringGauge: {
    name: 'restored: a gauge × 1 add of another thread, 1 collector × 1 cut',
    explore: sources => restoring(sources, { kind: 'gauge', records: 1, collects: 1 }),
  },
  hidden: {
    name: 'hidden: a thread brings a value, whose place nobody needs and is given back',
    explore: sources => hidden(sources, { askers: [{}] }),
  },
  hiddenNeeded: {
    name: 'hidden: a thread brings a value that has a series, whose place is asked for',
    explore: sources => hidden(sources, { isNeeded: true, askers: [{}] }),
  },
  hiddenAfterKill: {
    name: 'hidden: a value that nobody brings any more, an asker killed anywhere, its successor',
    explore: sources => hidden(sources, { isForgotten: true, askers: [{ crashes: 1 }, ASKING_SUCCESSOR] }),
  },
  hiddenTwice: {
    name: 'hidden: a thread brings a value, 2 askers, the second one only marks, after it',
    explore: sources =>
      hidden(sources, { askers: [{ pauses: 1 }, { onlyMarks: true, after: 0, pauses: 1 }] }),
  },
  hiddenRivals: {
    name: 'hidden: two threads bring two values, for which there is one place, one of them killed anywhere',
    explore: sources => hidden(sources, { isFree: true, bounds: { crashes: 1 }, rival: {}, askers: [] }),
  },
  hiddenThree: {
    name: 'hidden: a thread, killed anywhere, brings a value whose place is given back, another one a new value at once',
    explore: sources => hidden(sources, { bounds: { crashes: 1 }, rival: { isAtOnce: true }, askers: [{}] }),
  },
  copyingAdmitted: {
    name: 'copy: of a histogram, another one gets its cell of two that were given back',
    explore: sources => copying(sources, { kind: 'histogram', freed: 2, deeds: ['admit'] }),
  },
  copyingAdmittedNew: {
    name: 'copy: of a histogram, two others get cells that nobody had',
    explore: sources => copying(sources, { kind: 'histogram', deeds: ['admit', 'admit'] }),
  },
  copyingRemoved: {
    name: 'copy: of a histogram, it is removed and recorded into, another one comes',
    explore: sources => copying(sources, { kind: 'histogram', deeds: ['remove', 'record', 'admit'] }),
  },
  copyingRevived: {
    name: 'copy: of a counter, a record revives it, a successor takes the right and drains its new life',
    explore: sources => copying(sources, { kind: 'sum', wasLeftOut: true, deeds: ['record', 'collect'] }),
  },
  copyingTakenOver: {
    name: 'copy: of a histogram, a successor takes the right and frees its slot in 2 cuts, which another one gets',
    explore: sources =>
      copying(sources, { kind: 'histogram', freed: 1, deeds: ['collect', 'collect', 'admit'] }),
  },
  copyingHidden: {
    name: 'copy: of a removed histogram, tried again after a successor freed its slot, which a hidden place gets',
    explore: sources =>
      copying(sources, {
        ...{ kind: 'histogram', freed: 1, wasRemoved: true, keeps: true },
        deeds: ['collect', 'hide'],
      }),
  },
  removing: {
    name: 'removal: a handle × 2 records, its series is removed, 1 collector × 2 cuts',
    explore: sources => removal(sources, { records: 2, limit: 2, room: 2, collectors: [{ collects: 2 }] }),
  },
  removingAfterKill: {
    name: 'removal: a handle × 1 record, then its series is removed, 2 cuts of a collector killed anywhere, 1 of its successor',
    explore: sources =>
      removal(sources, {
        records: 1,
        limit: 2,
        room: 2,
        remover: { after: 1 },
        collectors: [
          { collects: 2, crashes: 1 },
          { ...SUCCESSOR, after: 0 },
        ],
      }),
  },
  removingKilled: {
    name: 'removal: a handle × 1 record, its series is removed by a thread killed anywhere, 1 collector × 2 cuts',
    explore: sources =>
      removal(sources, {
        records: 1,
        limit: 2,
        room: 2,
        remover: { crashes: 1 },
        collectors: [{ collects: 2 }],
      }),
  },
  removingExpiring: {
    name: 'removal: a handle × 1 record, then its series is removed while it expires, 1 collector × 3 cuts',
    explore: sources =>
      removal(sources, {
        records: 1,
        limit: 2,
        room: 2,
        ttl: 1,
        remover: { after: 1 },
        collectors: [{ collects: 3 }],
      }),
  },
  removingReused: {
    name: 'removal: a handle × 1 record, its series is removed, another set gets its slot after 3 cuts',
    explore: sources =>
      removal(sources, {
        records: 1,
        limit: 1,
        room: 1,
        newcomer: { records: 1, after: 2 },
        collectors: [{ collects: 3 }],
      }),
  },
  removingTwin: {
    name: 'removal: limit 1, a thread looks for the series while it is removed',
    explore: sources =>
      removal(sources, {
        records: 0,
        limit: 1,
        room: 2,
        newcomer: { records: 1, isTwin: true },
        collectors: [],
      }),
  },
  removingFull: {
    name: 'removal: limit 1, a set × 2 records that finds it full, the other series is removed',
    explore: sources =>
      removal(sources, { records: 0, limit: 1, room: 2, newcomer: { records: 2 }, collectors: [] }),
  },
};
