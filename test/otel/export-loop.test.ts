import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { ExportLoop } from '../../lib/otel/export-loop.js';
import { emptyResource } from '../../lib/otel/resource.js';

describe('ExportLoop', () => {
  it('acknowledges after success only, and counts a failure', async () => {
    let [code, acknowledged, failures] = [1, 0, 0];
    const exporter = { export: (_metrics, done) => done({ code }) } as PushMetricExporter;
    const loop = new ExportLoop({
      exporter,
      intervalMillis: 60_000,
      timeoutMillis: 1000,
      collect: async () => ({
        result: { resourceMetrics: { resource: emptyResource(), scopeMetrics: [] }, errors: [] },
        irretrievable: undefined,
        acknowledge: () => void acknowledged++,
      }),
      onFailure: () => void failures++,
    });
    const error: unknown = await loop.flush().catch((reason: unknown) => reason);
    expect([(error as { code: string }).code, acknowledged, failures]).to.deep.equal(['EXPORT_FAILED', 0, 1]);
    code = 0;
    await loop.flush();
    expect([acknowledged, failures]).to.deep.equal([1, 1]);
    loop.stop();
  });
});
