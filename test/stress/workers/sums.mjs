// The sum of each metric over all of its series, the overflow series included; a histogram counts its records.
export function checkedSums(resourceMetrics) {
  const sums = {};
  for (const { metrics } of resourceMetrics.scopeMetrics)
    for (const { descriptor, dataPoints } of metrics)
      for (const { value } of dataPoints) {
        const number = typeof value === 'number' ? value : value.count;
        if (typeof value !== 'number' && value.buckets.counts.reduce((a, b) => a + b, 0) !== value.count)
          throw new Error(`torn histogram ${descriptor.name}: ${JSON.stringify(value)}`);
        sums[descriptor.name] = (sums[descriptor.name] ?? 0) + number;
      }
  return sums;
}
