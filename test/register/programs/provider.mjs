// Preloaded: sets a MeterProvider of its own.
import { createNoopMeter, metrics } from '@opentelemetry/api';

metrics.setGlobalMeterProvider({ getMeter: () => createNoopMeter() });
