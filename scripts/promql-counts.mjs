// What a Prometheus computes of a run with threads, held against what the threads recorded.
import { BOUNDARIES, merge } from './recorders.mjs';

const QUANTILES = [0.003, 0.03, 0.3, 0.8];

/** Throws unless every series has the recorded numbers, and quantiles lie in the buckets in which they were. */
export async function checkCounts(server, job, recorded) {
  const expected = new Map();
  for (const [key, value] of recorded)
    for (const [name, number] of linesOf(key, value)) expected.set(name, number);
  const shown = new Map();
  for (const { metric, value } of await server.query(
    `{job="${job}",__name__=~"(jobs|queue|sizes|level).*"}`,
  )) {
    const { __name__: name, k, thread, le } = metric;
    shown.set([name, k ?? thread, ...(le === undefined ? [] : [Number(le)])].join(' '), Number(value[1]));
  }
  const wrong = [...new Set([...expected.keys(), ...shown.keys()])]
    .filter(name => expected.get(name) !== shown.get(name))
    .map(name => `${name}: ${shown.get(name)} for ${expected.get(name)}`);
  if (wrong.length > 0) throw new Error(wrong.slice(0, 12).join('\n'));
  return expected.size;
}

/** A series' lines as Prometheus names them, without the job: `sizes_bucket 3 10`. */
function linesOf(key, value) {
  const [name, attribute] = key.split(' ');
  const label = attribute.split('=')[1];
  if (name === 'jobs') return [[`jobs_total ${label}`, value]];
  if (typeof value === 'number') return [[`${name} ${label}`, value]];
  let below = 0;
  const buckets = [...BOUNDARIES, NaN].map((boundary, index) => {
    below += value.counts[index];
    // `+Inf` is no number of JavaScript's.
    return [`sizes_bucket ${label} ${boundary}`, below];
  });
  return [...buckets, [`sizes_count ${label}`, value.count], [`sizes_sum ${label}`, value.sum]];
}

/** Throws unless sums over everything agree, also those of increases, which only estimate. */
export async function checkSums(server, job, recorded) {
  const of = name => [...recorded].filter(([key]) => key.startsWith(`${name} `)).map(([, value]) => value);
  const jobs = of('jobs').reduce(merge);
  const sizes = of('sizes').reduce(merge);
  const exact = {
    [`sum(jobs_total{job="${job}"})`]: jobs,
    [`sum(sizes_count{job="${job}"})`]: sizes.count,
    [`sum(sizes_sum{job="${job}"})`]: sizes.sum,
  };
  for (const [query, expected] of Object.entries(exact)) {
    const value = await server.number(query);
    if (value !== expected) throw new Error(`${query} is ${value}, recorded were ${expected}`);
  }
  const increase = await server.number(`sum(increase(jobs_total{job="${job}"}[1m]))`);
  if (!(Math.abs(increase - jobs) <= 0.15 * jobs)) throw new Error(`increase ${increase} of ${jobs}`);
  for (const quantile of QUANTILES) {
    const query = `histogram_quantile(${quantile}, sum by (le) (rate(sizes_bucket{job="${job}"}[1m])))`;
    const value = await server.number(query);
    const [lower, upper] = bucketOf(quantile, sizes);
    if (!(value >= lower && value <= upper))
      throw new Error(`${query} is ${value}, not ${lower} to ${upper}`);
  }
}

function bucketOf(quantile, { count, counts }) {
  let below = 0;
  const index = counts.findIndex(own => (below += own) >= quantile * count);
  // Of the last one Prometheus says where it begins.
  return [BOUNDARIES[index - 1] ?? 0, BOUNDARIES[index] ?? BOUNDARIES.at(-1)];
}
