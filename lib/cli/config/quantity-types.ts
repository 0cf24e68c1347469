// Durations as Go writes them, and sizes as Kubernetes does.
import { EvaluationError } from '../../argo/go/evaluation-error.js';
import { parseDuration } from '../../argo/go/time/parse-duration.js';
import type { ConfigType } from './config-type.js';

const DURATION = /^(?:0|(?:[0-9]+(?:\.[0-9]+)?(?:h|m|s|ms))+)$/;
const SIZE = /^[0-9]+(?:\.[0-9]+)?(?:Ki|Mi|Gi|Ti|k|M|G|T)?$/;
/** Longer ones say nothing that a shorter one would not. */
const LENGTH_MAX = 40;

const [MILLIS, SECOND, MINUTE, HOUR] = [1, 1000, 60_000, 3_600_000];

/** In whole milliseconds; a part of one is rounded up. The bounds are beyond what a schema can say. */
export function duration(minMillis: number, maxMillis: number): ConfigType<number> {
  const [min, max] = [durationText(minMillis), durationText(maxMillis)];
  const expected = `a duration from ${min} to ${max}`;
  const texts = { type: 'string', pattern: DURATION.source, maxLength: LENGTH_MAX };
  return {
    expected,
    schema: minMillis > 0 ? texts : { anyOf: [texts, { const: 0 }] },
    read(given, path, report) {
      const millis = given === 0 ? 0 : typeof given === 'string' ? millisOf(given) : undefined;
      if (millis === undefined)
        return report.refuse(path, expected, given, 'Such as 75s, 10m or 1h30m; units are h, m, s and ms.');
      return millis >= minMillis && millis <= maxMillis ? millis : report.refuse(path, expected, given);
    },
    plain: durationText,
  };
}

function millisOf(text: string): number | undefined {
  if (text.length > LENGTH_MAX || !DURATION.test(text)) return undefined;
  try {
    const { nanos } = parseDuration(text);
    return Number((nanos + 999_999n) / 1_000_000n);
  } catch (error) {
    // More than Go's 292 years.
    if (error instanceof EvaluationError) return Infinity;
    throw error;
  }
}

/** As Go, without the units that are zero: `1h30m`, `1m15s`, `500ms`, `0s`. */
export function durationText(millis: number): string {
  const units = [
    ['h', HOUR, Infinity],
    ['m', MINUTE, HOUR],
    ['s', SECOND, MINUTE],
    ['ms', MILLIS, SECOND],
  ] as const;
  const parts = units.map(([unit, size, next]) => {
    const count = Math.floor((next === Infinity ? millis : millis % next) / size);
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') || '0s';
}

const BYTES: Readonly<Record<string, number>> = {
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};
/** Those that sizes are printed in, the largest first. */
const PRINTED = ['Gi', 'Mi', 'Ki'] as const;

/** In whole bytes; a part of one is rounded up, as by Kubernetes. A number is bytes. The bounds of texts are beyond what a schema can say. */
export function size(minBytes: number, maxBytes: number): ConfigType<number> {
  const expected = `a size from ${sizeText(minBytes)} to ${sizeText(maxBytes)}`;
  return {
    expected,
    schema: {
      anyOf: [
        { type: 'string', pattern: SIZE.source, maxLength: LENGTH_MAX },
        { type: 'integer', minimum: minBytes, maximum: maxBytes },
      ],
    },
    read(given, path, report) {
      const bytes = typeof given === 'string' ? bytesOf(given) : given;
      if (typeof bytes !== 'number' || !Number.isInteger(bytes))
        return report.refuse(path, expected, given, 'Such as 256Mi or 1Gi.');
      return bytes >= minBytes && bytes <= maxBytes ? bytes : report.refuse(path, expected, given);
    },
    plain: sizeText,
  };
}

function bytesOf(text: string): number | undefined {
  if (text.length > LENGTH_MAX || !SIZE.test(text)) return undefined;
  const [, number = '', unit = ''] = /^([0-9.]+)(.*)$/.exec(text) ?? [];
  return Math.ceil(Number(number) * (BYTES[unit] ?? 1));
}

export function sizeText(bytes: number): string {
  const unit = PRINTED.find(each => bytes > 0 && bytes % (BYTES[each] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (BYTES[unit] ?? 1)}${unit}`;
}
