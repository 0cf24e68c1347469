// What the records of a state say, as JSON. A snapshot is records, and what came since is too: a reader takes one after the
// other. Keys are short, because there is a record for each event.
import type { CustomInstrumentDefinition } from '../../instruments/custom-instrument.js';
import type { CountedValue } from '../observe/counted-values.js';
import type { NumberOperation } from '../emit/emission-log.js';

/** As text where JSON has no number for it: it would make 0 of Infinity. */
export type SavedNumber = number | string;

export function saveNumber(number: number): SavedNumber {
  return Number.isFinite(number) && !Object.is(number, -0)
    ? number
    : Object.is(number, -0)
      ? '-0'
      : String(number);
}

export function readNumber(saved: SavedNumber): number {
  return typeof saved === 'number' ? saved : Number(saved);
}

/** A number that is given once for what comes again: a definition, a series, a value that workflows have in common. */
export type Id = number;

export type SavedOperation =
  | readonly [kind: NumberOperation, series: Id, number: SavedNumber]
  | readonly [
      kind: 'report',
      owner: string,
      subject: string,
      metric: string,
      series: Id,
      start: number,
      end: number | null,
    ]
  | readonly [kind: 'end', owner: string, subject: string, metric: string, at: number]
  | readonly [kind: 'endSubject', owner: string, subject: string, at: number]
  | readonly [kind: 'complete', owner: string, at: number]
  | readonly [kind: 'delete', owner: string];

/** What of a workflow's state is another than before. */
export interface WorkflowPatch {
  /** Versions. */
  readonly v?: string;
  /** Runs: characters that stay at the beginning and at the end, and in base64 what stands between them now. */
  readonly r?: readonly [begin: number, end: number, between: string];
  /** The newest time. */
  readonly n?: number | null;
  /** Phase. */
  readonly p?: string | null;
  /** Labels and annotations. */
  readonly l?: Id;
  readonly a?: Id;
  /** When it was started. */
  readonly s?: number | null;
  readonly h?: boolean;
  /** Written metrics: the first ones, their mark, and of each its mark and, if it is changed, what it was. */
  readonly w?: readonly [
    first: Id,
    started: number | null,
    written: readonly (readonly [mark: number, original?: Id])[],
  ];
}

/** A histogram: count, sum, least, greatest, buckets. */
export type SavedValue = SavedNumber | readonly (SavedNumber | readonly number[])[];

export type SavedTotal = readonly [
  /** Null: the overflow series. */
  attributes: Readonly<Record<string, unknown>> | null,
  value: SavedValue,
  startUnixMillis: number,
  usedUnixMillis: number,
  gauge?: string,
];

export type SavedReport = readonly [
  owner: string,
  subject: string,
  metric: string,
  series: Id,
  start: number,
  end: number | null,
  isComplete: boolean,
];

export interface StateRecord {
  /** The time, in Unix milliseconds. */
  readonly t?: number;
  /** Cuts that came before everything else of it: how many, and the time of the last one. */
  readonly c?: readonly [count: number, at: number];
  /** Values that workflows have in common. */
  readonly j?: readonly (readonly [id: Id, value: unknown])[];
  readonly d?: readonly (readonly [id: Id, definition: CustomInstrumentDefinition])[];
  /** Series, by definition and canonical attributes; without attributes the overflow series. */
  readonly s?: readonly (readonly [id: Id, definition: Id, text?: string])[];
  readonly o?: readonly SavedOperation[];
  /** Workflows; a time for those that are gone, and null for those that were forgotten. */
  readonly w?: readonly (readonly [uid: string, change: WorkflowPatch | SavedNumber | null])[];
  /** What was over by then may be one of those that were forgotten. */
  readonly u?: number;
  /** The first list was taken. */
  readonly b?: true;
  /** Where the watch goes on. */
  readonly p?: string;
  /** Of a snapshot: who holds the realtime series. */
  readonly h?: string;
  /** Of a snapshot: totals of a definition. */
  readonly m?: readonly [definition: Id, series: readonly SavedTotal[]];
  /** Of a snapshot: values that workflows which are over have in common, by numbers of their own. */
  readonly k?: readonly CountedValue[];
  /** Of a snapshot: workflows that are over, packed, in base64. */
  readonly f?: string;
  /** Of a snapshot: who holds which realtime series. */
  readonly g?: readonly SavedReport[];
}
