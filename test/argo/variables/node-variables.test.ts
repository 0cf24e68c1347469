import { expect } from 'chai';
import {
  addCallInputs,
  addCallNames,
  addInputPaths,
  addLastRetry,
  addNodeName,
  addOutputPaths,
  addPodName,
} from '../../../lib/argo/variables/node-variables.js';
import { Attempts } from '../../../lib/argo/workflow/node-attempts.js';
import { renderTemplate } from '../../../lib/argo/template/render-template.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

const pod = { name: 'main', container: {} };

function variablesOf(
  id: string,
  nodes: NodeFields[],
  template: Record<string, unknown> = pod,
): Record<string, string> {
  const workflow = readWorkflow(workflowOf({ nodes }));
  const node = workflow?.nodes.get(id);
  if (!workflow || !node) throw new Error(`no node ${id}`);
  const attempt = new Attempts(workflow.nodes).of(node);
  const retry = attempt && { parent: attempt.parent, attempt: node, before: attempt.before };
  const variables: Record<string, string> = {};
  const call = { node, template, retry };
  addInputPaths(variables, template);
  addOutputPaths(variables, template);
  addNodeName(variables, call);
  for (const kind of ['steps', 'tasks'] as const) addCallNames(variables, kind, call, workflow);
  addPodName(variables, call, workflow);
  addLastRetry(variables, call);
  addCallInputs(variables, call);
  return variables;
}

describe('variables of a call', () => {
  it('should name node, pod and step, or task', () => {
    const inside = { boundaryID: 'wf' };
    const under = (type: string, name: string): Record<string, string> =>
      variablesOf('n', [finished('wf', { type }), finished('n', { name, ...inside })]);
    expect(under('Steps', 'wf[0].a')).to.include({
      'node.name': 'wf[0].a',
      'steps.name': 'a',
      'pod.name': 'wf-main-3986212215',
    });
    expect(under('DAG', 'wf.a(1:x)')).to.include({ 'node.name': 'wf.a(1:x)', 'tasks.name': 'a(1:x)' });
    expect(under('DAG', 'wf.a(1:x)')).to.not.have.property('steps.name');
    expect(under('DAG', 'wf.a.onExit')).to.include({ 'steps.name': '' });
    expect(variablesOf('wf', [finished('wf')])).to.include({ 'steps.name': '', 'pod.name': 'wf' });
  });

  it('should give a pod only to what runs in one', () => {
    expect(variablesOf('wf', [finished('wf')], { name: 'main', http: {} })).to.not.have.property('pod.name');
  });

  it('should leave an output parameter its value in expressions, although its file has a path', () => {
    const outputs = { parameters: [{ name: 'rows', valueFrom: { path: '/tmp/rows' } }] };
    const variables = variablesOf('n', [finished('n')], { ...pod, outputs });
    const rendered = (text: string): unknown => Object.values(renderTemplate(text, variables))[0];
    expect(rendered('{{outputs.parameters.rows.path}}')).to.equal('/tmp/rows');
    const missing = renderTemplate("{{=outputs.parameters.rows ?? 'none'}}", variables);
    expect(JSON.stringify(missing)).to.not.contain('/tmp/rows');
    variables['outputs.parameters.rows'] = '5';
    expect(rendered("{{=asInt(outputs.parameters.rows ?? '0') + 1}}")).to.equal('6');
    expect(rendered('{{outputs.parameters.rows}} of {{outputs.parameters.rows.path}}')).to.equal(
      '5 of /tmp/rows',
    );
  });

  it('should tell an attempt about the one before', () => {
    const nodes = [
      running('r', { name: 'wf[0].r', type: 'Retry', children: ['r0', 'r1'], boundaryID: 'wf' }),
      finished('r0', {
        name: 'wf[0].r(0)',
        phase: 'Failed',
        message: 'why',
        outputs: { exitCode: '3' },
        boundaryID: 'wf',
      }),
      finished('r1', { name: 'wf[0].r(1)', boundaryID: 'wf' }),
      running('wf', { type: 'Steps' }),
    ];
    expect(variablesOf('r1', nodes)).to.include({
      'node.name': 'wf[0].r',
      'steps.name': 'r',
      'lastRetry.exitCode': '3',
      'lastRetry.status': 'Failed',
      'lastRetry.duration': '5',
      'lastRetry.message': 'why',
    });
    expect(variablesOf('r0', nodes)).to.include({
      'lastRetry.exitCode': '0',
      'lastRetry.status': '',
      'lastRetry.duration': '0',
      'lastRetry.message': '',
    });
    expect(variablesOf('r1', nodes)['pod.name']).to.match(/^wf-main-\d+$/);
    expect(variablesOf('r1', nodes)['pod.name']).to.not.equal(variablesOf('r0', nodes)['pod.name']);
    expect(variablesOf('wf', nodes)).to.not.have.property('lastRetry.status');
  });

  it('should offer parameters as JSON, and paths', () => {
    const template = {
      ...pod,
      inputs: { artifacts: [{ name: 'in', path: '/in' }, { name: 'nowhere' }] },
      outputs: {
        artifacts: [{ name: 'out', path: '/out' }],
        parameters: [{ name: 'p', valueFrom: { path: '/p' } }],
      },
    };
    const node = finished('wf', { inputs: { parameters: [{ name: 'a', value: 1 }] } });
    const variables = variablesOf('wf', [node], template);
    expect(variables).to.include({
      'inputs.parameters': '[{"name":"a","value":"1"}]',
      'inputs.artifacts.in.path': '/in',
      'outputs.artifacts.out.path': '/out',
      'outputs.parameters.p.path': '/p',
    });
    expect(variables).to.not.have.property('inputs.artifacts.nowhere.path');
  });
});
