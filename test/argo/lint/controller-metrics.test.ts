import { expect } from 'chai';
import { findingsIn, gauge, inWorkflow } from './manifest-findings.js';

const said = (name: string): string[] => findingsIn(inWorkflow({ ...gauge('1'), name }), 'NAME_RESERVED');

describe('reportControllerNames', () => {
  it('should know the names of the controller, and no others', () => {
    for (const name of [
      'gauge',
      'version',
      'workflowtemplate_triggered_total',
      'client_rate_limiter_latency',
    ])
      expect(said(name), name).to.have.length(1);
    for (const name of ['gauges', 'Gauge', 'argo_workflows_gauge', 'count', '{{status}}'])
      expect(said(name), name).to.deep.equal([]);
  });
});
