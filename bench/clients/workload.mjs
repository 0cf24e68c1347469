// What every client of the collection's benchmarks records: the same label sets, the same values. client-golang/main.go has them too.

export const LABELS = ['pod', 'phase', 'namespace'];
const PHASES = ['Succeeded', 'Failed', 'Error'];

/** Upper bounds of 15 buckets; the one without a bound comes on top. */
export const BOUNDARIES = Array.from({ length: 15 }, (_, i) => 2 ** i / 100);

export const labelsOf = i => ({ pod: `pod-${i}`, phase: PHASES[i % 3], namespace: `ns${i % 50}` });

/** Sums of thirds: as long as a number's text gets, which is what measured durations look like. */
export const valueOf = (kind, i) => (kind === 'counter' ? i / 3 : (i % 1000) / 3);

/** Sets that are made once, so that a round's records leave no garbage to the scrape that is measured after them. */
export const setsOf = series => Array.from({ length: series }, (_, i) => labelsOf(i));
