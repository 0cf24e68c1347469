// Series that are born with 5 between two scrapes, in all the ways in which one can be born, and what a Prometheus makes of
// them: the increase over their whole life.
import { createStore } from 'otel-argo-metrics';

const TEN_MINUTES = 600_000;
const BORN_WITH = 5;
const WINDOW = '1m';
/** Prometheus goes on with the slope to the ends of its window. */
const TOLERANCE = 0.15;

/** Ways to be born: labels that tell the series, and how often it was born with 5. */
const BIRTHS = {
  added: { labels: '', lives: 1 },
  bound: { labels: '', lives: 1 },
  // Not by the label of the overflow: how that is spelled depends on the server.
  overflowed: { labels: 'k=""', lives: 1 },
  revived: { labels: '', lives: 2 },
};

function instruments(store, name) {
  const meter = store.getMeter('');
  const description = 'A first value';
  const advice = { explicitBucketBoundaries: [1, 10] };
  return {
    counter: meter.createCounter(name, { description }),
    histogram: meter.createHistogram(`${name}_size`, { description, advice }),
  };
}

function record({ counter, histogram }, attributes = {}) {
  counter.add(BORN_WITH, attributes);
  for (let count = 0; count < BORN_WITH; count++) histogram.record(1, attributes);
}

export class FirstValues {
  #millisAgo = TEN_MINUTES;

  /** @param ttlMillis when a series that is revived has expired */
  constructor(ttlMillis) {
    this.lasting = createStore({
      maxBytes: 4 * 1024 * 1024,
      cardinalityLimit: 2,
      clock: { now: () => Date.now() - this.#millisAgo },
    });
    this.expiring = createStore({ maxBytes: 4 * 1024 * 1024, seriesTtlMillis: ttlMillis });
    const { counter, histogram } = instruments(this.lasting, 'bound');
    this.bound = { counter: counter.bind({}), histogram: histogram.bind({}) };
    const { counter: limited, histogram: sizes } = instruments(this.lasting, 'overflowed');
    for (const k of ['a', 'b']) {
      limited.init({ k });
      sizes.init({ k });
    }
  }

  /** Ten minutes pass, in which nobody records. Afterwards the scrapes begin. */
  async pass() {
    await this.lasting.metricProducer().collect();
    this.#millisAgo = 0;
  }

  bear() {
    record(instruments(this.lasting, 'added'));
    this.bound.counter.add(BORN_WITH);
    for (let count = 0; count < BORN_WITH; count++) this.bound.histogram.record(1);
    record(instruments(this.lasting, 'overflowed'), { k: 'c' });
    this.revive();
  }

  revive() {
    record(instruments(this.expiring, 'revived'));
  }

  async shutdown() {
    await this.lasting.shutdown();
    await this.expiring.shutdown();
  }
}

/**
 * Throws unless the server saw of each way to be born what a job should show it: everything, or nothing of what was there at
 * the first scrape.
 */
export async function checkIncreases(server, job, birth, seesAll) {
  const { labels, lives } = BIRTHS[birth];
  const expected = seesAll ? lives * BORN_WITH : 0;
  const series = {
    [`${birth}_total`]: labels,
    [`${birth}_size_count`]: labels,
    [`${birth}_size_sum`]: labels,
    // Prometheus 3 writes all boundaries as fractions.
    [`${birth}_size_bucket`]: [labels, 'le=~"1|1.0"'].filter(text => text !== '').join(','),
  };
  const wrong = [];
  for (const [name, selected] of Object.entries(series)) {
    const query = `increase(${name}{job="${job}"${selected === '' ? '' : `,${selected}`}}[${WINDOW}])`;
    const increase = await server.number(query);
    if (!(Math.abs(increase - expected) <= TOLERANCE * expected)) wrong.push(`${query} is ${increase}`);
  }
  if (wrong.length > 0) throw new Error(`not about ${expected}:\n${wrong.join('\n')}`);
}

export const births = Object.keys(BIRTHS);
