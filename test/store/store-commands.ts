// What the test of whole stores does to them, drawn by fast-check: stores that are short of one thing or another, and
// commands.
import { createHash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import fc from 'fast-check';
import type { GaugeOperation } from './expected-store.js';

export const INSTRUMENTS = ['counter', 'up.down', 'histogram', 'gauge', 'viewed', 'dropped'] as const;
export const READERS = 4;

/** A value; the operation is for gauges. */
export interface Measurement {
  readonly value: unknown;
  readonly operation: GaugeOperation;
}

export type Command =
  | {
      readonly do: 'record';
      readonly instrument: number;
      readonly set: number;
      readonly bound: boolean;
      readonly measurement: Measurement;
    }
  | { readonly do: 'bind'; readonly instrument: number; readonly set: number }
  /** Somebody asks for an instrument that exists. */
  | { readonly do: 'create'; readonly instrument: number }
  | { readonly do: 'wait'; readonly millis: number }
  | { readonly do: 'collect'; readonly reader: number; readonly arrives: boolean }
  | { readonly do: 'reopen'; readonly reader: number };

/** What a store is short of. */
export interface Scarcity {
  readonly shared: boolean;
  readonly seriesTtlMillis: number;
  readonly handleCacheSize: number;
  readonly maxSeries: number;
  readonly lacks: 'nothing' | 'label bytes' | 'histograms';
}

/** The shortest that the options allow. */
export const LABEL_VALUE_LENGTH = 32;
const LONG = 'x'.repeat(100);
const cut = (value: string): string =>
  `${value.slice(0, LABEL_VALUE_LENGTH - 17)}#${createHash('sha256').update(value, 'utf16le').digest('hex').slice(0, 16)}`;

/** Attributes as callers bring them, and what of them is exposed; undefined: they cannot be read, and nothing is recorded. */
export const SETS: readonly { readonly make: () => unknown; readonly shown: Attributes | undefined }[] = [
  { make: () => ({ k: 'a' }), shown: { k: 'a' } },
  { make: () => ({ k: 'b' }), shown: { k: 'b' } },
  { make: () => ({ k: 'c' }), shown: { k: 'c' } },
  { make: () => ({ k: 'd' }), shown: { k: 'd' } },
  { make: () => ({ k: 'a', l: 1 }), shown: { k: 'a', l: 1 } },
  { make: () => ({ l: 1, k: 'a' }), shown: { k: 'a', l: 1 } },
  { make: () => ({ l: 'a' }), shown: { l: 'a' } },
  { make: () => undefined, shown: {} },
  { make: () => 'no object', shown: {} },
  { make: () => ({ k: undefined, l: null }), shown: {} },
  { make: () => Object.create({ k: 'a' }) as unknown, shown: {} },
  { make: () => ({ k: NaN }), shown: { k: NaN } },
  { make: () => ({ k: -0 }), shown: { k: 0 } },
  { make: () => ({ k: ['a', null, 'b'] }), shown: { k: ['a', null, 'b'] } },
  { make: () => ({ k: 'a', l: { deep: 1 } }), shown: { k: 'a' } },
  { make: () => ({ k: 'a', l: 1n }), shown: { k: 'a' } },
  { make: () => ({ k: LONG }), shown: { k: cut(LONG) } },
  { make: () => ({ k: `${LONG}y` }), shown: { k: cut(`${LONG}y`) } },
  {
    make: () => JSON.parse('{"__proto__":"p","k":"a"}') as unknown,
    shown: JSON.parse('{"__proto__":"p","k":"a"}') as Attributes,
  },
  { make: () => ({ '\u0000holder': 'x', k: 'a' }), shown: { '\u0000holder': 'x', k: 'a' } },
  { make: () => ({ 'otel.metric.overflow': 'true' }), shown: { 'otel.metric.overflow': 'true' } },
  {
    make: () => ({
      get k(): string {
        throw new Error('unreadable');
      },
    }),
    shown: undefined,
  },
];

const number = fc.integer({ min: -40, max: 80 }).map(quarters => quarters / 4);
const measurement: fc.Arbitrary<Measurement> = fc.record({
  value: fc.oneof(
    { weight: 12, arbitrary: number },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, '7', undefined) },
  ),
  operation: fc.constantFrom('record', 'add', 'recordElapsed'),
});
const instrument = fc.nat(INSTRUMENTS.length - 1);
/** The plain ones come most often, so that there is something to come back to. */
const set = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(SETS.length - 1) });

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('record'), instrument, set, bound: fc.boolean(), measurement }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bind'), instrument, set }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create'), instrument }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait'), millis: fc.constantFrom(1, 50, 99, 100, 250) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('collect'), reader: fc.nat(READERS - 1), arrives: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen'), reader: fc.nat(READERS - 1) }) },
);

export const commands = fc.array(command, { maxLength: 80, size: 'max' });

export const scarcity: fc.Arbitrary<Scarcity> = fc.record({
  shared: fc.boolean(),
  seriesTtlMillis: fc.constantFrom(0, 100),
  handleCacheSize: fc.constantFrom(0, 3, 1000),
  maxSeries: fc.constantFrom(4, 40),
  lacks: fc.constantFrom('nothing', 'nothing', 'label bytes', 'histograms'),
});
