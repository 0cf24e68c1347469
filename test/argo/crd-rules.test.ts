import { expect } from 'chai';
import { checkCrdRequired } from '../../lib/argo/crd-rules.js';
import type { Diagnostic } from '../../lib/argo/diagnostic.js';
import { reportFor } from '../../lib/argo/metric-report.js';
import { metricsOf } from './custom-store.js';

describe('checkCrdRequired', () => {
  it('should name the fields that the CRDs insist on, with the metric', () => {
    const diagnostics: Diagnostic[] = [];
    const metrics = metricsOf(
      { name: 'g', gauge: { value: '1' } },
      { name: 'h', histogram: { value: '1' } },
      { name: 'ok', gauge: { value: '1', realtime: false }, histogram: { value: '1', buckets: [] } },
      { name: 'c', counter: { value: '1' } },
      5,
    );
    checkCrdRequired(metrics, 'm', name => reportFor(String(name), diagnostics));
    expect(diagnostics.map(({ severity, metric, path }) => [severity, metric, path].join(' '))).to.deep.equal(
      ['warning g m.prometheus[0].gauge.realtime', 'warning h m.prometheus[1].histogram.buckets'],
    );
  });
});
