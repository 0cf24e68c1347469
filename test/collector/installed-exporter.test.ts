import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { loadExporter } from '../../lib/collector/exporter-module.js';
import { INSTALLED, makeInstalledExporter } from '../../lib/collector/installed-exporter.js';

const addressOf = (name: string): string => pathToFileURL(createRequire(import.meta.url).resolve(name)).href;

describe('makeInstalledExporter', () => {
  it('should make the exporters of OpenTelemetry, which read the environment', async () => {
    for (const [name, className] of [
      ['@opentelemetry/sdk-metrics', 'ConsoleMetricExporter'],
      ['@opentelemetry/exporter-metrics-otlp-http', 'OTLPMetricExporter'],
      ['@opentelemetry/exporter-metrics-otlp-proto', 'OTLPMetricExporter'],
      ['@opentelemetry/exporter-metrics-otlp-grpc', 'OTLPMetricExporter'],
    ] as const) {
      const exporter = (await makeInstalledExporter({ address: addressOf(name), className })) as {
        export: unknown;
        shutdown(): Promise<void>;
      };
      expect(exporter.export).to.be.a('function');
      await exporter.shutdown();
    }
  });

  it('should be what loads in the place of a module', async () => {
    const options = { address: addressOf('@opentelemetry/sdk-metrics'), className: 'ConsoleMetricExporter' };
    const exporter = await loadExporter({ module: INSTALLED, options, times: {} });
    expect(exporter.constructor.name).to.equal('ConsoleMetricExporter');
    const missing = { address: 'file:///none/of/that.js', className: 'C' };
    const error: unknown = await loadExporter({ module: INSTALLED, options: missing, times: {} }).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).to.match(/file:\/\/\/none\/of\/that\.js" failed: .*COLLECTOR_FAILED/s);
  });

  it('should say that a package has no such class', async () => {
    const address = addressOf('@opentelemetry/api');
    const error: unknown = await makeInstalledExporter({ address, className: 'None' }).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).to.match(/exports no class None \[COLLECTOR_FAILED\]/);
  });
});
