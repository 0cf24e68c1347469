// The table of what `watch` says about itself. docs/watch.md has it too, and a test compares both.
import type { Attributes } from '@opentelemetry/api';

/** Why a watch was not there for a while. */
export type ReconnectReason =
  /** The server ended it, as servers do after some minutes. */
  | 'ended'
  /** The history does not reach back that far. */
  | 'gone'
  /** 401 or 403. */
  | 'refused'
  /** 429 */
  | 'throttled'
  /** 5xx */
  | 'server'
  /** There was no answer in time. */
  | 'silence'
  /** There was no connection, or it broke. */
  | 'connection'
  /** It was an answer of another kind. */
  | 'answer';

/** What is asked for at each collection. */
export interface WatchSources {
  /** All that there was is known, and `/readyz` says so. */
  readonly isReady?: () => boolean;
  /** For how long it has not been sure that everything was seen. */
  readonly lagMillis?: () => number;
  readonly workflows?: () => { readonly running: number; readonly finished: number };
  /** Gone when a list came, and not ended before. */
  readonly lost?: () => number;
  /** Of those that are over. */
  readonly forgotten?: () => number;
  readonly emissions?: () => number;
  readonly state?: () => {
    readonly bytes: number;
    /** Since all that was counted was on the disk. */
    readonly ageMillis: number;
    readonly errors: number;
  };
}

/** What was counted. Undefined, or empty: nobody counts it. */
export interface WatchCounts {
  readonly events: Map<string, number>;
  readonly reconnects: Map<ReconnectReason, number>;
  relists: number;
  /** By code, in it by template. */
  readonly diagnostics: Map<string, Map<string, number>>;
  isReloaded: boolean | undefined;
}

export type WatchPoint = readonly [value: number, attributes?: Attributes];

export interface WatchFigure {
  /** Behind the prefix. Prometheus shows it with its unit, and with `_total` of a counter. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly unit: string;
  readonly description: string;
  readonly points: (counts: WatchCounts, sources: WatchSources) => Iterable<WatchPoint>;
}

type Facts = Omit<WatchFigure, 'name' | 'points'>;

function gauge(unit: string, description: string): Facts {
  return { kind: 'gauge', unit, description };
}

function counter(unit: string, description: string): Facts {
  return { kind: 'counter', unit, description };
}

export const WATCH_FIGURES: readonly WatchFigure[] = [
  {
    name: 'ready',
    ...gauge('', 'Whether everything that there was is known: 1 or 0.'),
    points: (_, { isReady }) => one(isReady, ready => Number(ready())),
  },
  {
    name: 'watch_lag',
    ...gauge('s', 'For how long it has not been sure that everything was seen; 0 while the watch is there.'),
    points: (_, { lagMillis }) => one(lagMillis, lag => lag() / 1000),
  },
  {
    name: 'events',
    ...counter('{event}', 'Events of the watch that were taken.'),
    points: ({ events }) => byLabel(events, 'type'),
  },
  {
    name: 'reconnects',
    ...counter('{connection}', 'Watches that ended, or could not begin, and are begun again.'),
    points: ({ reconnects }) => byLabel(reconnects, 'reason'),
  },
  {
    name: 'relists',
    ...counter('{list}', 'Lists that followed a gap in the history.'),
    points: ({ relists }) => [[relists]],
  },
  {
    name: 'workflows',
    ...gauge('{workflow}', 'Workflows that are known.'),
    *points(_, { workflows }) {
      if (workflows === undefined) return;
      const { running, finished } = workflows();
      yield [running, { state: 'running' }];
      yield [finished, { state: 'finished' }];
    },
  },
  {
    name: 'workflows_lost',
    ...counter('{workflow}', 'Workflows that were not counted to their end.'),
    *points(_, { lost }) {
      if (lost !== undefined) yield [lost(), { reason: 'deleted' }];
    },
  },
  {
    name: 'emissions',
    ...counter('{emission}', 'Values of custom metrics that were recorded.'),
    points: (_, { emissions }) => one(emissions, count => count()),
  },
  {
    name: 'diagnostics',
    ...counter('{diagnostic}', 'What is wrong with metrics, by code and by what the workflow was made of.'),
    *points({ diagnostics }) {
      for (const [code, byTemplate] of diagnostics)
        for (const [template, count] of byTemplate) yield [count, { code, template }];
    },
  },
  {
    name: 'state',
    ...gauge('By', 'Size of the state on the disk.'),
    points: (_, { state }) => one(state, read => read().bytes),
  },
  {
    name: 'state_age',
    ...gauge('s', 'Since everything that was counted was on the disk.'),
    points: (_, { state }) => one(state, read => read().ageMillis / 1000),
  },
  {
    name: 'state_errors',
    ...counter('{error}', 'What the disk did not take, or did not give back.'),
    points: (_, { state }) => one(state, read => read().errors),
  },
  {
    name: 'forgotten',
    ...counter('{workflow}', 'Finished workflows that were forgotten because there were too many.'),
    points: (_, { forgotten }) => one(forgotten, count => count()),
  },
  {
    name: 'config_reload_success',
    ...gauge('', 'Whether the configuration that was read last is in use: 1 or 0.'),
    points: ({ isReloaded }) => one(isReloaded, Number),
  },
];

/** Nothing where nobody says it. */
function* one<Source>(
  source: Source | undefined,
  read: (source: Source) => number,
): Generator<WatchPoint, void, undefined> {
  if (source !== undefined) yield [read(source)];
}

function* byLabel(
  counts: ReadonlyMap<string, number>,
  label: string,
): Generator<WatchPoint, void, undefined> {
  for (const [value, count] of counts) yield [count, { [label]: value }];
}
