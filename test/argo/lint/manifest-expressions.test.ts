import { expect } from 'chai';
import { hintForPhase } from '../../../lib/argo/lint/manifest-expressions.js';
import { findingsIn, gauge, inTemplate, labelled } from './manifest-findings.js';

const TEMPLATE = { dag: {}, inputs: { parameters: [{ name: 'n' }] } };
const CODES = ['EXPRESSION_FAILED', 'EXPRESSION_CONSTANT'];
const said = (text: string): string => findingsIn(inTemplate(labelled(text), TEMPLATE), ...CODES).join('\n');
const DECLARED = { arguments: { parameters: [{ name: 'a', value: '1' }] } };
const saidOfMaps = (text: string): string =>
  findingsIn(inTemplate(labelled(text), TEMPLATE, DECLARED), ...CODES).join('\n');

describe('reportManifestExpressions', () => {
  it('should refuse what fails for every value, for its types or for what the variables are', () => {
    for (const text of [
      '{{=inputs.parameters.n / 60}}',
      '{{=-inputs.parameters.n}}',
      '{{=inputs.parameters.n ? 1 : 2}}',
      "{{=inputs.parameters.n && status == 'Failed'}}",
      '{{=round(inputs.parameters.n)}}',
      '{{=asInt(status)}}',
      '{{=asInt(duration)}}',
      '{{=status * 2}}',
      '{{=sprig.uuidv4()}}',
    ])
      expect(said(text), text).to.match(/^error EXPRESSION_FAILED/);
  });

  it('should refuse the creation time as a text, which has parts only', () => {
    for (const text of [
      '{{=date(workflow.creationTimestamp).Unix()}}',
      '{{=workflow.creationTimestamp[0:4]}}',
      "{{=workflow.creationTimestamp + 'Z'}}",
      '{{=split(workflow.creationTimestamp, "T")[0]}}',
    ])
      expect(said(text), text).to.match(/^error EXPRESSION_FAILED.*\.RFC3339/);
    for (const text of [
      '{{=date(workflow.creationTimestamp.RFC3339).Unix()}}',
      '{{=asInt(workflow.creationTimestamp.s) % 24}}',
      '{{=workflow.creationTimestamp.Y}}',
      "{{=workflow.creationTimestamp['H']}}",
      '{{=date(workflow.scheduledTime).Hour()}}',
    ])
      expect(said(text), text).to.equal('');
  });

  it('should pass what works for some text', () => {
    for (const text of [
      '{{=asInt(inputs.parameters.n) / 60}}',
      "{{=fromJSON(inputs.parameters.n).deep.list[2] ?? 'x'}}",
      "{{=split(inputs.parameters.n, '-')[7]}}",
      "{{=date(inputs.parameters.n, '2006-01-02').Year()}}",
      '{{=inputs.parameters.n[0:3]}}',
      "{{=sprig.semverCompare('^1', inputs.parameters.n)}}",
      "{{=jsonpath(inputs.parameters.n, '$.a.b[0]')}}",
      '{{=int(asFloat(duration))}}',
      "{{=inputs.parameters.n matches '^[0-9a-f]{40}$'}}",
    ])
      expect(said(text), text).to.equal('');
  });

  it('should refuse a map where a text is wanted, and name a member', () => {
    for (const [text, map] of [
      ["{{=jsonpath(workflow.parameters, '$.a')}}", 'workflow.parameters'],
      ['{{=sprig.upper(workflow.parameters)}}', 'workflow.parameters'],
      ["{{=workflow.labels + '-x'}}", 'workflow.labels'],
      ['{{=asInt(resourcesDuration)}}', 'resourcesDuration'],
      ['{{=resourcesDuration > 2}}', 'resourcesDuration'],
      ['{{=trim(inputs.parameters)}}', 'inputs.parameters'],
      ["{{='of ' + workflow}}", 'workflow'],
    ] as const)
      expect(saidOfMaps(text), text).to.match(
        new RegExp(`^error EXPRESSION_FAILED.*In an expression ${map} is a map.*${map}\\.`),
      );
  });

  it('should pass maps where they can stand, and what looks into them', () => {
    for (const text of [
      '{{=workflow.labels}}',
      '{{=len(workflow.parameters)}}',
      '{{=toJSON(inputs.parameters)}}',
      '{{=asInt(workflow.parameters[inputs.parameters.n])}}',
      "{{='a' in workflow.parameters ? 'a' : trim(workflow.labels)}}",
      '{{=trim(get(workflow.labels, inputs.parameters.n))}}',
      "{{=(workflow.parameters.a ?? workflow.labels) + 'x'}}",
    ])
      expect(saidOfMaps(text), text).to.equal('');
    // What is declared nowhere may be a text, of an empty list.
    expect(said("{{=jsonpath(workflow.parameters, '$.a')}}")).to.equal('');
    expect(said("{{=jsonpath(workflow.annotations, '$.a')}}")).to.equal('');
  });

  it('should refuse names with dots in brackets, and show the form that works', () => {
    expect(said("{{=workflow.labels['a.b/c']}}")).to.match(
      /always nil \| .*simple tag \{\{workflow\.labels\.a\.b\/c\}\}/,
    );
    expect(said("{{=upper(workflow.labels['a.b/c'])}}")).to.match(/Write workflow\.labels\.a\['b\/c'\]/);
    expect(said("{{=upper(workflow.labels.a['b/c'])}}")).to.equal('');
  });

  it('should warn of comparisons that always have one answer', () => {
    expect(said("{{=status == 'failed' ? 1 : 0}}")).to.match(
      /^warning EXPRESSION_CONSTANT.*always false.*'Failed'/,
    );
    expect(said("{{='done' != status}}")).to.match(/^warning EXPRESSION_CONSTANT.*always true/);
    expect(said("{{=status in ['failed', 'error']}}")).to.match(/^warning EXPRESSION_CONSTANT/);
    expect(said('{{=inputs.parameters.n == 1}}')).to.match(
      /^warning EXPRESSION_CONSTANT.*asInt\(inputs\.parameters\.n\)/,
    );
    for (const text of [
      "{{=status in ['Failed', 'error']}}",
      "{{=inputs.parameters.n == '1'}}",
      '{{=asInt(inputs.parameters.n) == 1}}',
    ])
      expect(said(text), text).to.equal('');
  });

  it('should put the place into the text, and leave lines and carets out', () => {
    const [found = ''] = findingsIn(inTemplate(gauge('{{=1 + duration}}'), TEMPLATE));
    expect(found).to.match(/mismatched types int and string\) \| All variables/);
  });
});

describe('hintForPhase', () => {
  it('should find the phase that was meant, or list what there is', () => {
    expect(hintForPhase('succeded', ['Succeeded', 'Failed'])).to.equal("Did you mean 'Succeeded'?");
    expect(hintForPhase('done', ['Succeeded', 'Failed'])).to.equal('Here it is Succeeded, Failed.');
  });
});
