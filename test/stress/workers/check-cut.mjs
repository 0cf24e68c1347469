// What every single cut must satisfy. Returns the numbers for the next call, which must not be smaller.
export function checkCut(resourceMetrics, last, violations) {
  const numbers = new Map();
  const put = (name, { attributes, value }) => numbers.set(`${name}/${attributes.pair ?? ''}`, value);
  for (const { metrics } of resourceMetrics.scopeMetrics)
    for (const { descriptor, dataPoints } of metrics)
      for (const point of dataPoints)
        if (descriptor.name === 'h') {
          const { count, sum, buckets } = point.value;
          if (count !== sum || count !== buckets.counts[1] || point.value.min !== 1 || point.value.max !== 1)
            violations.push(`torn histogram ${JSON.stringify(point.value)}`);
          put('h', { attributes: point.attributes, value: count });
        } else put(descriptor.name, point);
  const at = key => numbers.get(key) ?? 0;
  for (let pair = 0; pair < 8; pair++) {
    const [a, b, ga, gb] = ['a', 'b', 'ga', 'gb'].map(name => at(`${name}/${pair}`));
    if (b > a) violations.push(`pair ${pair}: counter B ${b} without counter A ${a}`);
    if (gb > ga) violations.push(`pair ${pair}: gauge B ${gb} without gauge A ${ga}`);
    if (gb > a) violations.push(`pair ${pair}: gauge B ${gb} without counter A ${a}`);
    if (b > ga) violations.push(`pair ${pair}: counter B ${b} without gauge A ${ga}`);
  }
  for (const [key, value] of last ?? [])
    if (at(key) < value) violations.push(`${key} went back from ${value} to ${at(key)}`);
  return numbers;
}
