/** A collection by name and attributes: the value as text, and when it began. */
export function shownIn(streams) {
  const shown = {};
  for (const { definition, points } of streams)
    for (let index = 0; index < points.length; index++) {
      const { attributes } = points.series.at(index);
      const width = definition.kind === 'HISTOGRAM' ? definition.boundaries.length + 5 : 0;
      const numbers =
        width === 0
          ? [points.numbers[index]]
          : [...points.cells.subarray(index * width, (index + 1) * width)];
      shown[`${definition.name}${JSON.stringify(attributes)}`] = {
        kind: definition.kind,
        value: numbers.map(String),
        start: points.starts[index],
      };
    }
  return shown;
}
