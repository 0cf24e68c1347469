import type { Attributes } from '@opentelemetry/api';
import { BoundedMap } from '../../guard/bounded-map.js';
import { diag } from '../../guard/guarded-diag.js';
import type { CollectedStream } from '../../store/definition/stream.js';
import type { Chunks } from './chunk-output.js';
import type { ExpositionFormat } from '../negotiation/exposition-format.js';
import { formatChunks } from './format-chunks.js';
import { FamilyNaming } from './named-families.js';
import type { NamedFamilies } from './named-families.js';

/** Collections after which the label texts with UTF-8 names are forgotten, if nobody asked for them since. */
const UNUSED_MAX = 10;
/** Subjects of warnings that are remembered: names may come and go without end. */
const WARNED_MAX = 1000;

export interface ExpositionOptions {
  /** Announced as `target_info`; without it, or empty, there is no such metric. */
  readonly resourceAttributes?: Attributes;
}

/** One collection, ready to be written. */
export interface Exposition {
  /** Some name or label key would be written differently for who reads UTF-8 names. */
  readonly needsUtf8Names: boolean;
  /**
   * The bytes in a format, each time from the start; later collections do not disturb them. What a format needs that was
   * not made yet is made first, in short turns of this thread.
   *
   * The bytes are made while they are read, in chunks of 64 KiB or a little less. A chunk is a view of memory that the next
   * step of any iteration in this thread uses again: take what is needed of it, or copy it, before anything else runs.
   */
  chunks(format: ExpositionFormat): Promise<Chunks>;
}

/**
 * Writes collections for Prometheus, ordered by metric name and then by the bytes of the label text, so that equal data
 * give equal bytes. Keep one instance per collecting thread: it remembers the escaped labels of each series, and those with
 * UTF-8 names from when somebody first asks for them.
 *
 * A verbatim stream is exposed under exactly its name; any other by OpenTelemetry's rules: unit and `_total` suffixes,
 * `otel_scope_*` labels, translated label keys. Only cumulative streams can be written.
 */
export class PrometheusWriter {
  readonly #warned = new BoundedMap<string, true>(WARNED_MAX);
  readonly #naming = new FamilyNaming(false, (subject, message) => this.#warn(subject, message));
  #utf8Naming: FamilyNaming | undefined;
  #utf8Unused = 0;
  /** A naming names one collection at a time. */
  #utf8Turn: Promise<unknown> = Promise.resolve();

  /** Makes what is new of the text, in short turns of this thread. One call at a time. */
  async prepare(
    streams: readonly CollectedStream[],
    { resourceAttributes = {} }: ExpositionOptions = {},
  ): Promise<Exposition> {
    if (++this.#utf8Unused > UNUSED_MAX) this.#utf8Naming = undefined;
    const named = await this.#naming.name(streams, resourceAttributes);
    let utf8Named: Promise<NamedFamilies> | undefined;
    return {
      needsUtf8Names: named.needsUtf8Names,
      chunks: async format => {
        const { families } = format.utf8Names
          ? await (utf8Named ??= this.#nameInUtf8(streams, resourceAttributes))
          : named;
        return formatChunks(families, format, this.#warn);
      },
    };
  }

  #nameInUtf8(streams: readonly CollectedStream[], resourceAttributes: Attributes): Promise<NamedFamilies> {
    this.#utf8Unused = 0;
    const naming = (this.#utf8Naming ??= new FamilyNaming(true, this.#warn));
    const next = (): Promise<NamedFamilies> => naming.name(streams, resourceAttributes);
    const turn = this.#utf8Turn.then(next);
    // Not what came of it: it holds the numbers of a whole collection.
    this.#utf8Turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /** Once per subject: a scrape comes every few seconds. */
  readonly #warn = (subject: string, message: string): void => {
    if (this.#warned.has(subject)) return;
    this.#warned.set(subject, true);
    diag.warn(message);
  };
}
