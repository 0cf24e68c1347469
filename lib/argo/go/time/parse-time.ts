// Reads a time by a Go layout, as `time.ParseInLocation` does, with its leniencies and its words for what is wrong.
import { EvaluationError } from '../evaluation-error.js';
import { quoteTime } from '../text/quote.js';
import { DAYS, MONTHS, splitLayout } from './go-layout.js';
import { GoTime } from './go-time.js';
import { UTC, fixedZone } from './go-zone.js';
import type { GoZone } from './go-zone.js';

export const RFC3339 = '2006-01-02T15:04:05Z07:00';

interface ParsedFields {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  isAfternoon: boolean | undefined;
  offsetSeconds: number | undefined;
  zoneName: string;
}

/** A token could not be read; the message is for fields out of range. */
class TokenError extends Error {}

/**
 * Text without a zone is in the given one.
 *
 * @throws EvaluationError with Go's message.
 */
export function parseTime(layout: string, text: string, zone: GoZone = UTC): GoTime {
  return new TimeReader(layout, text, zone).read();
}

class TimeReader {
  readonly #layout: string;
  readonly #text: string;
  readonly #zone: GoZone;
  #rest: string;
  readonly #fields: ParsedFields = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    isAfternoon: undefined,
    offsetSeconds: undefined,
    zoneName: '',
  };

  constructor(layout: string, text: string, zone: GoZone) {
    this.#layout = layout;
    this.#text = text;
    this.#zone = zone;
    this.#rest = text;
  }

  read(): GoTime {
    const parts = splitLayout(this.#layout);
    parts.forEach(({ text, isToken }, index) => {
      if (!isToken) return this.#literal(text);
      const before = this.#rest;
      try {
        this.#token(text, parts[index + 1]?.text);
      } catch (error) {
        if (!(error instanceof TokenError)) throw error;
        if (error.message !== '') throw this.#outOfRange(error.message);
        throw this.#mismatch(before, text);
      }
    });
    if (this.#rest !== '')
      throw new EvaluationError(
        `parsing time ${quoteTime(this.#text)}: extra text: ${quoteTime(this.#rest)}`,
      );
    return this.#time();
  }

  /** Runs of spaces in the layout stand for any number of spaces. */
  #literal(prefix: string): void {
    let wanted = prefix;
    let rest = this.#rest;
    while (wanted !== '') {
      if (wanted.startsWith(' ')) {
        if (rest !== '' && !rest.startsWith(' ')) throw this.#mismatch(this.#rest, prefix);
        wanted = wanted.replace(/^ +/, '');
        rest = rest.replace(/^ +/, '');
        continue;
      }
      if (rest === '' || rest.charAt(0) !== wanted.charAt(0)) throw this.#mismatch(this.#rest, prefix);
      wanted = wanted.slice(1);
      rest = rest.slice(1);
    }
    this.#rest = rest;
  }

  #token(token: string, following: string | undefined): void {
    const fields = this.#fields;
    if (/^[-Z]0/.test(token)) return this.#offset(token);
    if (/^[.,]/.test(token)) return this.#fraction(token);
    switch (token) {
      case '2006':
        fields.year = Number(this.#take(/^\d{4}/));
        return;
      case '06': {
        const year = Number(this.#take(/^\d\d/));
        fields.year = year >= 69 ? year + 1900 : year + 2000;
        return;
      }
      case 'January':
        fields.month = this.#name(MONTHS) + 1;
        return;
      case 'Jan':
        fields.month = this.#name(MONTHS.map(name => name.slice(0, 3))) + 1;
        return;
      case '1':
      case '01':
        fields.month = this.#number(token === '01', 1, 12, 'month');
        return;
      case 'Monday':
        this.#name(DAYS);
        return;
      case 'Mon':
        this.#name(DAYS.map(name => name.slice(0, 3)));
        return;
      case '2':
      case '_2':
      case '02':
        if (token === '_2') this.#rest = this.#rest.replace(/^ /, '');
        // Whether the month has that day is known at the end.
        fields.day = this.#number(token === '02', 0, 99, 'day');
        return;
      case '__2':
      case '002':
        if (token === '__2') this.#rest = this.#rest.replace(/^ {1,2}/, '');
        fields.yearDay = Number(this.#take(token === '002' ? /^\d{3}/ : /^\d{1,3}/));
        return;
      default:
        return this.#clockToken(token, following);
    }
  }

  #clockToken(token: string, following: string | undefined): void {
    const fields = this.#fields;
    switch (token) {
      case '15':
        fields.hour = this.#number(false, 0, 23, 'hour');
        return;
      case '3':
      case '03':
        fields.hour = this.#number(token === '03', 0, 12, 'hour');
        return;
      case '4':
      case '04':
        fields.minute = this.#number(token === '04', 0, 59, 'minute');
        return;
      case '5':
      case '05':
        fields.second = this.#number(token === '05', 0, 59, 'second');
        // A fraction may follow the seconds although the layout has none.
        if (!/^[.,]/.test(following ?? '') && /^[.,]\d/.test(this.#rest))
          this.#readFraction(this.#take(/^[.,]\d+/));
        return;
      case 'PM':
      case 'pm':
        fields.isAfternoon = this.#take(token === 'PM' ? /^[AP]M/ : /^[ap]m/).toUpperCase() === 'PM';
        return;
      case 'MST':
        fields.zoneName = this.#take(
          /^(?:UTC|(?:GMT[+-]\d{1,2})|[A-Z]{3,4}(?![A-Z])|ChST|MeST|WITA|[+-]\d{2}(?!\d)|[A-Z]{4}T)/,
        );
        return;
      default:
        throw new TokenError();
    }
  }

  #number(isPadded: boolean, min: number, max: number, name: string): number {
    const number = Number(this.#take(isPadded ? /^\d\d/ : /^\d\d?/));
    if (number < min || number > max) throw new TokenError(name);
    return number;
  }

  #name(names: readonly string[]): number {
    const rest = this.#rest.toLowerCase();
    const index = names.findIndex(name => rest.startsWith(name.toLowerCase()));
    if (index < 0) throw new TokenError();
    this.#rest = this.#rest.slice(names[index]?.length);
    return index;
  }

  #fraction(token: string): void {
    if (token.includes('0'))
      return this.#readFraction(this.#take(new RegExp(`^[.,]\\d{${token.length - 1}}`)));
    // Nines stand for digits that may be missing.
    if (/^[.,]\d/.test(this.#rest)) this.#readFraction(this.#take(/^[.,]\d+/));
  }

  #readFraction(text: string): void {
    this.#fields.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'));
  }

  #offset(token: string): void {
    if (token.startsWith('Z') && this.#rest.startsWith('Z')) {
      this.#rest = this.#rest.slice(1);
      this.#fields.offsetSeconds = 0;
      this.#fields.zoneName = 'UTC';
      return;
    }
    const separator = token.includes(':') ? ':' : '';
    const count = token.replaceAll(/\D/g, '').length / 2;
    const pattern = `^([+-])(\\d\\d)${count > 1 ? `${separator}(\\d\\d)` : ''}${count > 2 ? `${separator}(\\d\\d)` : ''}`;
    const text = this.#take(new RegExp(pattern));
    const [hours = 0, minutes = 0, seconds = 0] = (text.match(/\d\d/g) ?? []).map(Number);
    if (hours > 24) throw new TokenError('time zone offset hour');
    if (minutes > 60) throw new TokenError('time zone offset minute');
    if (seconds > 60) throw new TokenError('time zone offset second');
    const offset = (hours * 60 + minutes) * 60 + seconds;
    this.#fields.offsetSeconds = text.startsWith('-') ? -offset : offset;
  }

  #take(pattern: RegExp): string {
    const [found] = pattern.exec(this.#rest) ?? [];
    if (found === undefined) throw new TokenError();
    this.#rest = this.#rest.slice(found.length);
    return found;
  }

  #time(): GoTime {
    const fields = this.#fields;
    const { year, isAfternoon } = fields;
    const hour = isAfternoon === undefined ? fields.hour : (fields.hour % 12) + (isAfternoon ? 12 : 0);
    const hour24 = isAfternoon === false && fields.hour !== 12 ? fields.hour : hour;
    const date = new Date(0);
    if (fields.yearDay >= 0) {
      if (fields.yearDay < 1 || fields.yearDay > daysIn(year, 1, 12)) throw this.#outOfRange('day-of-year');
      date.setUTCFullYear(year, 0, fields.yearDay);
    } else {
      const month = fields.month < 0 ? 1 : fields.month;
      const day = fields.day < 0 ? 1 : fields.day;
      if (day < 1 || day > daysIn(year, month, month)) throw this.#outOfRange('day');
      date.setUTCFullYear(year, month - 1, day);
    }
    date.setUTCHours(hour24, fields.minute, fields.second);
    return placeInZone(date.getTime() / 1000, fields, this.#zone);
  }

  #mismatch(rest: string, token: string): EvaluationError {
    const [text, layout] = [quoteTime(this.#text), quoteTime(this.#layout)];
    return new EvaluationError(
      `parsing time ${text} as ${layout}: cannot parse ${quoteTime(rest)} as ${quoteTime(token)}`,
    );
  }

  #outOfRange(field: string): EvaluationError {
    return new EvaluationError(`parsing time ${quoteTime(this.#text)}: ${field} out of range`);
  }
}

