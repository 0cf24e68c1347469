// The recorded expositions as data, and the rule by which what we collected equals them.
import type { CollectedStream } from '../../../lib/store/definition/stream.js';
import { pointsIn } from '../../support/points.js';

export interface Family {
  readonly type: string;
  readonly help: string;
  /** By labels, sorted, as one text. */
  readonly series: Map<string, Series>;
}

export interface Series {
  value: number;
  count: number;
  /** Upper bound → how many observations are not above it. `value` is the sum then. */
  readonly buckets: Map<number, number>;
}

export type Exposition = Map<string, Family>;

/** Whole seconds against nanoseconds, at both ends. */
const TOLERANCE_SECONDS = 1.1;

/** Reads Prometheus text as the recordings have it: no timestamps, no blanks in label values' quotes but escapes. */
export function readExposition(text: string): Exposition {
  const families: Exposition = new Map();
  const helps = new Map<string, string>();
  let current: { name: string; family: Family } | undefined;
  for (const line of text.split('\n').filter(Boolean)) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') helps.set(name, unescape(rest));
    if (keyword === 'TYPE') {
      current = { name, family: { type: rest, help: helps.get(name) ?? '', series: new Map() } };
      families.set(name, current.family);
    }
    if (keyword !== undefined) continue;
    if (!current) throw new Error(`a sample before its TYPE: ${line}`);
    readSample(line, current.name, current.family);
  }
  return families;
}

function readSample(line: string, name: string, family: Family): void {
  const match = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (!match) throw new Error(`no sample: ${line}`);
  const [, sample = '', labelText = '', valueText = ''] = match;
  const labels = new Map<string, string>();
  for (const [, key = '', quoted = ''] of labelText.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g))
    labels.set(key, unescape(quoted.slice(1, -1)));
  const value = readNumber(valueText);
  const bound = labels.get('le');
  if (family.type === 'histogram') labels.delete('le');
  const series = seriesOf(family, Object.fromEntries(labels));
  const suffix = sample.slice(name.length);
  if (suffix === '_bucket') series.buckets.set(readNumber(bound ?? ''), value);
  else if (suffix === '_count' && family.type === 'histogram') series.count = value;
  else series.value = value;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function readNumber(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function seriesOf(family: Family, labels: Readonly<Record<string, unknown>>): Series {
  const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  const series = family.series.get(key) ?? { value: 0, count: 0, buckets: new Map<number, number>() };
  family.series.set(key, series);
  return series;
}

/** What a collection returned, in the same shape. */
export function expositionOf(streams: readonly CollectedStream[]): Exposition {
  const families: Exposition = new Map();
  for (const { definition, points } of streams) {
    const type = definition.kind.toLowerCase();
    const family: Family = { type, help: definition.description, series: new Map() };
    families.set(definition.name, family);
    for (const { attributes, value } of pointsIn(points)) {
      const series = seriesOf(family, attributes);
      if (typeof value === 'number') {
        series.value = value;
        continue;
      }
      series.value = value.sum;
      series.count = value.count;
      let count = 0;
      for (const [index, bound] of [...definition.boundaries, Infinity].entries()) {
        count += value.counts[index] ?? 0;
        series.buckets.set(bound, count);
      }
    }
  }
  return families;
}

/**
 * What differs, in words; nothing when they are equal.
 * @param timed names whose values stem from durations: the objects have whole seconds, the controller had nanoseconds
 */
export function differences(
  expected: Exposition,
  actual: Exposition,
  timed: (name: string) => boolean,
): string[] {
  const found: string[] = [];
  const same = (what: string, ours: unknown, recorded: unknown): void => {
    if (!Object.is(ours, recorded)) found.push(`${what} is ${String(ours)}, not ${String(recorded)}`);
  };
  same('the list of names', [...actual.keys()].sort().join(), [...expected.keys()].sort().join());
  for (const [name, family] of expected) {
    const ours = actual.get(name);
    if (!ours) continue;
    same(`type of ${name}`, ours.type, family.type);
    same(`help of ${name}`, ours.help, family.help);
    same(`series of ${name}`, [...ours.series.keys()].sort().join(), [...family.series.keys()].sort().join());
    for (const [labels, recorded] of family.series) {
      const series = ours.series.get(labels);
      if (!series) continue;
      const tolerance = timed(name) ? TOLERANCE_SECONDS : 0;
      found.push(...seriesDifferences(`${name}${labels}`, recorded, series, tolerance));
    }
  }
  return found;
}

function seriesDifferences(what: string, recorded: Series, ours: Series, tolerance: number): string[] {
  const found: string[] = [];
  if (ours.count !== recorded.count) found.push(`count of ${what} is ${ours.count}, not ${recorded.count}`);
  const valueTolerance = tolerance * Math.max(1, recorded.count);
  const isNear = Math.abs(ours.value - recorded.value) <= valueTolerance;
  if (!Object.is(ours.value, recorded.value) && !isNear)
    found.push(`value of ${what} is ${ours.value}, not ${recorded.value} (± ${valueTolerance})`);
  if ([...ours.buckets.keys()].join() !== [...recorded.buckets.keys()].join())
    found.push(`bounds of ${what} are ${[...ours.buckets.keys()].join()}`);
  for (const [bound, count] of ours.buckets) {
    const entries = [...recorded.buckets];
    const least = entries.findLast(([other]) => other <= bound - tolerance)?.[1] ?? 0;
    const most = entries.find(([other]) => other >= bound + tolerance)?.[1] ?? recorded.count;
    if (count >= least && count <= most) continue;
    found.push(`bucket ${bound} of ${what} is ${count}, not ${least} to ${most}`);
  }
  return found;
}
