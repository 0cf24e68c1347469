// The text of a scrape as numbers, and what is different between two.

/** Sums of fractions depend on the order in which they were added. */
const RELATIVE_TOLERANCE = 1e-9;
/** Gauges that run: two readers look one after the other, and times are whole seconds. */
const RUNNING_TOLERANCE = 5;

export class Samples {
  /** By name and labels. */
  #samples = new Map();
  /** What the command says of itself, likewise. */
  #own = new Map();

  constructor(text) {
    let [family, type] = ['', ''];
    for (const line of text.split('\n')) {
      const [, name, kind] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
      if (name !== undefined) [family, type] = [name, kind];
      if (line === '' || line.startsWith('#')) continue;
      const end = line.lastIndexOf(' ');
      const value = Number(line.slice(end + 1).replace('Inf', 'Infinity'));
      const samples = line.startsWith('otel_argo_metrics_') ? this.#own : this.#samples;
      samples.set(line.slice(0, end), { family, type, value });
    }
  }

  get size() {
    return this.#samples.size;
  }

  /** Of its own metrics, all with this part of their labels; 0: it has not happened. */
  own(name, label = '') {
    let sum = 0;
    for (const [key, { value }] of this.#own)
      if (key.startsWith(`otel_argo_metrics_${name}{`) && key.includes(label)) sum += value;
    return sum;
  }

  /** Names, labels and numbers, in their order. */
  get text() {
    return [...this.#samples].map(([key, { value }]) => `${key} ${value}`).join('\n');
  }

  value(key) {
    return this.#samples.get(key)?.value;
  }

  /** Counters, buckets, counts and sums only grow, and none of them goes away. */
  *takenBackSince(before, { expires = false } = {}) {
    for (const [key, { type, value }] of before.#samples) {
      if (type === 'gauge') continue;
      const now = this.value(key);
      // A sum of what is negative.
      if (type === 'histogram' && now < 0) continue;
      if (now === undefined && !expires) yield `${key} ${value} is gone`;
      else if (now < value && !expires) yield `${key} fell from ${value} to ${now}`;
    }
  }

  /** @param runningNames of metrics whose value is the time */
  *differencesTo(expected, { runningNames = new Set(), isLeftOut = () => false } = {}) {
    for (const key of new Set([...this.#samples.keys(), ...expected.#samples.keys()])) {
      const [ours, theirs] = [this.#samples.get(key), expected.#samples.get(key)];
      const { family } = ours ?? theirs;
      if (isLeftOut(family)) continue;
      const tolerance = runningNames.has(family)
        ? RUNNING_TOLERANCE
        : RELATIVE_TOLERANCE * Math.abs(theirs?.value ?? 0);
      const isEqual =
        Object.is(ours?.value, theirs?.value) || Math.abs(ours?.value - theirs?.value) <= tolerance;
      if (!isEqual) yield `${key} is ${ours?.value}, not ${theirs?.value}`;
    }
  }
}
