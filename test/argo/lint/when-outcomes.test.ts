import { expect } from 'chai';
import { clause, findingsIn, inTemplate, inWorkflow } from './manifest-findings.js';

const CODES = ['WHEN_INVALID', 'WHEN_NEVER_TRUE'];
const said = (when: string): string => findingsIn(inTemplate(clause(when)), ...CODES).join('\n');

describe('reportWhenOutcomes', () => {
  it('should find clauses that are false for every phase', () => {
    for (const when of [
      '{{status}} == failed',
      '{{status}} == Running',
      '"{{status}}" == "Failed "',
      "{{status}} in ('failed', 'error')",
      '{{status}} =~ "^fail"',
      '!({{status}} != done)',
      "{{=status == 'failed'}}",
      '{{status}} == failed && {{inputs.parameters.x}} == y',
      '{{duration}} > 5 && {{status}} == ok',
    ])
      expect(said(when), when).to.match(/^warning WHEN_NEVER_TRUE/);
  });

  it('should leave open what other variables decide', () => {
    for (const when of [
      '{{status}} == failed || {{workflow.parameters.x}} == y',
      '{{workflow.parameters.x}} == y',
      '{{workflow.parameters.x}}',
      '{{duration}} > 5 && {{status}} == Failed',
      "{{=workflow.parameters.x == 'y'}}",
      '{{workflow.parameters.x}} ? true : false',
      '{{workflow.status}} == Failed',
    ])
      expect(said(when), when).to.equal('');
  });

  it('should tell clauses that never have an answer from those that have none for some phase', () => {
    expect(said('{{status}}')).to.match(/^error WHEN_INVALID.*where status Succeeded.*Got Succeeded/);
    expect(said('{{status}} == Failed || Error')).to.match(/^warning WHEN_INVALID/);
    expect(said('{{status}} > 5')).to.match(/^error WHEN_INVALID/);
  });

  it('should say what people of other languages meant', () => {
    expect(said('{{duration}} > 5m')).to.match(/^error WHEN_INVALID.*numbers of seconds/);
    expect(said('${{status}} == Failed')).to.match(/^error WHEN_INVALID.*no dollar sign/);
  });

  it('should look at clauses without tags, but for a plain false', () => {
    expect(said('status == Failed')).to.match(
      /^warning WHEN_NEVER_TRUE.*Variables stand in braces: \{\{status\}\}/,
    );
    expect(said('workflow.status == Failed')).to.match(
      /^error WHEN_INVALID.*Variables stand in braces: \{\{workflow\.status\}\}/,
    );
    expect(said('1')).to.match(/^error WHEN_INVALID.*One that always holds is left out/);
    expect(said('1 == 2')).to.match(/^warning WHEN_NEVER_TRUE.*no tags/);
    expect(said('false')).to.equal('');
    expect(said('1 == 1')).to.equal('');
  });

  it('should know that a workflow that is over has the phase of its entry node', () => {
    const saidOfWorkflow = (when: string): string =>
      findingsIn(inWorkflow(clause(when)), ...CODES).join('\n');
    for (const when of [
      '{{status}} == Succeeded && {{workflow.status}} == Failed',
      "{{=status == 'Failed' and workflow.status != 'Failed'}}",
      '{{status}} != {{workflow.status}}',
    ])
      expect(saidOfWorkflow(when), when).to.match(/^warning WHEN_NEVER_TRUE.*both are the same/);
    expect(saidOfWorkflow('{{status}} == Failed && {{workflow.status}} == Failed')).to.equal('');
    const live = { ...clause('{{status}} != {{workflow.status}}'), counter: undefined };
    const gauge = { realtime: true, value: '{{workflow.duration}}' };
    expect(findingsIn(inWorkflow({ ...live, gauge }), ...CODES)).to.deep.equal([]);
    expect(said('{{status}} == Failed && {{workflow.status}} == Running')).to.equal('');
  });

  it('should know where phases of the workflow can be seen', () => {
    const asked = clause('{{workflow.status}} == Failed');
    const spec = { templates: [{ name: 't', container: {}, metrics: { prometheus: [asked] } }] };
    expect(findingsIn(inWorkflow(clause('true'), undefined, spec), ...CODES)).to.have.length(1);
    expect(
      findingsIn(inWorkflow(clause('true'), undefined, { ...spec, onExit: 't' }), ...CODES),
    ).to.deep.equal([]);
  });
});
