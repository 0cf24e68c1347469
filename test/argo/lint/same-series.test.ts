import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import { sameSeries } from '../../../lib/argo/lint/same-series.js';
import { metricsOf } from '../custom-store.js';
import { findingsIn, inWorkflow, labelled } from './manifest-findings.js';

const label = (key: string, value: string): object => ({ key, value });
const said = (...specs: readonly object[]): string[] =>
  sameSeries(compileAlone(metricsOf(...specs), '').metrics).map(({ path, message }) => `${path} ${message}`);

describe('sameSeries', () => {
  const counter = {
    name: 'm',
    help: 'M',
    labels: [label('a', '1'), label('b', '{{status}}')],
    counter: { value: '1' },
  };

  it('should find two metrics of one list that record into one series', () => {
    const turned = { ...counter, labels: [...counter.labels].reverse() };
    expect(said(counter, turned)).to.deep.equal([
      "prometheus[1].name metric 'm' is given twice with the same labels: every emission counts twice",
    ]);
    const set = { name: 'm', help: 'M', gauge: { realtime: false, value: '1' } };
    expect(said(set, set)[0]).to.match(/the last one counts/);
    expect(said(set, { ...set, gauge: { realtime: true, value: '{{duration}}' } })[0]).to.match(
      /only one of them is shown/,
    );
  });

  it('should pass what a clause, a label or an operation tells apart, and what is refused anyway', () => {
    const step = (operation: string): object => ({
      name: 'm',
      help: 'M',
      gauge: { realtime: false, operation, value: '1' },
    });
    expect(said(counter, { ...counter, when: '{{status}} == Failed' })).to.deep.equal([]);
    expect(said(counter, { ...counter, labels: [label('a', '1')] })).to.deep.equal([]);
    expect(said(step('Add'), step('Sub'))).to.deep.equal([]);
    expect(said(counter, { ...counter, help: 'N' })).to.deep.equal([]);
  });
});

describe('reportVaryingHelp', () => {
  it('should warn of a help that differs while the name does not', () => {
    const varying = (name: string, help: string): string[] =>
      findingsIn(inWorkflow({ ...labelled('x'), name, help }), 'HELP_CONFLICT');
    expect(varying('m_total', 'Runs of {{workflow.namespace}}')).to.have.length(1);
    expect(varying('m_total', "{{=status == 'Failed' ? 'a' : 'b'}}")).to.have.length(1);
    expect(varying('m_total', 'Runs')).to.deep.equal([]);
    expect(varying('m_{{status}}_total', 'Runs that are {{status}}')).to.deep.equal([]);
  });
});
