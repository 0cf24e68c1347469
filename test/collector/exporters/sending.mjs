// Sends what it is given over a channel, as plain data.
import { BroadcastChannel } from 'node:worker_threads';

export default ({ name, temporality = 1, aggregation }) => {
  const channel = new BroadcastChannel(name);
  channel.unref();
  return {
    export: ({ resource, scopeMetrics }, done) => {
      channel.postMessage({ attributes: resource.attributes, scopeMetrics });
      done({ code: 0 });
    },
    selectAggregationTemporality: () => temporality,
    ...(aggregation && { selectAggregation: type => aggregation[type] ?? { type: 0 } }),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
};
