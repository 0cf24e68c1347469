// The report on a store's labels: what the walk over the slot table found, beside what the streams say of themselves. It
// costs some microseconds a series, so callers share one and it is kept for a while. One per thread and store.
import { adviceFor } from '../cardinality/advice.js';
import { estimate } from '../cardinality/hyper-log-log.js';
import type { LabelReport, MetricLabels } from '../cardinality/label-report.js';
import { SpareTime } from '../guard/spare-time.js';
import { checkOption, checkWhole, readOptions, type KeysOf } from '../guard/option-checks.js';
import type { Region } from '../memory/region.js';
import { slotsEnd, streamAdmitted, streamOverflowed } from '../memory/tables.js';
import { monotonicMillis } from '../waiting.js';
import { LabelWalk } from './collect/label-walk.js';
import type {
  CardinalityCount,
  CardinalityReport,
  DryRunCardinality,
  LabelPolicyUse,
  MetricCardinality,
} from './definition/cardinality-report.js';
import { DryRuns } from './dry-runs.js';
import type { StreamDefinition } from './definition/stream.js';
import type { View } from './definition/view.js';
import { OVERFLOW_TEXT } from './definition/overflow.js';
import { instrumentOfView, matchesPattern } from './definition/view-matching.js';
import { countRefusedValues } from './record/refused-values.js';
import { refusedSketches } from './refused-sketches.js';
import type { RegisteredStream, StreamRegistry } from './series/stream-registry.js';

/** What `store.cardinalityReport()` may be asked for. */
export interface CardinalityReportOptions {
  /** Only metrics of this name, in which `*` is any text and `?` one character. Case does not count. @defaultValue all */
  readonly metric?: string;
  /** Values of each label that are named, 1 to 100. @defaultValue `10` */
  readonly top?: number;
}

/** What it needs of a store. */
interface ReportedStore {
  readonly region: Region;
  readonly registry: StreamRegistry;
  readonly clock: { now(): number };
  readonly views: readonly View[];
  readonly options: { readonly maxLabelValueLength: number };
  /** What observables have, which have no slots. */
  readonly observers: { readonly lastSets: ReadonlyMap<number, ReadonlyMap<string, unknown>> };
}

type Policies = ReadonlyMap<string, LabelPolicyUse>;

const KEYS: KeysOf<CardinalityReportOptions> = { metric: true, top: true };

const TOP_DEFAULT = 10;
const TOP_MAX = 100;
/** Series that are looked at; of more, every k-th one is. */
const SERIES_MAX = 1_000_000;
/** For so long a report is given to who asks next, and for longer when it was dear: then it costs a twentieth of a thread. */
const KEPT_MILLIS = 5000;
const KEPT_PER_MILLI = 20;

export class CardinalityReports {
  readonly #store: ReportedStore;
  #running: Promise<CardinalityReport> | undefined;
  #kept: CardinalityReport | undefined;
  #keptUntil = 0;

  constructor(store: ReportedStore) {
    this.#store = store;
  }

  /** @throws MetricStoreError INVALID_OPTION */
  async get(options: CardinalityReportOptions): Promise<CardinalityReport> {
    const { metric, top = TOP_DEFAULT } = readOptions('the options of cardinalityReport()', options, KEYS);
    checkOption('metric', metric, 'string');
    checkWhole('top', top, 1, TOP_MAX);
    const report = await this.#whole();
    const pattern = metric?.toLowerCase();
    const metrics = report.metrics
      .filter(({ name }) => pattern === undefined || matchesPattern(pattern, name.toLowerCase()))
      .map(found => ({
        ...found,
        labels: found.labels.map(label => ({ ...label, top: label.top.slice(0, top) })),
      }));
    return { ...report, metrics };
  }

  #whole(): Promise<CardinalityReport> {
    if (this.#kept !== undefined && monotonicMillis() < this.#keptUntil) return Promise.resolve(this.#kept);
    this.#running ??= this.#make().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #make(): Promise<CardinalityReport> {
    const { region, registry, observers, views } = this.#store;
    const time = new SpareTime();
    const tried = new DryRuns(this.#store);
    const walk = new LabelWalk(region, registry, tried);
    const sampled = Math.max(1, Math.ceil((slotsEnd(region) - region.layout.maxStreams) / SERIES_MAX));
    for (const _ of walk.read(sampled)) if (time.isOver()) await time.next();
    const observed = new Map<number, number>();
    for (const [stream, sets] of [...observers.lastSets]) {
      const texts = [...sets.keys()].filter(text => text !== OVERFLOW_TEXT);
      observed.set(stream, texts.length);
      for (const _ of walk.readTexts(stream, texts)) if (time.isOver()) await time.next();
    }
    const places = valuePlaces(registry);
    const metrics: MetricCardinality[] = [];
    for (const stream of registry.visible()) {
      const series = streamAdmitted(region, stream.index) + (observed.get(stream.index) ?? 0);
      const policies = policiesOf(region, stream.definition, places.get(stream.index));
      const seen = joinRefused(region, stream.index, series, walk.labelsOf(stream.index), sampled);
      const instrumentName = instrumentOfView(stream.definition, views);
      metrics.push(metricOf(stream, seen, { policies, dryRun: tried.of(stream.index), instrumentName }));
      if (time.isOver()) await time.next();
    }
    const report: CardinalityReport = {
      version: 1,
      at: this.#store.clock.now(),
      series: metrics.reduce((sum, { series }) => sum + series, 0),
      maxSeries: region.layout.maxSeries,
      sampled,
      metrics: metrics.sort(inOrder),
    };
    this.#keep(report, Math.max(KEPT_MILLIS, KEPT_PER_MILLI * time.spentMillis));
    return report;
  }

  #keep(report: CardinalityReport, millis: number): void {
    this.#kept = report;
    this.#keptUntil = monotonicMillis() + millis;
    setTimeout(() => {
      if (this.#kept === report) this.#kept = undefined;
    }, millis).unref();
  }
}

/** By stream, then by label: the hidden stream that has the places of its values. */
function valuePlaces(registry: StreamRegistry): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const places = new Map<number, Map<string, number>>();
  for (const { index, definition } of registry.all()) {
    if (definition.valuesOf === undefined) continue;
    const { stream, label } = definition.valuesOf;
    const ofStream = places.get(stream) ?? new Map<string, number>();
    places.set(stream, ofStream.set(label, index));
  }
  return places;
}

