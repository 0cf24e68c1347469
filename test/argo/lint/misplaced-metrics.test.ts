import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportMisplacedMetrics } from '../../../lib/argo/lint/misplaced-metrics.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

function reported(spec: Readonly<Record<string, unknown>>): string[] {
  const diagnostics: Diagnostic[] = [];
  reportMisplacedMetrics({ spec, path: 'spec', object: {} }, reportFor('', diagnostics));
  return diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

describe('reportMisplacedMetrics', () => {
  const metrics = { prometheus: [] };

  it('should find names with a slip and places that have none', () => {
    expect(
      reported({
        metric: metrics,
        templateDefaults: { Metrics: metrics },
        templates: [
          { container: { metrics } },
          { metrcis: metrics, steps: [[{ metrics }]] },
          { dag: { tasks: [{ inline: { script: { metrics } } }] } },
        ],
      }),
    ).to.deep.equal([
      'error FIELD_UNKNOWN spec.metric',
      'error FIELD_UNKNOWN spec.templateDefaults.Metrics',
      'error FIELD_UNKNOWN spec.templates[0].container.metrics',
      'error FIELD_UNKNOWN spec.templates[1].metrcis',
      'error FIELD_UNKNOWN spec.templates[1].steps[0][0].metrics',
      'error FIELD_UNKNOWN spec.templates[2].dag.tasks[0].inline.script.metrics',
    ]);
  });

  it('should leave metadata, memoize, plugins and metrics in peace', () => {
    expect(
      reported({
        metrics,
        podMetadata: {},
        templates: [
          { metrics, metadata: {}, memoize: {}, plugin: { metrics }, dag: { tasks: [{ name: 'a' }] } },
        ],
      }),
    ).to.deep.equal([]);
  });
});
