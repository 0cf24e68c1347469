// The collector threads of the process: one for each exporter, so that one which fails takes no other along.
import { resolveCollectorOptions, type CollectorThreadOptions } from '../collector/collector-options.js';
import { INSTALLED, type InstalledExporter } from '../collector/installed-exporter.js';
import { ThreadKeeper } from '../collector/thread-keeper.js';
import { diag } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import type { MetricStore } from '../otel/store-interface.js';
import { coreOf } from '../store/store-core.js';
import { findExporter, findOtlpExporter } from './exporter-packages.js';
import type { ExporterName, Settings } from './settings.js';

/** Starts them, and waits for none. Says what cannot be started. Never throws. */
export function startExporterThreads(store: MetricStore, settings: Settings): ThreadKeeper[] {
  return settings.exporters.flatMap(name => {
    try {
      const options = resolveCollectorOptions({ store, ...optionsOf(name, settings) });
      const keeper = new ThreadKeeper(coreOf(store), options, settings.resource);
      keeper.startInBackground();
      return [keeper];
    } catch (error) {
      diag.error(`otel-argo-metrics: the exporter ${name} is not there: ${textOf(error)}`);
      return [];
    }
  });
}

function optionsOf(
  name: ExporterName,
  { protocol, prometheus, times }: Settings,
): Omit<CollectorThreadOptions, 'store'> {
  switch (name) {
    case 'prometheus':
      return { prometheus };
    case 'otlp':
      return { ...moduleOf(findOtlpExporter(protocol)), ...times };
    case 'console':
      return { ...moduleOf(findExporter('@opentelemetry/sdk-metrics', 'ConsoleMetricExporter')), ...times };
  }
}

function moduleOf(
  exporterOptions: InstalledExporter,
): Pick<CollectorThreadOptions, 'exporterModule' | 'exporterOptions'> {
  return { exporterModule: INSTALLED, exporterOptions };
}
