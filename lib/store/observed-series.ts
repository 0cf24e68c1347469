/*
 * Observations of one reader: absolute values turned into points, by the rules for asynchronous instruments: only what
 * was observed in this round, the first sets within the limit, the rest summed up in the overflow point. One per reader.
 */
import type { Attributes } from '@opentelemetry/api';
import { canonicalize, parseAttributes } from './attributes.js';
import type { Observation } from './observers.js';
import type { RegisteredStream, StreamRegistry } from './stream-registry.js';
import type { StreamPoints } from './stream-points.js';
import type { Temporality } from './stream.js';

interface ObservedPoint {
  readonly attributes: Attributes;
  value: number;
}

const OVERFLOW = '{"otel.metric.overflow":true}';

export class ObservedSeries {
  readonly #registry: StreamRegistry;
  readonly #maxLabelValueLength: number;
  /** What a delta reader reported last, by stream and attributes; only sets of the last round are kept. */
  #last = new Map<RegisteredStream, Map<string, number>>();
  #lastAt: number;

  constructor(registry: StreamRegistry, maxLabelValueLength: number, now: number) {
    this.#registry = registry;
    this.#maxLabelValueLength = maxLabelValueLength;
    this.#lastAt = now;
  }

  /** Adds the points of one round. `commit` makes them what the next delta starts from. */
  add(
    observations: readonly Observation[],
    points: StreamPoints,
    temporalityOf: (stream: RegisteredStream) => Temporality,
  ): { readonly commit: (now: number) => void } {
    const round = this.#merge(observations);
    for (const [stream, sets] of round) {
      const delta = temporalityOf(stream) === 'delta' && stream.definition.kind !== 'OBSERVABLE_GAUGE';
      const start = delta ? this.#lastAt : stream.startUnixMillis;
      for (const [text, { attributes, value }] of sets) {
        const before = delta ? (this.#last.get(stream)?.get(text) ?? 0) : 0;
        // A counter that fell was reset: what it has now was counted since.
        const reset = stream.definition.kind === 'OBSERVABLE_COUNTER' && value < before;
        points.push(stream, { attributes, startUnixMillis: start, value: reset ? value : value - before });
      }
    }
    return {
      commit: now => {
        this.#lastAt = now;
        this.#last = new Map(
          [...round].map(([stream, sets]) => [
            stream,
            new Map([...sets].map(([text, { value }]) => [text, value])),
          ]),
        );
      },
    };
  }

  #merge(observations: readonly Observation[]): Map<RegisteredStream, Map<string, ObservedPoint>> {
    const round = new Map<RegisteredStream, Map<string, ObservedPoint>>();
    for (const { stream: index, attributes, value } of observations) {
      const stream = this.#registry.at(index);
      let sets = round.get(stream);
      if (sets === undefined) round.set(stream, (sets = new Map<string, ObservedPoint>()));
      const { text } = canonicalize(attributes, this.#maxLabelValueLength);
      const key =
        sets.has(text) || sets.size - (sets.has(OVERFLOW) ? 1 : 0) < stream.definition.limit
          ? text
          : OVERFLOW;
      const known = sets.get(key);
      if (known === undefined) sets.set(key, { attributes: parseAttributes(key), value });
      else known.value = stream.definition.kind === 'OBSERVABLE_GAUGE' ? value : known.value + value;
    }
    return round;
  }
}
