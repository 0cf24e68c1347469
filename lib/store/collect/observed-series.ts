// Observations of one reader: absolute values turned into points, by the rules for asynchronous instruments: only what
// was observed in this round, the first sets within the limit, the rest summed up in the overflow point. One per reader.
import { canonicalize, parseAttributes } from '../series/attributes.js';
import type { Observation } from './observers.js';
import { OVERFLOW_TEXT } from '../definition/overflow.js';
import type { RegisteredStream, StreamRegistry } from '../series/stream-registry.js';
import type { StreamPoints } from './stream-points.js';
import type { SeriesLabels, Temporality } from '../definition/stream.js';

interface ObservedPoint {
  readonly series: SeriesLabels;
  value: number;
  startUnixMillis: number;
  readonly thread: number | undefined;
}

export interface ObservedSeriesOptions {
  readonly maxLabelValueLength: number;
  /** Unix milliseconds. */
  readonly now: number;
  /** Whether a reader that has ended reported before: deltas count from the first round on, which has its share already. */
  readonly isSuccessor: boolean;
  /** Told of each value of a gauge that another thread's of equal attributes took the place of. */
  readonly onOverwritten: (stream: RegisteredStream) => void;
  /** Told of the sets of each stream that a round has, by their canonical texts. */
  readonly onSets?: (stream: RegisteredStream, sets: ReadonlyMap<string, unknown>) => void;
}

export class ObservedSeries {
  readonly #registry: StreamRegistry;
  readonly #maxLabelValueLength: number;
  readonly #isSuccessor: boolean;
  readonly #onOverwritten: (stream: RegisteredStream) => void;
  readonly #onSets: ObservedSeriesOptions['onSets'];
  /** What this reader reported last, by stream and attributes; only sets of the last round are kept. */
  #last: ReadonlyMap<RegisteredStream, ReadonlyMap<string, ObservedPoint>> = new Map();
  /** The sets of the last round, whether or not it arrived. */
  #known: ReadonlyMap<RegisteredStream, ReadonlyMap<string, ObservedPoint>> = new Map();
  #lastAt: number;
  #hasReported = false;

  constructor(
    registry: StreamRegistry,
    { maxLabelValueLength, now, isSuccessor, onOverwritten, onSets }: ObservedSeriesOptions,
  ) {
    this.#registry = registry;
    this.#onOverwritten = onOverwritten;
    this.#onSets = onSets;
    this.#maxLabelValueLength = maxLabelValueLength;
    this.#isSuccessor = isSuccessor;
    this.#lastAt = now;
  }

  /**
   * Adds the points of one round, which ends at `until`. `commit` makes them what the next delta starts from. A round that is not
   * whole does not tell that a series has ended.
   */
  add(
    { observations, isWhole }: { readonly observations: readonly Observation[]; readonly isWhole: boolean },
    points: StreamPoints,
    temporalityOf: (stream: RegisteredStream) => Temporality,
    until: number,
  ): { readonly commit: () => void } {
    const round = this.#merge(observations);
    this.#known = round;
    for (const [stream, sets] of round) {
      this.#onSets?.(stream, sets);
      const delta = temporalityOf(stream) === 'delta' && stream.definition.kind !== 'OBSERVABLE_GAUGE';
      // No interval ends before it begins, whatever the clock did.
      const created = Math.min(stream.startUnixMillis, until);
      const lastAt = this.#last.has(stream) ? this.#lastAt : Math.min(Math.max(this.#lastAt, created), until);
      // "The creation time of the instrument, if the first series measurement occurred in the first collection interval,
      // otherwise the timestamp of the collection interval prior to the first series measurement."
      const born = this.#hasReported ? lastAt : created;
      for (const [text, point] of sets) {
        const { series, value } = point;
        const last = this.#last.get(stream)?.get(text);
        point.startUnixMillis = delta ? lastAt : (last?.startUnixMillis ?? born);
        const unknown = this.#isSuccessor && !this.#hasReported ? value : 0;
        const before = delta ? (last?.value ?? unknown) : 0;
        // A counter that fell was reset: what it has now was counted since.
        const reset = stream.definition.kind === 'OBSERVABLE_COUNTER' && value < before;
        points.push(stream, {
          series,
          startUnixMillis: point.startUnixMillis,
          value: reset ? value : value - before,
        });
      }
    }
    return {
      commit: () => {
        this.#lastAt = until;
        this.#last = isWhole ? round : withUnobserved(round, this.#last);
        this.#hasReported = true;
      },
    };
  }

  #merge(observations: readonly Observation[]): Map<RegisteredStream, Map<string, ObservedPoint>> {
    const round = new Map<RegisteredStream, Map<string, ObservedPoint>>();
    for (const { stream: index, attributes, value, thread } of observations) {
      const stream = this.#registry.at(index);
      let sets = round.get(stream);
      if (sets === undefined) round.set(stream, (sets = new Map<string, ObservedPoint>()));
      const { text } = canonicalize(attributes, this.#maxLabelValueLength);
      const key =
        sets.has(text) || sets.size - (sets.has(OVERFLOW_TEXT) ? 1 : 0) < stream.definition.limit
          ? text
          : OVERFLOW_TEXT;
      const known = sets.get(key);
      const isGauge = stream.definition.kind === 'OBSERVABLE_GAUGE';
      if (known !== undefined && !isGauge) {
        known.value += value;
        continue;
      }
      if (known !== undefined && known.thread !== thread && key !== OVERFLOW_TEXT)
        this.#onOverwritten(stream);
      sets.set(key, {
        series: this.#known.get(stream)?.get(key)?.series ?? { attributes: parseAttributes(key) },
        value,
        startUnixMillis: 0,
        thread,
      });
    }
    return round;
  }
}

/** Within the limit of each stream. */
function withUnobserved(
  round: ReadonlyMap<RegisteredStream, ReadonlyMap<string, ObservedPoint>>,
  before: ReadonlyMap<RegisteredStream, ReadonlyMap<string, ObservedPoint>>,
): ReadonlyMap<RegisteredStream, ReadonlyMap<string, ObservedPoint>> {
  const all = new Map(round);
  for (const [stream, last] of before) {
    const sets = new Map(round.get(stream));
    for (const [text, point] of last)
      if (!sets.has(text) && sets.size < stream.definition.limit) sets.set(text, point);
    all.set(stream, sets);
  }
  return all;
}
