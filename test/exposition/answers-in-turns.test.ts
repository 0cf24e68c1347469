// Goal: whoever takes an answer when, in which format, and gives it up when, whatever is counted and removed meanwhile: what is
// taken to its end is whole and of one moment. Method: random commands. Every label set is counted in two counters and a
// histogram, one right after the other, so in each answer they have the same sets, and numbers that belong together.
import { expect } from 'chai';
import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { collectPrometheus } from '../../lib/exposition/collect-prometheus.js';
import { negotiateFormat } from '../../lib/exposition/negotiation/negotiation.js';
import { PrometheusCollector } from '../../lib/exposition/prometheus-collector.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { readOpenMetrics, readProtobuf, readText } from './read-formats.js';
import type { ReadBack } from './read-formats.js';

const UTF8 = 'text/plain;version=1.0.0;escaping=allow-utf-8';
const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

/** What is asked for: a format, and by which way the answer comes. */
const WAYS = ['text/plain', OPEN_METRICS, UTF8, PROTOBUF].flatMap(accept =>
  ['collector', 'identity', 'gzip'].map(by => ({ accept, by })),
);

const READERS: Record<string, (body: Buffer) => ReadBack> = {
  'text/plain': body => readText(body.toString()),
  [OPEN_METRICS]: body => readOpenMetrics(body.toString()),
  [UTF8]: body => readText(body.toString(), true),
  [PROTOBUF]: readProtobuf,
};

/** Label sets that there are at first: enough for several chunks of every format. */
const SETS = 300;
const BOUNDARIES = [1, 5, 50];

/** An answer on its way. */
interface Answer {
  readonly accept: string;
  /** Undefined at the end. */
  readonly next: () => Promise<Uint8Array | undefined>;
  readonly giveUp: () => Promise<void>;
  readonly bodyOf: (taken: readonly Uint8Array[]) => Buffer;
  readonly taken: Uint8Array[];
}

/** Counts each set in three instruments, and asks for answers. */
class Counted {
  readonly #store: MetricStore = createStore({ shared: false });
  readonly #collector = new PrometheusCollector(this.#store, { targetInfo: true });
  readonly #one = this.#store.getMeter('m').createCounter('one.of');
  readonly #two = this.#store.getMeter('m').createCounter('two.of');
  readonly #wait = this.#store
    .getMeter('m')
    .createHistogram('wait', { advice: { explicitBucketBoundaries: BOUNDARIES } });

  count(from: number, length: number): void {
    for (let set = from; set < from + length; set++) {
      const labels = labelsOf(set);
      this.#one.add(1, labels);
      this.#two.add(2, labels);
      this.#wait.record(set % 70, labels);
    }
  }

  remove(from: number, length: number): void {
    for (let set = from; set < from + length; set++)
      for (const instrument of [this.#one, this.#two, this.#wait]) instrument.remove(labelsOf(set));
  }

  async ask({ accept, by }: (typeof WAYS)[number]): Promise<Answer> {
    return by === 'collector' ? this.#askCollector(accept) : this.#askDoor(accept, by);
  }

  async #askDoor(accept: string, acceptEncoding: string): Promise<Answer> {
    const { chunks, contentEncoding } = await collectPrometheus({
      store: this.#store,
      accept,
      acceptEncoding,
      openMetrics: true,
    });
    const iterator = chunks[Symbol.asyncIterator]();
    const whole = (taken: readonly Uint8Array[]): Buffer => Buffer.concat(taken);
    return {
      accept,
      next: async () => {
        const step = await iterator.next();
        return step.done === true ? undefined : step.value;
      },
      giveUp: async () => void (await iterator.return?.()),
      // Each chunk is its taker's to keep: put together only now.
      bodyOf: contentEncoding === 'gzip' ? taken => gunzipSync(whole(taken)) : whole,
      taken: [],
    };
  }

  async #askCollector(accept: string): Promise<Answer> {
    const { exposition, release } = await this.#collector.collect();
    const format = negotiateFormat(accept, { openMetrics: true, protobuf: true }, exposition.needsUtf8Names);
    const iterator = (await exposition.chunks(format))[Symbol.iterator]();
    return {
      accept,
      next: () => {
        const { done, value } = iterator.next();
        if (done === true) release();
        // Others write into this memory from now on.
        return Promise.resolve(done === true ? undefined : Buffer.from(value));
      },
      giveUp: () => {
        release();
        iterator.return?.();
        return Promise.resolve();
      },
      bodyOf: taken => Buffer.concat(taken),
      taken: [],
    };
  }

