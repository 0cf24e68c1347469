// What `compare` prints: how many series are in each class, and those that differ with the row that says why.
import { counted, grouped } from './cardinality-text.js';
import type { Explanation } from './compare-explanations.js';
import { COMPARED_CLASSES, type ComparedClass, type ComparedSeries } from './compare-pair.js';
import { textOf, type CompareReport } from './compare-report.js';
import { printable } from './printable-text.js';

export interface ComparedPlaces {
  readonly here: string;
  readonly there: string;
}

/** Unix milliseconds. */
export interface ComparedTime {
  readonly from: number;
  readonly to: number;
}

/** Series of one explanation that are printed, and those of a class that has none. */
const EXPLAINED_MAX = 10;
const OTHERS_MAX = 100;
/** Series that JSON has, those that differ first. */
const JSON_MAX = 100_000;
const SERIES_LENGTH_MAX = 200;

const WORDS: Readonly<Record<ComparedClass, string>> = {
  equal: 'equal',
  onItsWay: 'equal but for what was on its way at a scrape',
  withinSeconds: 'within 1.1 s for each observation: objects carry whole seconds',
  explained: 'explained',
  onlyHere: 'only here',
  onlyThere: 'only there',
  unexplained: 'unexplained',
};

/** Printed always, also where there are none. */
const ALWAYS: ReadonlySet<ComparedClass> = new Set(['equal', 'unexplained']);

/** Where it is said what a class may come from. */
const HINTS: Readonly<Partial<Record<ComparedClass, string>>> = {
  onlyHere:
    'the controller does not count all that is over, such as HTTP and Plugin nodes or deadlines: docs/deviations.md',
  onlyThere: 'this would be missing after a migration',
};

export function* compareText(
  { series, counts, metrics }: CompareReport,
  { here, there }: ComparedPlaces,
  { from, to }: ComparedTime,
): Generator<string, void, undefined> {
  yield `${grouped(series.length)} series of ${counted(metrics, 'metric')} in ${Math.round((to - from) / 1000)} s\n`;
  yield `here: ${printable(here)}\nthere: ${printable(there)}\n\n`;
  const width = grouped(series.length).length;
  for (const each of COMPARED_CLASSES) {
    if (counts[each] === 0 && !ALWAYS.has(each)) continue;
    const hint = HINTS[each];
    yield `${grouped(counts[each]).padStart(width)}  ${WORDS[each]}${hint === undefined ? '' : `: ${hint}`}\n`;
    const own = series.filter(one => one.class === each);
    if (each === 'explained') yield* explained(own);
    else if (each.startsWith('only') || each === 'unexplained') yield* listed(own, OTHERS_MAX, '    ');
  }
}

function* explained(series: readonly ComparedSeries[]): Generator<string, void, undefined> {
  const byRow = new Map<string, { explanation: Explanation; series: ComparedSeries[] }>();
  for (const each of series) {
    const { explanation } = each;
    if (explanation === undefined) continue;
    const known = byRow.get(explanation.rows[0] ?? '') ?? { explanation, series: [] };
    byRow.set(explanation.rows[0] ?? '', known);
    known.series.push(each);
  }
  for (const { explanation, series: own } of byRow.values()) {
    yield `    ${explanation.rows.join(' or ')} (${explanation.document}): ${grouped(own.length)}\n`;
    yield* listed(own, EXPLAINED_MAX, '        ');
  }
}

function* listed(
  series: readonly ComparedSeries[],
  most: number,
  indent: string,
): Generator<string, void, undefined> {
  for (const each of series.slice(0, most)) yield `${indent}${lineOf(each)}\n`;
  if (series.length > most) yield `${indent}… and ${grouped(series.length - most)} more\n`;
}

function lineOf(series: ComparedSeries): string {
  const { here, there, type, part } = series;
  const text = printable(textOf(series));
  const short = text.length > SERIES_LENGTH_MAX ? `${text.slice(0, SERIES_LENGTH_MAX)}…` : text;
  const what = type === 'gauge' ? '' : type === 'counter' ? 'came ' : 'observations ';
  const of = (number: number | undefined): string => (number === undefined ? 'none' : String(number));
  return `${short}: ${what}${of(here)} here, ${of(there)} there${part === undefined ? '' : `; differs in ${part}`}`;
}

export function* compareJson(
  { series, counts, metrics, resetsHere, resetsThere }: CompareReport,
  { here, there }: ComparedPlaces,
  { from, to }: ComparedTime,
): Generator<string, void, undefined> {
  const differing = [...series].sort((a, b) => badness(b) - badness(a));
  const shown = differing.slice(0, JSON_MAX).map(({ labels, here: own, there: other, ...rest }) => ({
    ...rest,
    labels: Object.fromEntries(labels),
    ...{ here: numberOrText(own), there: numberOrText(other) },
  }));
  const report = {
    version: 1,
    from,
    to,
    here,
    there,
    metrics,
    counts,
    resetsHere,
    resetsThere,
    series: shown,
  };
  yield `${JSON.stringify(report, undefined, 2)}\n`;
}

function badness({ class: own }: ComparedSeries): number {
  return COMPARED_CLASSES.indexOf(own);
}

/** JSON has no NaN and no infinity. */
function numberOrText(number: number | undefined): number | string | null {
  if (number === undefined) return null;
  return Number.isFinite(number) ? number : String(number);
}
