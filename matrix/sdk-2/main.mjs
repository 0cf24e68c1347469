// @ts-check
// The host's own modules, resolved from this folder, and the packed library beside them. The compiler checks this file
// against the types of this very SDK: the calls below are what they have to allow.
import * as api from '@opentelemetry/api';
import * as resources from '@opentelemetry/resources';
import * as sdk from '@opentelemetry/sdk-metrics';
import * as library from 'otel-argo-metrics';
import { checkHost } from '../check-host.mjs';

const limited = library.cardinalityLimitedView({ instrumentName: 'typed', limit: 10 });
const store = library.createStore({ views: [limited] });
const pulled = new library.DoubleBufferedMetricReader({ store });
const pushed = new library.DoubleBufferedMetricReader({
  store,
  exporter: new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE),
});
const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.DELTA);
const foreign = new sdk.PeriodicExportingMetricReader({
  exporter,
  metricProducers: [store.metricProducer()],
});
const provider = new sdk.MeterProvider({
  readers: [pulled, pushed, foreign],
  views: [limited],
  resource: resources.resourceFromAttributes({ typed: true }),
});
/** @type {api.Meter} */
const meter = store.getMeter('typed');
/** @type {api.MeterProvider} */
const drop = store;
meter.createCounter('typed').add(1);
drop.getMeter('typed').createHistogram('typed.seconds').record(1);
await provider.shutdown();

await checkHost({ api, resources, sdk, library, folder: import.meta.dirname });