  async shutdown(): Promise<void> {
    this.#collector.close();
    await this.#store.shutdown();
  }
}

function labelsOf(set: number): { 'a.b': string; pad: string } {
  return { 'a.b': `v${set}`, pad: 'x'.repeat(set % 400) };
}

async function take(answer: Answer, steps: number): Promise<boolean> {
  for (let step = 0; step < steps; step++) {
    const chunk = await answer.next();
    if (chunk === undefined) return false;
    answer.taken.push(chunk);
  }
  return true;
}

/** The numbers of each set: of the first counter, of the second, and of the histogram. */
function check({ accept, bodyOf, taken }: Answer): void {
  const { samples } = READERS[accept]!(bodyOf(taken));
  const of = (name: RegExp): Map<string, number> =>
    new Map(
      [...samples]
        .filter(([key]) => name.test(key))
        .map(([key, value]) => [key.slice(key.indexOf(' ')), value]),
    );
  const [one, two, wait] = [of(/^one.of_total /), of(/^two.of_total /), of(/^wait_count /)];
  expect([two.size, wait.size], accept).to.deep.equal([one.size, one.size]);
  expect(of(/^wait_bucket /).size, accept).to.equal(one.size * (BOUNDARIES.length + 1));
  for (const [labels, value] of one)
    if (two.get(labels) !== 2 * value || wait.get(labels) !== value)
      expect.fail(`${accept}:${labels} ${value}, ${two.get(labels)}, ${wait.get(labels)}`);
}

const someWay = fc.constantFrom(...WAYS);
const step = fc.record({
  kind: fc.constant('step' as const),
  which: fc.nat(9),
  steps: fc.integer({ min: 1, max: 4 }),
});
const sets = { from: fc.nat(2 * SETS), length: fc.integer({ min: 1, max: SETS }) };
const command = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), ways: fc.array(someWay, { minLength: 1, maxLength: 3 }) }),
  step,
  step,
  fc.record({ kind: fc.constant('give up' as const), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('count' as const), ...sets }),
  fc.record({ kind: fc.constant('remove' as const), ...sets }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

class Run {
  readonly #counted = new Counted();
  readonly #open: Answer[] = [];

  /** How many answers were taken to their ends. */
  async play(commands: readonly Command[]): Promise<number> {
    try {
      this.#counted.count(0, SETS);
      let whole = 0;
      for (const one of commands) whole += await this.#play(one);
      const ends = this.#open.map(answer => take(answer, Infinity));
      expect(await Promise.all(ends)).not.to.include(true);
      this.#open.forEach(check);
      return whole + this.#open.length;
    } finally {
      await this.#counted.shutdown();
    }
  }

  async #play(one: Command): Promise<number> {
    if (one.kind === 'count' || one.kind === 'remove') this.#counted[one.kind](one.from, one.length);
    else if (one.kind === 'ask')
      this.#open.push(...(await Promise.all(one.ways.map(way => this.#counted.ask(way)))));
    else if (this.#open.length > 0) {
      const position = one.which % this.#open.length;
      const answer = this.#open[position]!;
      if (one.kind === 'step' && (await take(answer, one.steps))) return 0;
      this.#open.splice(position, 1);
      if (one.kind === 'step') {
        check(answer);
        return 1;
      }
      await answer.giveUp();
    }
    return 0;
  }
}

describe('answers of doors, taken in any order', () => {
  it('should be whole and of one moment, whoever asks, counts, removes and gives up beside them', async () => {
    let whole = 0;
    const property = fc.asyncProperty(fc.array(command, { minLength: 15, maxLength: 30 }), async commands => {
      whole += await new Run().play(commands);
    });
    await fc.assert(property, { numRuns: 7 });
    expect(whole).to.be.greaterThan(0);
  });
});
