import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportCardinalityHazards } from '../../../lib/argo/lint/cardinality-hazards.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';
import { metricsOf } from '../custom-store.js';
import { scopeIn } from './manifest-findings.js';

function hazards(value: string, name = 'm'): string[] {
  const spec = { name, help: 'M', labels: [{ key: 'k', value }], counter: { value: '1' } };
  const diagnostics: Diagnostic[] = [];
  for (const metric of compileAlone(metricsOf(spec), '').metrics)
    reportCardinalityHazards(metric, scopeIn({}), reportFor('m', diagnostics));
  return diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

describe('reportCardinalityHazards', () => {
  for (const variable of [
    ...['workflow.name', 'workflow.uid', 'pod.name', 'node.name', 'workflow.creationTimestamp', 'duration'],
    ...[
      'workflow.creationTimestamp.s',
      'workflow.duration',
      'outputs.result',
      'workflow.labels',
      'resourcesDuration.cpu',
    ],
  ])
    it(`should warn of ${variable}`, () => {
      expect(hazards(`a {{ ${variable} }}`)).to.deep.equal([
        'warning CARDINALITY_HAZARD prometheus[0].labels[0].value',
      ]);
    });

  it('should not warn of what has few values', () => {
    for (const value of [
      '{{status}}',
      '{{workflow.labels.team}}',
      '{{inputs.parameters.x}}',
      '{{workflow.creationTimestamp.Y}}',
      'workflow.name',
    ])
      expect(hazards(value), value).to.deep.equal([]);
  });

  it('should warn of a name with a tag', () => {
    expect(hazards('x', 'm_{{status}}')).to.deep.equal(['warning CARDINALITY_HAZARD prometheus[0].name']);
  });
});
