// In a collector thread: what the MeterProvider of the thread that started it has, asked for at each collection. When that thread
// is busy, its last answer stands for a while: cumulative numbers that stand still are right for rates, and a gap is not.
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type {
  CollectionResult,
  MetricCollectOptions,
  MetricData,
  MetricProducer,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { BoundedCalls } from '../guard/bounded-calls.js';
import { diag } from '../guard/guarded-diag.js';
import { asError } from '../guard/thrown.js';
import { JoinedPieces, type MetricPiece } from '../producers/metric-pieces.js';
import { plainResource } from '../producers/resource.js';
import { CUMULATIVE, DATA_POINT_TYPE } from '../producers/sdk-enums.js';
import { monotonicMillis } from '../waiting.js';
import { hrTime } from './metric-data.js';

/** How much of a collection's time the other thread is told: its answer must arrive before it ends. */
const SHARE_OF_TIME = 0.9;

const AGE = {
  name: 'otel_argo_metrics.host.age',
  description:
    'How long ago the thread that started the collector thread gave what is shown of its MeterProvider.',
  unit: 's',
  type: 'GAUGE',
  valueType: 1,
};

/** The end of an answer, behind its pieces. */
export interface HostAnswer {
  /** Of the question; 0: nobody asked. */
  readonly id: number;
  /** Whether the provider gave its metrics; without them, those before stand. */
  readonly hasMetrics: boolean;
  /** Of the provider, once it is known. */
  readonly resource: Attributes | undefined;
  readonly errors: readonly Error[];
  /** How long it took, so how old it was when it was sent. */
  readonly tookMillis: number;
}

export interface HostProducerOptions {
  /** Asks the other thread, whose answer may take as long as it likes. */
  readonly ask: (id: number, timeoutMillis: number) => void;
  /** Whether there is a provider to be asked. */
  readonly isThere: boolean;
  /** Until the provider's is known. */
  readonly resource: Resource;
  /** Bound of waiting for an answer, beside that of who collects. */
  readonly timeoutMillis: number;
  /** How old what is shown may be. 0: only what was given to this collection. */
  readonly maxAgeMillis: number;
  readonly now?: () => number;
}

interface Known {
  readonly scopeMetrics: readonly ScopeMetrics[];
  /** In `monotonicMillis`. */
  readonly at: number;
}

/** What became of a question. */
interface Outcome {
  readonly isFresh: boolean;
  readonly errors: readonly Error[];
  readonly isLate: boolean;
}

export class HostProducer implements MetricProducer {
  readonly #options: HostProducerOptions;
  readonly #now: () => number;
  readonly #calls = new BoundedCalls<Outcome>({
    lateCode: 'PRODUCER_TIMEOUT',
    what: 'the MeterProvider of the thread that started the collector thread',
    keepsLate: false,
  });
  /** By the id of their question. */
  readonly #pieces = new Map<number, JoinedPieces>();
  #question: { readonly id: number; readonly settle: (outcome: Outcome) => void } | undefined;
  #asked = 0;
  #isThere: boolean;
  #isSilent = false;
  #resource: Resource;
  #knowsResource = false;
  #last: Known | undefined;
  #hasSaidLate = false;

  constructor(options: HostProducerOptions) {
    this.#options = options;
    this.#now = options.now ?? monotonicMillis;
    this.#isThere = options.isThere;
    this.#resource = options.resource;
  }

  /** Never rejects. Waits for an answer within its time, and then goes on without. */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    const { timeoutMillis, maxAgeMillis } = this.#options;
    const { isFresh, isLate, errors } = await this.#refresh(
      Math.min(options?.timeoutMillis ?? timeoutMillis, timeoutMillis),
    );
    const last = this.#last;
    if (!this.#isThere || last === undefined) return this.#result([], errors);
    const age = Math.max(0, this.#now() - last.at);
    const isShown = isFresh || age <= maxAgeMillis;
    if (isLate && isShown) this.#sayLate();
    return this.#result(
      [...(isShown ? last.scopeMetrics : []), ageMetrics(age)],
      isLate && isShown ? [] : errors,
    );
  }

  /** Whether there is a provider to be asked. What one had that is not there any more is not shown. */
  tell(isThere: boolean): void {
    this.#isThere = isThere;
    if (isThere) return;
    this.#last = undefined;
    this.#pieces.clear();
    this.#settle({ isFresh: false, isLate: false, errors: [] });
  }

  take(id: number, piece: MetricPiece): void {
    const pieces = this.#pieces.get(id) ?? new JoinedPieces();
    this.#pieces.set(id, pieces);
    pieces.add(piece);
  }

  /** All pieces of an answer are there. One that comes late is as good. */
  end({ id, hasMetrics, resource, errors, tookMillis }: HostAnswer): void {
    const pieces = this.#pieces.get(id);
    this.#pieces.delete(id);
    if (!this.#isThere) return;
    if (hasMetrics) {
      this.#last = { scopeMetrics: pieces?.scopeMetrics ?? [], at: this.#now() - tookMillis };
      this.#hasSaidLate = false;
    }
    // It stays the same, and so does the object: who writes it remembers it by that.
    if (resource !== undefined && !this.#knowsResource) {
      this.#knowsResource = true;
      this.#resource = plainResource(resource);
    }
    if (id === this.#question?.id) this.#settle({ isFresh: hasMetrics, isLate: false, errors });
  }

  /** From now on nobody is asked, and nobody waits for an answer: the process ends. */
  silence(): void {
    this.#isSilent = true;
    this.#settle({ isFresh: false, isLate: false, errors: [] });
  }

  /** Takes `silence` back: the process goes on. */
  resume(): void {
    this.#isSilent = false;
  }

  async #refresh(timeoutMillis: number): Promise<Outcome> {
    if (!this.#isThere || this.#isSilent) return { isFresh: false, isLate: false, errors: [] };
    try {
      return await this.#calls.run(longest => this.#ask(longest), timeoutMillis, this);
    } catch (error) {
      const late = asError(error, 'PRODUCER_TIMEOUT', 'the MeterProvider');
      return { isFresh: false, isLate: true, errors: [late] };
    }
  }

  /** One question at a time, which is open until it is answered. */
  #ask(timeoutMillis: number): Promise<Outcome> {
    return new Promise(settle => {
      this.#question = { id: ++this.#asked, settle };
      // What changed since somebody began to wait for it.
      if (!this.#isThere || this.#isSilent) this.#settle({ isFresh: false, isLate: false, errors: [] });
      else this.#options.ask(this.#asked, timeoutMillis * SHARE_OF_TIME);
    });
  }

  #settle(outcome: Outcome): void {
    this.#question?.settle(outcome);
    this.#question = undefined;
  }

  #sayLate(): void {
    if (this.#hasSaidLate) return;
    this.#hasSaidLate = true;
    diag.warn(
      'otel-argo-metrics: the thread that started the collector thread does not answer: of its MeterProvider the last answer is ' +
        `shown, for ${this.#options.maxAgeMillis} ms (hostMaxAgeMillis; said once until it answers)`,
    );
  }

  #result(scopeMetrics: ScopeMetrics[], errors: readonly Error[]): CollectionResult {
    return { resourceMetrics: { resource: this.#resource, scopeMetrics }, errors: [...errors] };
  }
}

function ageMetrics(ageMillis: number): ScopeMetrics {
  const time = hrTime(Date.now());
  const metric = {
    descriptor: AGE,
    aggregationTemporality: CUMULATIVE,
    dataPointType: DATA_POINT_TYPE.GAUGE,
    dataPoints: [{ startTime: time, endTime: time, attributes: {}, value: ageMillis / 1000 }],
  } as unknown as MetricData;
  return { scope: { name: 'otel_argo_metrics.collector' }, metrics: [metric] };
}