function daysIn(year: number, firstMonth: number, lastMonth: number): number {
  const start = new Date(0).setUTCFullYear(year, firstMonth - 1, 1);
  return (new Date(0).setUTCFullYear(year, lastMonth, 1) - start) / 86_400_000;
}

/** The moment whose clock shows these seconds. An abbreviation that the zone does not know counts as an offset of 0. */
function placeInZone(clockSeconds: number, fields: ParsedFields, zone: GoZone): GoTime {
  const at = (offsetSeconds: number, place: GoZone): GoTime =>
    new GoTime(BigInt(clockSeconds - offsetSeconds) * 1_000_000_000n + BigInt(fields.nanosecond), place);
  const { offsetSeconds, zoneName } = fields;
  if (offsetSeconds !== undefined) {
    if (offsetSeconds === 0 && (zoneName === 'UTC' || zone.offsetAt(clockSeconds).offsetSeconds === 0))
      return at(0, UTC);
    const local = zone.offsetAt(clockSeconds - offsetSeconds);
    const isLocal = local.offsetSeconds === offsetSeconds && (zoneName === '' || local.name === zoneName);
    return at(offsetSeconds, isLocal ? zone : fixedZone(zoneName, offsetSeconds));
  }
  if (zoneName === 'UTC') return at(0, UTC);
  const guess = zone.offsetAt(clockSeconds - zone.offsetAt(clockSeconds).offsetSeconds);
  if (zoneName === '' || zoneName === guess.name) return at(guess.offsetSeconds, zone);
  const hours = /^GMT([+-]\d+)$/.exec(zoneName)?.[1];
  const offset = hours === undefined ? 0 : Number(hours) * 3600;
  // Go reads the clock as UTC in either case, and only shows the moment in that zone.
  return at(0, fixedZone(zoneName, offset));
}
