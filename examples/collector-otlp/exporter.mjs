// Runs in the collector thread: what it sends with. The options come from the main thread.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';

export default options => new OTLPMetricExporter(options);
