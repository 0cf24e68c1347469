// The points in time that govaluate sees in quoted text: what Go's `time.Parse` takes for one of its layouts. A pattern
// for each of them, because nearly all quoted text is no time, and must cost little. Text without a zone is UTC, which is
// where Argo's controller runs.
import { GoTime } from '../go/time/go-time.js';
import { UTC, fixedZone } from '../go/time/go-zone.js';
import type { GoZone } from '../go/time/go-zone.js';

/** A comma will do, and digits may follow any seconds, whatever the layout says. */
const FRACTION = '(?:[.,](?<fraction>\\d+))?';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAMED_DAY = `(?:sun|mon|tue|wed|thu|fri|sat) +(?<monthName>${MONTHS.join('|')}) +`;
const CLOCK = `(?<hour>\\d\\d?):(?<minute>\\d\\d):(?<second>\\d\\d)${FRACTION}`;
const DATE = '(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)';
const YEAR = '(?<year>\\d{4})';
const OFFSET = '(?<sign>[+-])(?<offsetHour>\\d\\d)(?<offsetMinute>\\d\\d)';
const OFFSET_COLON = '(?<sign>[+-])(?<offsetHour>\\d\\d):(?<offsetMinute>\\d\\d)';
/** What Go takes for the name of a zone: three to five capitals, and an hour after GMT or alone. */
const ZONE = /^(?:ChST|MeST|(?:GMT)?[+-]0*(?:1?\d|2[0-3])|WITA|[A-Z]{3}T?|[A-Z]{4}T)$/;

/** In govaluate's order; the first that fits counts. */
const LAYOUTS: readonly RegExp[] = [
  `${NAMED_DAY}(?<day>\\d\\d?) +${CLOCK} +${YEAR}`,
  `${NAMED_DAY}(?<day>\\d\\d?) +${CLOCK} +(?<zone>[^ ]+) +${YEAR}`,
  `${NAMED_DAY}(?<day>\\d\\d) +${CLOCK} +${OFFSET} +${YEAR}`,
  '(?<hour>\\d\\d?):(?<minute>\\d\\d)(?<half>AM|PM)',
  `${DATE}T${CLOCK}(?:Z|${OFFSET_COLON})`,
  DATE,
  `${DATE} +(?<hour>\\d\\d?):(?<minute>\\d\\d)`,
  `${DATE} +${CLOCK}`,
  `${DATE} +${CLOCK}${OFFSET_COLON}`,
  `${DATE}T(?<hour>\\d\\d?)(?:Z|${OFFSET})`,
  `${DATE}T(?<hour>\\d\\d?):(?<minute>\\d\\d)(?:Z|${OFFSET})`,
  `${DATE}T${CLOCK}(?:Z|${OFFSET})`,
].map(source => new RegExp(`^(?:${source})$`, source.startsWith(NAMED_DAY) ? 'i' : ''));

/** No layout is longer, but for its fraction and its spaces. */
const LENGTH_MAX = 256;

/** `undefined` for text that is no point in time. */
export function parseTime(text: string): GoTime | undefined {
  // Every layout begins with a digit or the name of a day.
  if (text.length < 6 || text.length > LENGTH_MAX || !/^[\dmtwfs]/i.test(text)) return undefined;
  for (const layout of LAYOUTS) {
    const groups = layout.exec(text)?.groups;
    const time = groups && timeOf(groups);
    if (time) return time;
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

function timeOf(groups: Groups): GoTime | undefined {
  const number = (name: string, missing: number): number => Number(groups[name] ?? missing);
  const month =
    groups['monthName'] === undefined
      ? number('month', 1)
      : MONTHS.indexOf(groups['monthName'].toLowerCase()) + 1;
  const [year, day] = [number('year', 0), number('day', 1)];
  const hour = hourOf(number('hour', 0), groups['half']);
  const [minute, second] = [number('minute', 0), number('second', 0)];
  const [offsetHour, offsetMinute] = [number('offsetHour', 0), number('offsetMinute', 0)];
  if (groups['zone'] !== undefined && !ZONE.test(groups['zone'])) return undefined;
  if (hour === undefined || minute > 59 || second > 59 || offsetHour > 24 || offsetMinute > 60)
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month does not have would roll over.
  if (month < 1 || month > 12 || day < 1 || date.getUTCDate() !== day) return undefined;
  const offset = (groups['sign'] === '-' ? -60 : 60) * (offsetHour * 60 + offsetMinute);
  const unixSeconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
  const nanos = (groups['fraction'] ?? '').slice(0, 9).padEnd(9, '0');
  return new GoTime(BigInt(unixSeconds) * 1_000_000_000n + BigInt(nanos), zoneOf(groups['zone'], offset));
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour < 24 ? hour : undefined;
  if (hour > 12) return undefined;
  return (hour % 12) + (half === 'PM' ? 12 : 0);
}

function zoneOf(name: string | undefined, offset: number): GoZone {
  if (name === undefined) return offset === 0 ? UTC : fixedZone(offsetText(offset), offset);
  // Go knows no zone by its name: it takes the time as UTC, and shows it in an invented zone.
  return fixedZone(name, name.startsWith('GMT') ? Number(name.slice(3)) * 3600 : 0);
}

/** `+0200`: what Go shows for the name of a zone that has none. */
function offsetText(seconds: number): string {
  const minutes = Math.abs(seconds) / 60;
  const digits = [Math.trunc(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0'));
  return `${seconds < 0 ? '-' : '+'}${digits.join('')}`;
}
