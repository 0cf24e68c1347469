import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { monotonicMillis } from '../waiting.js';
import { BoundedLines } from './bounded-lines.js';
import { counted, grouped } from './cardinality-text.js';
import { isClosed } from './closed-output.js';
import { compareSides, isCustomName, type CompareReport } from './compare-report.js';
import { CompareSide } from './compare-side.js';
import { compareJson, compareText, type ComparedPlaces } from './compare-text.js';
import { ExitCode } from './exit-code.js';
import { ProgressLine } from './progress-line.js';
import { readPrometheusSource, type PrometheusSource } from './prometheus-source.js';
import type { RunContext } from './run-context.js';
import { SeriesPage } from './series-page.js';

export interface CompareOptions {
  /** This side: what this package serves. */
  readonly here: PrometheusSource;
  /** The controller. */
  readonly there: PrometheusSource;
  readonly forMillis: number;
  /** Only metrics of these names; empty: all that are custom. */
  readonly patterns: readonly string[];
  readonly isJson: boolean;
}

/** Longer pages are none of custom metrics. */
const PAGE_BYTES_MAX = 256 * 1024 * 1024;
/** Between the scrapes of the two sides: what happened is by then seen by both. */
const SETTLE_MILLIS_MAX = 2000;
/** In between both are read too, so that no new begin at 0 is missed. */
const EVERY_MILLIS_MAX = 15_000;
/** The scrapes that count are tried so often: a controller may just be starting. */
const TRIES_MAX = 3;
const TRY_MILLIS = 1000;
/** Who interrupts is answered with what there is by then. */
const LAST_MILLIS = 1000;

/** Compares what this side and the controller say of custom metrics, over some time, and says why they differ. */
export async function compare(options: CompareOptions, context: RunContext): Promise<ExitCode> {
  const comparison = new Comparison(options, context);
  const beganAt = context.clock.now();
  if (!(await comparison.begin())) return ExitCode.interrupted;
  await comparison.wait();
  await comparison.end();
  const { places, report } = comparison;
  const time = { from: beganAt, to: context.clock.now() };
  const complain = (text: string): void => void context.stderr.write(`otel-argo-metrics: ${text}\n`);
  for (const note of notesOn(report, comparison.missed)) complain(`note: ${note}`);
  if (report.series.length === 0) {
    complain('there is no custom metric on either side');
    return ExitCode.failed;
  }
  const print = options.isJson ? compareJson : compareText;
  await write(print(report, places, time), context);
  const { onlyThere, unexplained } = report.counts;
  return onlyThere + unexplained > 0 ? ExitCode.failed : ExitCode.ok;
}

function* notesOn(
  { resetsHere, resetsThere }: CompareReport,
  missed: number,
): Generator<string, void, undefined> {
  if (resetsThere > 0) yield `${grouped(resetsThere)} series of the controller began again at 0`;
  if (resetsHere > 0) yield `${grouped(resetsHere)} series of this side began again at 0`;
  if (missed > 0) yield `${counted(missed, 'scrape')} in between did not come`;
}

class Comparison {
  readonly here = new CompareSide();
  readonly there = new CompareSide();
  missed = 0;
  readonly #options: CompareOptions;
  readonly #context: RunContext;
  readonly #progress: ProgressLine;
  readonly #settleMillis: number;
  #endsAt = 0;

  constructor(options: CompareOptions, context: RunContext) {
    this.#options = options;
    this.#context = context;
    this.#progress = new ProgressLine(context);
    this.#settleMillis = Math.min(SETTLE_MILLIS_MAX, options.forMillis / 4);
  }

  get places(): ComparedPlaces {
    const { here, there } = this.#options;
    return { here: here.place, there: there.place };
  }

  get report(): CompareReport {
    return compareSides(this.here, this.there);
  }

  /** False: it was interrupted before there was anything to compare with. */
  async begin(): Promise<boolean> {
    await this.#mark('here');
    await this.#pause(this.#settleMillis);
    await this.#mark('there');
    this.#endsAt = monotonicMillis() + this.#options.forMillis;
    await this.#pause(this.#settleMillis);
    await this.#mark('here');
    return !this.#context.signal.aborted;
  }