/** What a View says about the labels of a stream, by their names. */
function policiesOf(
  region: Region,
  { policies = [] }: StreamDefinition,
  places: ReadonlyMap<string, number> | undefined,
): Policies {
  return new Map(
    policies.map(({ label, rule, maxValues, overflowValue }) => [
      label,
      {
        rule,
        ...(maxValues !== undefined && {
          maxValues,
          ...useOf(region, places?.get(label)),
          choose: 'first' as const,
        }),
        ...(rule !== 'drop' && { overflowValue }),
      },
    ]),
  );
}

function useOf(region: Region, places: number | undefined): Pick<LabelPolicyUse, 'used' | 'refused'> {
  // The store had no room for them.
  if (places === undefined) return { used: 0 };
  const refused = countRefusedValues(region, places);
  return { used: streamAdmitted(region, places), ...(refused !== undefined && { refused }) };
}

/** What Views say of a stream. */
interface ViewedStream {
  readonly policies: Policies;
  readonly dryRun: DryRunCardinality | undefined;
  readonly instrumentName: string | undefined;
}

/** What is there of a stream, and what was asked for. */
interface SeenStream {
  readonly series: number;
  readonly overflowed: number;
  readonly demand: CardinalityCount;
  readonly labels: readonly LabelReport[];
}

/** The series of a stream with the sets that it refused, if they were counted. */
function joinRefused(
  region: Region,
  stream: number,
  series: number,
  labels: MetricLabels | undefined,
  sampled: number,
): SeenStream {
  const overflowed = streamOverflowed(region, stream);
  const most = series + overflowed;
  const refused = overflowed === 0 ? undefined : refusedSketches(region, stream);
  if (labels === undefined || refused === undefined) {
    const demand = { sets: most, exact: overflowed === 0, atMost: overflowed > 0 };
    return { series, overflowed, demand, labels: labels?.report(TOP_MAX) ?? [] };
  }
  labels.join(refused.sets, refused.labels, refused.isWhole);
  // Of a sample of the series it is not known which ones were refused before.
  const asked = sampled === 1 ? labels.sets.count : series + estimate(refused.sets);
  const sets = Math.min(most, Math.max(series, asked));
  return {
    ...{ series, overflowed, demand: { sets, exact: false, atMost: false } },
    // An estimate may be higher than what is possible.
    labels: labels.report(TOP_MAX).map(label => ({
      ...label,
      distinct: Math.min(sets, label.distinct),
      seriesWithout: Math.min(sets, label.seriesWithout),
    })),
  };
}

function metricOf(
  { definition: { name, scope, kind, limit } }: RegisteredStream,
  { series, overflowed, demand, labels }: SeenStream,
  { policies, dryRun, instrumentName }: ViewedStream,
): MetricCardinality {
  const decided = new Set(policies.keys());
  // An upper bound says nothing of labels.
  const asked = demand.atMost ? series : demand.sets;
  const advice = adviceFor({
    ...{ name, scope: scope.name, series, asked, limit, overflowed, labels, decided },
    instrumentName,
  });
  return {
    ...{ name, scope: scope.name, kind, series, limit },
    headroom: Math.max(0, limit - series),
    overflowed,
    demand,
    ...(dryRun !== undefined && { dryRun }),
    labels: labels.map(label => readable(label, policies.get(label.key))),
    ...(advice !== undefined && { advice }),
  };
}

function readable(
  { key, distinct, exact, seriesWithout, top }: LabelReport,
  policy: LabelPolicyUse | undefined,
): MetricCardinality['labels'][number] {
  return {
    ...{ key, distinct, exact, seriesWithout },
    ...(policy !== undefined && { policy }),
    top: top.map(({ value, count, atLeast }) => ({ value, series: count, atLeast })),
  };
}

function inOrder(a: MetricCardinality, b: MetricCardinality): number {
  return b.series - a.series || b.overflowed - a.overflowed || (a.name < b.name ? -1 : 1);
}
