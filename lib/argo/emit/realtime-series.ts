// Step 10 of a realtime gauge: who holds which series, and so what is recorded.
import type { CustomSeries, SeriesLife } from '../../instruments/custom-instrument.js';
import type { Elapsed } from './elapsed.js';
import type { Logged, Reporter } from './emission-log.js';
import { recordElapsed } from './record.js';

interface Report extends Elapsed {
  readonly reporter: Reporter;
  readonly series: CustomSeries;
  /** Whose owner is complete: the series may expire. */
  readonly isComplete: boolean;
}

/** What a reporter holds, for another process. */
export interface HeldReport extends Report {
  /** Of the series that it holds. */
  readonly key: string;
}

interface SharedSeries {
  /** By reporter; the latest report comes last, and is what the series shows. */
  readonly reports: Map<string, Report>;
  life?: SeriesLife;
}

/**
 * Who holds which realtime series. A reporter holds one series of a metric at most: when its labels change, the new
 * series replaces the old one. A series lives as long as one reporter holds it.
 */
export class RealtimeSeries {
  readonly #isExact: boolean;
  readonly #logged: Logged;
  readonly #shared = new Map<string, SharedSeries>();
  /** Owner → subject → reporter → key of the series that it holds. */
  readonly #held = new Map<string, Map<string, Map<string, string>>>();

  /** @param options.isExact nothing replaces or ends a series but its deletion, which also takes it from other owners. */
  constructor(options: { isExact?: boolean; logged?: Logged } = {}) {
    this.#isExact = options.isExact === true;
    this.#logged = options.logged ?? {};
  }

  report(reporter: Reporter, { pinned }: CustomSeries, elapsed: Elapsed): void {
    show(this.#hold({ ...elapsed, reporter, series: pinned, isComplete: false }));
    this.#logged.log?.report(reporter, pinned, elapsed);
  }

  /** What all hold and has not expired, series by series, the latest report of a series last. */
  *held(): Generator<HeldReport, void, undefined> {
    for (const [key, shared] of this.#shared)
      if (!hasExpired(shared)) for (const report of shared.reports.values()) yield { ...report, key };
  }

  /** The same in another process, whose series show it already. */
  restore({ reporter, series: { pinned }, start, end, isComplete }: Omit<HeldReport, 'key'>): void {
    const elapsed = end === undefined ? { start } : { start, end };
    this.#hold({ ...elapsed, reporter, series: pinned, isComplete }).life = pinned.life;
  }

  #hold(report: Report): SharedSeries {
    const { reporter, series } = report;
    // Other labels may be the same series, by a View.
    const { key: seriesKey } = series;
    const held = this.#heldBy(reporter);
    const id = this.#isExact ? JSON.stringify([reporter.owner, seriesKey]) : idOf(reporter);
    const before = held.get(id);
    if (before !== undefined && before !== seriesKey) this.#release(before, id);
    held.set(id, seriesKey);
    const shared = this.#shared.get(seriesKey) ?? { reports: new Map<string, Report>() };
    this.#shared.set(seriesKey, shared);
    if (hasExpired(shared)) shared.reports.clear();
    shared.reports.delete(id);
    shared.reports.set(id, report);
    return shared;
  }

  /** What this reporter holds stops growing at that time, and stays. */
  end(reporter: Reporter, atUnixMillis: number): void {
    // There a series is only ended by a report.
    if (this.#isExact) return;
    const { owner, subject } = reporter;
    const id = idOf(reporter);
    const seriesKey = this.#held.get(owner)?.get(subject)?.get(id);
    if (seriesKey === undefined) return;
    this.#end(id, seriesKey, atUnixMillis);
    this.#logged.log?.endReport(reporter, atUnixMillis);
  }

  /** What any metric of this subject holds and still grows stops at that time, and stays. */
  endSubject({ owner, subject }: Omit<Reporter, 'metric'>, atUnixMillis: number): void {
    const held = this.#held.get(owner)?.get(subject);
    if (this.#isExact || held === undefined) return;
    for (const [id, seriesKey] of held) this.#end(id, seriesKey, atUnixMillis);
    this.#logged.log?.endSubject(owner, subject, atUnixMillis);
  }

  /** The same for the subjects of an owner that have come to an end; '' is the owner itself. */
  endSubjects(owner: string, isOver: (subject: string) => boolean, atUnixMillis: number): void {
    if (this.#isExact) return;
    for (const subject of this.#held.get(owner)?.keys() ?? [])
      if (isOver(subject)) this.endSubject({ owner, subject }, atUnixMillis);
  }

  /** Everything of this owner that still grows stops at that time, and may expire from then on. */
  complete(owner: string, atUnixMillis: number): void {
    for (const [id, seriesKey] of this.#allHeldBy(owner)) {
      const shared = this.#shared.get(seriesKey);
      const report = shared?.reports.get(id);
      if (!shared || !report || report.isComplete) continue;
      // There only what has ended by itself stands still.
      if (this.#isExact && report.end === undefined) continue;
      shared.reports.set(id, { ...report, end: report.end ?? atUnixMillis, isComplete: true });
      show(shared);
    }
    if (this.#held.has(owner)) this.#logged.log?.complete(owner, atUnixMillis);
  }

  /** This owner holds nothing any more. */
  delete(owner: string): void {
    for (const [id, seriesKey] of this.#allHeldBy(owner)) this.#release(seriesKey, id);
    if (this.#held.delete(owner)) this.#logged.log?.delete(owner);
  }

  #heldBy({ owner, subject }: Reporter): Map<string, string> {
    const bySubject = this.#held.get(owner) ?? new Map<string, Map<string, string>>();
    this.#held.set(owner, bySubject);
    // There a series is held by the owner, whatever reported it.
    const holder = this.#isExact ? '' : subject;
    const held = bySubject.get(holder) ?? new Map<string, string>();
    bySubject.set(holder, held);
    return held;
  }

  *#allHeldBy(owner: string): Generator<[id: string, seriesKey: string]> {
    for (const held of this.#held.get(owner)?.values() ?? []) yield* held;
  }

  #end(id: string, seriesKey: string, atUnixMillis: number): void {
    const shared = this.#shared.get(seriesKey);
    const report = shared?.reports.get(id);
    if (!shared || !report || report.end !== undefined) return;
    shared.reports.set(id, { ...report, end: atUnixMillis });
    show(shared);
  }

  #release(seriesKey: string, id: string): void {
    const shared = this.#shared.get(seriesKey);
    const report = shared?.reports.get(id);
    if (shared === undefined || report === undefined) return;
    const isGone = hasExpired(shared);
    shared.reports.delete(id);
    if (shared.reports.size === 0 || this.#isExact) {
      this.#shared.delete(seriesKey);
      // Others may have its place by now.
      if (!isGone) report.series.clear();
    } else if (!hasExpired(shared)) show(shared);
  }
}

function idOf({ owner, subject, metric }: Reporter): string {
  return JSON.stringify([owner, subject, metric]);
}

/** Whether nobody holds it any more, so that it may expire. */
function isComplete({ reports }: SharedSeries): boolean {
  return [...reports.values()].every(report => report.isComplete);
}

/** What has does not come back, when somebody else who held it is deleted or when another one reports it for a while. */
function hasExpired(shared: SharedSeries): boolean {
  return shared.life?.isOver === true && isComplete(shared);
}

function show(shared: SharedSeries): void {
  const latest = [...shared.reports.values()].at(-1);
  if (latest === undefined) return;
  recordElapsed(latest.series, latest, isComplete(shared));
  shared.life = latest.series.life;
}
