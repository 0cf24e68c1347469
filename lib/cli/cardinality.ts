import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { matchesPattern } from '../store/definition/view-matching.js';
import { BoundedLines } from './bounded-lines.js';
import { cardinalityText, counted, grouped } from './cardinality-text.js';
import { isClosed } from './closed-output.js';
import { ExitCode } from './exit-code.js';
import { printable } from './printable-text.js';
import { PrometheusPage, type PageMetric } from './prometheus-page.js';
import { readPrometheusSource, type PrometheusSource } from './prometheus-source.js';
import type { RunContext } from './run-context.js';

export interface CardinalityOptions extends PrometheusSource {
  readonly isJson: boolean;
  /** Metrics that are printed as text, and values of each label. */
  readonly top: number;
  /** Only metrics of this name; `*` is any text, `?` any character. */
  readonly metric: string | undefined;
  /** A metric with more series is a failure; undefined: any number is fine. */
  readonly seriesMax: number | undefined;
}

/** Reads a Prometheus text and prints which metrics have the most series, and which labels make them. */
export async function cardinality(options: CardinalityOptions, context: RunContext): Promise<ExitCode> {
  const { isJson, top, metric: pattern, seriesMax } = options;
  const page = new PrometheusPage();
  const type = await read(page, options, context);
  if (context.signal.aborted) return ExitCode.interrupted;
  const complain = (text: string): void => void context.stderr.write(`otel-argo-metrics: ${text}\n`);
  for (const note of notesOn(page, type)) complain(`note: ${note}`);
  const metrics = page.metrics(top).filter(({ name }) => pattern === undefined || isMeant(name, pattern));
  const isMissing = pattern !== undefined && metrics.length === 0;
  // A bound that nothing is compared with is no bound.
  if (isMissing) complain(`${seriesMax === undefined ? 'note: ' : ''}no metric ${printable(pattern)}`);
  await print(isJson ? jsonOf(metrics, context.clock.now()) : cardinalityText(metrics, top), context);
  const tooMany = metrics.filter(({ series }) => seriesMax !== undefined && series > seriesMax);
  for (const { name, series } of tooMany)
    complain(`${printable(name)} has ${grouped(series)} series, at most ${grouped(seriesMax ?? 0)} allowed`);
  const isBad = tooMany.length > 0 || (isMissing && seriesMax !== undefined);
  return isBad ? ExitCode.failed : ExitCode.ok;
}

/** Returns the content type, empty without one. */
async function read(page: PrometheusPage, options: CardinalityOptions, context: RunContext): Promise<string> {
  const lines = new BoundedLines((bytes, from, to, number) => page.add(bytes, from, to, number));
  const place = options.place === '-' ? 'stdin' : options.place;
  let type = '';
  const pieces = readPrometheusSource(options, context, contentType => (type = contentType));
  for await (const piece of pieces) within(place, () => lines.push(piece));
  if (context.signal.aborted) return type;
  within(place, () => lines.finish());
  if (OPENMETRICS.test(type) && !page.hasEnd)
    throw new Error(`${place}: the last line is not "# EOF": something of this OpenMetrics text is missing`);
  if (page.samples === 0) throw new Error(`${place}: no metric in it`);
  return type;
}

const OPENMETRICS = /^\s*application\/openmetrics-text\b/i;

function* notesOn(page: PrometheusPage, type: string): Generator<string, void, undefined> {
  if (page.isCrowded) yield 'too many labels: some are not listed';
  const { repeated } = page;
  if (repeated > 0)
    yield `${counted(repeated, 'sample')} with the name and the labels of another: each series counts once`;
  // Of a file nobody says what it is.
  if (type === '' && page.isOpenMetrics && !page.hasEnd)
    yield 'this looks like OpenMetrics, but the last line is not "# EOF": is something missing?';
}

/** Says where a bad line stands. */
function within(place: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new Error(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function isMeant(name: string, pattern: string): boolean {
  return matchesPattern(pattern.toLowerCase(), name.toLowerCase());
}

/** The names of `store.cardinalityReport()`, as far as a text tells. */
function jsonOf(metrics: readonly PageMetric[], at: number): string {
  const series = metrics.reduce((sum, metric) => sum + metric.series, 0);
  const shown = metrics.map(({ labels, ...metric }) => ({
    ...metric,
    labels: labels.map(({ top, ...label }) => ({
      ...label,
      top: top.map(({ value, count, atLeast }) => ({ value, series: count, atLeast })),
    })),
  }));
  return `${JSON.stringify({ version: 1, at, series, metrics: shown }, undefined, 2)}\n`;
}

async function print(text: string, { stdout }: RunContext): Promise<void> {
  try {
    await pipeline(Readable.from([text], { objectMode: false }), stdout, { end: false });
  } catch (error) {
    if (!isClosed(stdout.errored ?? error)) throw error;
  }
}
