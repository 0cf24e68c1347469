// One of two endpoints that are compared: how far each of its series went between the scrapes that count.
import type { PageSeries } from './series-page.js';

/** Where a series stood in a scrape that counts. */
export interface Mark {
  readonly isThere: boolean;
  /** Of counters and histograms, what came since they were first seen; that they fell is taken for a new begin at 0. */
  readonly numbers: readonly number[];
}

export interface SeriesHistory extends Omit<PageSeries, 'numbers'> {
  /** One for each scrape that counts. */
  readonly marks: Mark[];
  /** As the last scrapes have it that it was in. */
  readonly last: Reading;
  readonly before: Reading | undefined;
  /** When it was first seen. */
  readonly sinceMillis: number;
  /** It was there, was away, and may be there again. */
  readonly wasAway: boolean;
  /** So often it fell. */
  readonly resets: number;
  /** Scrapes in which it had another value than before. */
  readonly changes: number;
}

export interface Reading {
  readonly atMillis: number;
  readonly numbers: readonly number[];
}

interface Growing extends Omit<
  SeriesHistory,
  'last' | 'before' | 'wasAway' | 'resets' | 'changes' | 'bounds'
> {
  bounds: readonly number[];
  last: Reading;
  before: Reading | undefined;
  total: readonly number[];
  isThere: boolean;
  wasAway: boolean;
  resets: number;
  changes: number;
}

export class CompareSide {
  readonly #series = new Map<string, Growing>();
  #marks = 0;

  get series(): ReadonlyMap<string, SeriesHistory> {
    return this.#series;
  }

  /** Scrapes that count. */
  get marks(): number {
    return this.#marks;
  }

  /** @param atMillis of a time that only goes on; @param isMark whether this scrape counts */
  add(page: ReadonlyMap<string, PageSeries>, atMillis: number, isMark: boolean): void {
    for (const [key, { isThere }] of this.#series) if (isThere && !page.has(key)) this.#leave(key);
    for (const [key, series] of page) this.#see(key, series, atMillis);
    if (isMark) this.#mark();
  }

  /** The scrape that was added last counts after all. */
  mark(): void {
    this.#mark();
  }

  #leave(key: string): void {
    const known = this.#series.get(key);
    if (known === undefined) return;
    known.isThere = false;
    known.wasAway = true;
  }

  #see(key: string, { numbers, ...series }: PageSeries, atMillis: number): void {
    const reading = { atMillis, numbers };
    const known = this.#series.get(key);
    if (known === undefined) {
      const marks = Array.from({ length: this.#marks }, () => ABSENT);
      this.#series.set(key, {
        ...{ ...series, marks, last: reading, before: undefined, sinceMillis: atMillis },
        ...{ total: numbers, isThere: true, wasAway: false, resets: 0, changes: 0 },
      });
      return;
    }
    const isReset = hasFallen(known, numbers, series.bounds);
    const growth = known.type === 'gauge' || isReset ? numbers : difference(numbers, known.last.numbers);
    if (isReset) known.resets++;
    if (numbers.some((number, index) => !Object.is(number, known.last.numbers[index]))) known.changes++;
    known.total = known.type === 'gauge' ? numbers : sum(known.total, growth);
    known.bounds = series.bounds;
    known.before = known.last;
    known.last = reading;
    known.isThere = true;
  }

  #mark(): void {
    this.#marks++;
    for (const { marks, isThere, total } of this.#series.values()) marks.push({ isThere, numbers: total });
  }
}

const ABSENT: Mark = { isThere: false, numbers: [] };

/** As Prometheus sees it: a counter that is less than it was began again at 0. A histogram does when its count is less. */
function hasFallen(
  { type, last, bounds }: Growing,
  numbers: readonly number[],
  now: readonly number[],
): boolean {
  if (type === 'gauge') return false;
  return (numbers[0] ?? 0) < (last.numbers[0] ?? 0) || bounds.join() !== now.join();
}

function difference(a: readonly number[], b: readonly number[]): number[] {
  return a.map((number, index) => number - (b[index] ?? 0));
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return b.map((number, index) => number + (a[index] ?? 0));
}

/** What came between two marks. */
export function growthBetween({ marks }: SeriesHistory, from: number, to: number): readonly number[] {
  return difference(marks[to]?.numbers ?? [], marks[from]?.numbers ?? []);
}
