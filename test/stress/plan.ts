// What the stress test with everything at once is going to do, drawn from a seed: the same seed, the same plan. How the
// threads interleave while they carry it out is up to the machine.
import * as fc from 'fast-check';
import type { StreamDefinition } from '../../lib/store/definition/stream.js';

/** Threads that record at the same time. */
export const WRITERS = 4;
/** Label sets that come back all the time, of each instrument. */
export const SETS = 40;

/** A hidden stream beside them, which nobody may see: each record with attributes looks for a place of its set there. */
export const HIDDEN: StreamDefinition = {
  ...{
    scope: { name: 'everything' },
    name: 'hidden',
    description: '',
    unit: '',
    kind: 'COUNTER',
    valueType: 1,
  },
  ...{ boundaries: [], limit: 10, verbatim: false, hidden: true },
};

/** The instruments, by the row in which the test counts their records. */
export const INSTRUMENTS = ['counter', 'histogram', 'up_down', 'gauge'] as const;

/** One record of the value 1, through a bound handle, with attributes, or with attributes that nobody has used yet. */
export interface PlannedRecord {
  readonly instrument: number;
  readonly how: 'bound' | 'attributes' | 'fresh';
  readonly set: number;
}

export type Step =
  /** A writer is terminated if it still lives, and another one takes its place. It leaves by itself after `rounds`. */
  | {
      readonly do: 'replace writer';
      readonly id: number;
      readonly records: PlannedRecord[];
      readonly rounds: number;
    }
  /** The thread that cuts without pause is terminated, mostly inside a cut, and another one takes its place. */
  | { readonly do: 'replace collector' }
  /** A reader collects; what it got arrives or is lost on the way. */
  | { readonly do: 'collect'; readonly reader: number; readonly arrives: boolean }
  /** A series of the counter or of the histogram is removed, or all of them; or is made to exist. */
  | { readonly do: 'remove' | 'init'; readonly instrument: number; readonly set: number }
  | { readonly do: 'clear'; readonly instrument: number }
  /** Hidden places that nobody needs come back: all but those of sets up to `needed`. */
  | { readonly do: 'give back'; readonly needed: number }
  /** Garbage in the thread that reads. */
  | { readonly do: 'waste'; readonly megabytes: number }
  | { readonly do: 'sleep'; readonly millis: number };

const record: fc.Arbitrary<PlannedRecord> = fc.record({
  instrument: fc.nat(INSTRUMENTS.length - 1),
  how: fc.oneof(
    { weight: 5, arbitrary: fc.constant('bound' as const) },
    { weight: 4, arbitrary: fc.constant('attributes' as const) },
    { weight: 1, arbitrary: fc.constant('fresh' as const) },
  ),
  set: fc.nat(SETS - 1),
});

const LASTING = Number.MAX_SAFE_INTEGER;

const replaceWriter = {
  do: fc.constant('replace writer' as const),
  id: fc.nat(WRITERS - 1),
  records: fc.array(record, { minLength: 100, maxLength: 100 }),
  rounds: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(LASTING)),
};

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record(replaceWriter) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace collector' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('collect' as const),
      reader: fc.nat(2),
      arrives: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('remove' as const, 'init' as const),
      instrument: fc.nat(1),
      set: fc.nat(SETS - 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), instrument: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('give back' as const), needed: fc.nat(SETS - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('waste' as const), megabytes: fc.integer({ min: 1, max: 64 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), millis: fc.integer({ min: 0, max: 20 }) }),
  },
);

/** Stays, and goes on with label sets that nobody has used yet: it fills any store. */
const lastWriter: fc.Arbitrary<Step> = fc.record({
  ...replaceWriter,
  records: replaceWriter.records.filter(records => records.some(({ how }) => how === 'fresh')),
  rounds: fc.constant(LASTING),
});

/** So many steps and a last one, always the same ones for a seed. */
export function planOf(seed: number, steps: number): Step[] {
  return [...fc.sample(step, { seed, numRuns: steps }), ...fc.sample(lastWriter, { seed, numRuns: 1 })];
}
