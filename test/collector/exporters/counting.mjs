// Counts what it delivers of the counter `c`, in shared memory that outlives its thread, and does with each export what the list of
// modes says, over all threads that run it one after the other.
const [DELIVERED, HANDED, EXPORTS, LOADS, FORCED] = [0, 1, 2, 3, 4];

function sumOf(metrics) {
  const all = metrics.scopeMetrics.flatMap(scope => scope.metrics);
  const points = all.filter(({ descriptor }) => descriptor.name === 'c').flatMap(metric => metric.dataPoints);
  return points.reduce((sum, { value }) => sum + value, 0);
}

function fillMemory() {
  for (const kept = []; ;) kept.push(new Array(10_000).fill(Math.random()));
}

export default ({ counts, modes = ['ok'], orders = [], temporality = 0, failsToLoad = 0 }) => {
  const words = new Int32Array(counts);
  if (failsToLoad > 0 && words[EXPORTS] > 0 && Atomics.add(words, LOADS, 1) < failsToLoad)
    throw new Error('not this time');
  return {
    export: (metrics, done) => {
      const sum = sumOf(metrics);
      const turn = Atomics.add(words, EXPORTS, 1) % modes.length;
      const mode = orders[Atomics.exchange(words, FORCED, 0) - 1] ?? modes[turn];
      const deliver = () => (temporality === 0 ? (words[DELIVERED] += sum) : (words[DELIVERED] = sum));
      words[HANDED] = sum;
      if (mode === 'exit') process.exit(7);
      if (mode === 'throw')
        return void setImmediate(() => {
          throw new Error('uncaught');
        });
      if (mode === 'memory') return fillMemory();
      if (mode === 'hang') return;
      if (mode === 'fail') {
        // Until the thread has noted the answer.
        setImmediate(() => (words[HANDED] = 0));
        return done({ code: 1, error: new Error('refused') });
      }
      deliver();
      words[HANDED] = 0;
      if (mode === 'answerless') process.exit(7);
      if (mode === 'slow') setTimeout(() => done({ code: 0 }), 30);
      else done({ code: 0 });
    },
    selectAggregationTemporality: () => temporality,
    forceFlush: async () => {},
    shutdown: async () => {},
  };
};