  /** Until this side is to be asked for the last but one time. Both are read in between, once at least. */
  async wait(): Promise<void> {
    const every = Math.min(EVERY_MILLIS_MAX, this.#options.forMillis / 4);
    const end = this.#endsAt - this.#settleMillis;
    do {
      await Promise.all([this.#look('here'), this.#look('there')]);
      await this.#pause(Math.min(every, end - monotonicMillis()));
    } while (!this.#context.signal.aborted && monotonicMillis() < end);
  }

  async end(): Promise<void> {
    if (!this.#context.signal.aborted) {
      await this.#mark('here');
      await this.#pause(this.#settleMillis);
      await this.#mark('there');
      await this.#pause(this.#settleMillis);
      await this.#mark('here');
    }
    if (this.#context.signal.aborted) await this.#endEarly();
    this.#progress.clear();
  }

  /** Both at once, for a second at most; what does not come by then is as it was seen last. */
  async #endEarly(): Promise<void> {
    const signal = AbortSignal.timeout(LAST_MILLIS);
    for (const side of ['here', 'there'] as const)
      while (this[side].marks < MARKS_MAX[side] - 1) this[side].mark();
    await Promise.all(
      (['here', 'there'] as const).map(async side => {
        if (this[side].marks === MARKS_MAX[side]) return;
        await this.#scrape(side, true, signal).catch(() => this.missed++);
        if (this[side].marks < MARKS_MAX[side]) this[side].mark();
      }),
    );
  }

  /** A scrape that counts. */
  async #mark(side: 'here' | 'there'): Promise<void> {
    const { signal } = this.#context;
    for (let tries = 1; !signal.aborted; tries++)
      try {
        return await this.#scrape(side, true, signal);
      } catch (error) {
        if (tries >= TRIES_MAX) throw error;
        await this.#pause(Math.min(TRY_MILLIS, this.#options.forMillis));
      }
  }

  async #look(side: 'here' | 'there'): Promise<void> {
    await this.#scrape(side, false, this.#context.signal).catch(() => this.missed++);
  }

  /** Nothing comes of it when it is interrupted. */
  async #scrape(side: 'here' | 'there', isMark: boolean, signal: AbortSignal): Promise<void> {
    const source = this.#options[side];
    const { place } = source;
    const page = new SeriesPage(name => isCustomName(name, this.#options.patterns));
    const lines = new BoundedLines((bytes, from, to, number) => page.add(bytes, from, to, number));
    let byteLength = 0;
    try {
      for await (const piece of readPrometheusSource(source, { ...this.#context, signal }, () => undefined)) {
        byteLength += piece.length;
        if (byteLength > PAGE_BYTES_MAX) throw new Error(`longer than ${PAGE_BYTES_MAX} bytes`);
        lines.push(piece);
      }
      if (signal.aborted) return;
      lines.finish();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(message.startsWith(place) ? message : `${place}: ${message}`, { cause });
    }
    this[side].add(page.series(), monotonicMillis(), isMark);
  }

  /** Ends early when it is interrupted. */
  async #pause(millis: number): Promise<void> {
    const { signal } = this.#context;
    const end = monotonicMillis() + millis;
    for (let left = millis; left > 0 && !signal.aborted; left = end - monotonicMillis()) {
      this.#progress.show(() => this.#progressText());
      await setTimeout(Math.min(left, 1000), undefined, { signal }).catch(() => undefined);
    }
  }

  #progressText(): string {
    const { forMillis } = this.#options;
    const left = this.#endsAt === 0 ? forMillis : Math.max(0, this.#endsAt - monotonicMillis());
    const [here, there] = [this.here.series.size, this.there.series.size];
    return `compared for ${clockText(forMillis - left)} of ${clockText(forMillis)}: ${here} series here, ${there} there`;
  }
}

/** Scrapes of each side that count. */
const MARKS_MAX = { here: 4, there: 2 } as const;

/** Such as `3:05`. */
function clockText(millis: number): string {
  const seconds = Math.round(millis / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

async function write(chunks: Iterable<string>, { stdout }: RunContext): Promise<void> {
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), stdout, { end: false });
  } catch (error) {
    if (!isClosed(stdout.errored ?? error)) throw error;
  }
}
