// Runs in a collector thread.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';

export default options => new OTLPMetricExporter(options);
