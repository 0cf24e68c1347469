// Who replays what. All events of one workflow go to the same thread; which one that is makes no difference.

/**
 * Deals the workflows out to the threads and gives tickets to the events whose order matters across threads.
 *
 * @param seed another seed, another assignment.
 * @returns one list of events per thread.
 */
export function dealOut(events, threadCount, seed) {
  const random = randomNumbers(seed);
  const threadOf = new Map();
  const isOrdered = orderMatters(events);
  const shares = Array.from({ length: threadCount }, () => []);
  let ticket = 0;
  events.forEach((event, index) => {
    const { uid } = event.object.metadata;
    if (!threadOf.has(uid)) threadOf.set(uid, Math.floor(random() * threadCount));
    shares[threadOf.get(uid)].push({ ...event, ticket: isOrdered[index] ? ticket++ : undefined });
  });
  return shares;
}

/**
 * Counts, histograms and gauges that are added to come out the same in any order. Two things do not: a gauge that
 * several workflows set shows the value that was set last, and a name that is declared in two ways keeps the first one.
 * A live controller has the order in which the watch delivers; a replay with several threads must keep it.
 */
function orderMatters(events) {
  const declarations = new Map();
  for (const { object } of events)
    for (const metric of metricsOf(object)) {
      const { name, help, histogram } = metric;
      if (!declarations.has(name)) declarations.set(name, new Set());
      declarations.get(name).add(JSON.stringify([help, kindOf(metric), histogram?.buckets]));
    }
  const isContested = ({ name }) => declarations.get(name).size > 1;
  return events.map(({ object }) => metricsOf(object).some(metric => isSet(metric) || isContested(metric)));
}

/** Every metric that a Workflow declares, at whatever level. */
function metricsOf(value) {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value.metrics?.prometheus) ? value.metrics.prometheus : [];
  return [...own, ...Object.values(value).flatMap(metricsOf)];
}

function kindOf({ counter, gauge }) {
  return counter ? 'counter' : gauge ? 'gauge' : 'histogram';
}

function isSet({ gauge }) {
  return Boolean(gauge) && gauge.realtime !== true && gauge.operation !== 'Add' && gauge.operation !== 'Sub';
}

/** Mulberry32: the same numbers on every machine. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
