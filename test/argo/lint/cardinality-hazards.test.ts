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

  it('should say what becomes of realtime gauges that lose a label, and of those alone', () => {
    const hintOf = (more: object): string => {
      const spec = { name: 'm', help: 'M', labels: [{ key: 'k', value: '{{workflow.uid}}' }], ...more };
      const diagnostics: Diagnostic[] = [];
      for (const metric of compileAlone(metricsOf(spec), '').metrics)
        reportCardinalityHazards(metric, scopeIn({}), reportFor('m', diagnostics));
      return diagnostics[0]?.hint ?? '';
    };
    const said = 'Of realtime gauges that then have the same labels, one is shown.';
    expect(hintOf({ gauge: { realtime: true, value: '{{duration}}' } })).to.include(said);
    for (const more of [{ counter: { value: '1' } }, { gauge: { realtime: false, value: '1' } }])
      expect(hintOf(more)).to.include('modifiers: ').and.not.to.include(said);
  });

  it('should warn of a name with a tag', () => {
    expect(hazards('x', 'm_{{status}}')).to.deep.equal(['warning CARDINALITY_HAZARD prometheus[0].name']);
  });

  it('should warn of labels that have too many combinations together, and of no fewer', () => {
    const messages = (...values: readonly string[]): string[] => {
      const labels = values.map((value, index) => ({ key: `k${index}`, value }));
      const diagnostics: Diagnostic[] = [];
      for (const metric of compileAlone(
        metricsOf({ name: 'm', help: 'M', labels, counter: { value: '1' } }),
        '',
      ).metrics)
        reportCardinalityHazards(metric, scopeIn({}), reportFor('m', diagnostics));
      return diagnostics.map(({ path, message }) => `${path}: ${message}`);
    };
    const [hour, day] = ['{{workflow.creationTimestamp.H}}', '{{workflow.creationTimestamp.d}}'];
    expect(messages(hour, day)).to.deep.equal([]);
    expect(messages(hour, 'x', day, '{{status}}')).to.deep.equal([
      'prometheus[0].labels: the labels have up to 2232 combinations of values: k0 24, k2 31, k3 3',
    ]);
    // What grows is said before.
    expect(messages(hour, day, '{{status}}', '{{workflow.name}}')).to.have.length(1);
    expect(messages(...Array<string>(20).fill(hour))[0]).to.match(/up to 1e15 or more/);
  });
});
