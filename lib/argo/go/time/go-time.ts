// Points in time and spans, as Go's `time.Time` and `time.Duration`: to the nanosecond.
import { formatFields } from './go-layout.js';
import type { TimeFields } from './go-layout.js';
import { UTC } from './go-zone.js';
import type { GoZone } from './go-zone.js';

const NANOS_PER_SECOND = 1_000_000_000n;
/** What a calendar of JavaScript reaches, less a day for zones. */
const UNIX_SECONDS_MAX = 8_640_000_000_000n - 86_400n;
/** The first of January of the year 1: Go's zero time. */
const ZERO_UNIX_SECONDS = -62_135_596_800n;

/** A span; int64 nanoseconds, so about 292 years at most. Immutable. */
export class GoDuration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = BigInt.asIntN(64, nanos);
  }

  get seconds(): number {
    const whole = this.nanos / NANOS_PER_SECOND;
    return Number(whole) + Number(this.nanos % NANOS_PER_SECOND) / 1e9;
  }

  /** As Go's `Duration.Round`: half away from zero. */
  round(unit: GoDuration): GoDuration {
    if (unit.nanos <= 0n) return this;
    const rest = this.nanos % unit.nanos;
    const magnitude = rest < 0n ? -rest : rest;
    const down = this.nanos - rest;
    if (magnitude * 2n < unit.nanos) return new GoDuration(down);
    return saturated(this.nanos < 0n ? down - unit.nanos : down + unit.nanos);
  }

  truncate(unit: GoDuration): GoDuration {
    return unit.nanos <= 0n ? this : new GoDuration(this.nanos - (this.nanos % unit.nanos));
  }

  /** As Go: `1h30m0s`, `1.5ms`, `0s`. */
  toString(): string {
    const magnitude = this.nanos < 0n ? -this.nanos : this.nanos;
    const sign = this.nanos < 0n ? '-' : '';
    if (magnitude === 0n) return '0s';
    if (magnitude < 1_000n) return `${sign}${magnitude}ns`;
    if (magnitude < 1_000_000n) return `${sign}${decimal(magnitude, 3)}µs`;
    if (magnitude < NANOS_PER_SECOND) return `${sign}${decimal(magnitude, 6)}ms`;
    const minutes = magnitude / (60n * NANOS_PER_SECOND);
    const seconds = `${decimal(magnitude % (60n * NANOS_PER_SECOND), 9)}s`;
    if (minutes === 0n) return sign + seconds;
    return minutes < 60n
      ? `${sign}${minutes}m${seconds}`
      : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
  }
}

function saturated(nanos: bigint): GoDuration {
  const wrapped = BigInt.asIntN(64, nanos);
  if (wrapped === nanos) return new GoDuration(nanos);
  return new GoDuration(nanos < 0n ? -(2n ** 63n) : 2n ** 63n - 1n);
}

/** The number with a decimal point `places` from the right, without zeros at the end. */
function decimal(number: bigint, places: number): string {
  const digits = number.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}

/** A point in time, seen in a zone. Immutable. */
export class GoTime {
  readonly unixNanos: bigint;
  readonly zone: GoZone;

  /** The moment must be representable, see {@link GoTime.canRepresent}; others are moved to the nearest end. */
  constructor(unixNanos: bigint, zone: GoZone = UTC) {
    const limit = UNIX_SECONDS_MAX * NANOS_PER_SECOND;
    this.unixNanos = unixNanos > limit ? limit : unixNanos < -limit ? -limit : unixNanos;
    this.zone = zone;
  }

  /** Go's zero time, the year 1. */
  static readonly ZERO = new GoTime(ZERO_UNIX_SECONDS * NANOS_PER_SECOND);

  static canRepresent(unixSeconds: bigint): boolean {
    return unixSeconds <= UNIX_SECONDS_MAX && unixSeconds >= -UNIX_SECONDS_MAX;
  }

  static ofUnixMillis(millis: number): GoTime {
    return new GoTime(BigInt(Math.trunc(millis)) * 1_000_000n);
  }

  static ofUnixSeconds(seconds: bigint): GoTime {
    return new GoTime(seconds * NANOS_PER_SECOND);
  }

  get unixSeconds(): bigint {
    return (this.unixNanos - BigInt(this.#nanosecond())) / NANOS_PER_SECOND;
  }

  in(zone: GoZone): GoTime {
    return new GoTime(this.unixNanos, zone);
  }

  add(span: GoDuration): GoTime {
    return new GoTime(this.unixNanos + span.nanos, this.zone);
  }

  /** The span from the other time to this one, at most what a duration holds. */
  since(earlier: GoTime): GoDuration {
    return saturated(this.unixNanos - earlier.unixNanos);
  }

  fields(): TimeFields {
    const nanosecond = this.#nanosecond();
    const unixSeconds = Number((this.unixNanos - BigInt(nanosecond)) / NANOS_PER_SECOND);
    const { name, offsetSeconds } = this.zone.offsetAt(unixSeconds);
    const date = new Date((unixSeconds + offsetSeconds) * 1000);
    const year = date.getUTCFullYear();
    const newYear = new Date(0).setUTCFullYear(year, 0, 1);
    return {
      year,
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      weekday: date.getUTCDay(),
      yearDay: Math.floor((date.getTime() - newYear) / 86_400_000) + 1,
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      nanosecond,
      zoneName: name,
      offsetSeconds,
    };
  }

  /** As Go's `Time.Format`. */
  format(layout: string): string {
    return formatFields(this.fields(), layout);
  }

  /** As Go: `2026-01-02 15:04:05.5 +0000 UTC`. */
  toString(): string {
    return this.format('2006-01-02 15:04:05.999999999 -0700 MST');
  }

  #nanosecond(): number {
    const rest = this.unixNanos % NANOS_PER_SECOND;
    return Number(rest < 0n ? rest + NANOS_PER_SECOND : rest);
  }
}
