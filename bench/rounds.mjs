// Interleaved rounds: each contestant once a round, so that a change of the machine's speed hits all alike. Medians and
// quartiles are of the rounds; a ratio is the median of the ratios within a round.

const quantile = (sorted, share) => sorted[Math.round(share * (sorted.length - 1))];

export function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Nanoseconds per call of a loop that is given the number of calls. */
export function time(loop, calls) {
  const begin = process.hrtime.bigint();
  loop(calls);
  return Number(process.hrtime.bigint() - begin) / calls;
}

/** Runs until V8 has compiled what a contestant does again and again; fewer for who takes long, whose loops are long enough. */
const WARM_UP_RUNS = 20;
const WARM_UP_MILLIS = 4000;

async function warm(run) {
  const until = performance.now() + WARM_UP_MILLIS;
  for (let runs = 0; runs === 0 || (runs < WARM_UP_RUNS && performance.now() < until); runs++) await run();
}

/**
 * `contestants`: name to a function, maybe asynchronous, that returns the figure of one round. `warmUp`: runs before, which are not
 * counted; in vain where each has a process of its own.
 */
export async function interleave(contestants, rounds, { warmUp = true } = {}) {
  const figures = Object.fromEntries(Object.keys(contestants).map(name => [name, []]));
  if (warmUp) for (const run of Object.values(contestants)) await warm(run);
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(contestants)) figures[name].push(await run());
  return figures;
}

export function ratio(numerators, denominators) {
  return summarize(numerators.map((value, round) => value / denominators[round]));
}
