/** A reader that never collects: the SDK records, and nothing else happens. */
export const idleReader = {
  setMetricProducer() {},
  selectAggregation: () => ({ type: 0 }),
  selectAggregationTemporality: () => 1,
  selectCardinalityLimit: () => 1_000_000,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
