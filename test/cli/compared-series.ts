// Series of two sides as tests write them: what each scrape had of one.
import { CompareSide, type SeriesHistory } from '../../lib/cli/compare-side.js';
import type { PageSeries, SeriesType } from '../../lib/cli/series-page.js';

/** The numbers of each scrape; undefined: it was not there. */
export type Scrapes = readonly (number | readonly number[] | undefined)[];

export interface SeriesOptions {
  readonly type?: SeriesType;
  readonly labels?: Readonly<Record<string, string>>;
  readonly bounds?: readonly number[];
  /** Between two scrapes. */
  readonly stepMillis?: number;
}

export const METRIC = 'argo_workflows_m';

/** @param marked which scrapes count; default: all */
export function sideOf(
  scrapes: Scrapes,
  { type = 'counter', labels = {}, bounds = [], stepMillis = 2000 }: SeriesOptions = {},
  marked: (index: number) => boolean = () => true,
): CompareSide {
  const side = new CompareSide();
  for (const [index, given] of scrapes.entries()) {
    const numbers = typeof given === 'number' ? [given] : given;
    const series = { metric: METRIC, type, labels: Object.entries(labels).sort(), bounds };
    const page = new Map<string, PageSeries>();
    if (numbers !== undefined) page.set(JSON.stringify(labels), { ...series, numbers });
    side.add(page, index * stepMillis, marked(index));
  }
  return side;
}

export function historyOf(scrapes: Scrapes, options?: SeriesOptions): SeriesHistory {
  const [history] = sideOf(scrapes, options).series.values();
  if (history === undefined) throw new Error('it was never there');
  return history;
}
