import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  callNameOf,
  isBesideEntry,
  isHook,
  podNameOf,
  templateNameOf,
} from '../../../lib/argo/workflow/node-name.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import type { WorkflowNode } from '../../../lib/argo/workflow/workflow-node.js';
import type { WorkflowObject } from '../../../lib/argo/workflow/workflow-object.js';
import { ROOT } from '../../support/source-tree.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

function read(nodes: NodeFields[], metadata = {}): WorkflowObject {
  const workflow = readWorkflow(workflowOf({ nodes, metadata }));
  if (!workflow) throw new Error('no workflow');
  return workflow;
}

function nodeOf(workflow: WorkflowObject, id: string): WorkflowNode {
  const node = workflow.nodes.get(id);
  if (!node) throw new Error(`no node ${id}`);
  return node;
}

describe('podNameOf', () => {
  it('should hash names as the controller hashes them for its IDs', () => {
    const folder = join(ROOT, 'test/argo/golden/cases');
    let compared = 0;
    for (const name of readdirSync(folder)) {
      const lines = readFileSync(join(folder, name, 'events.ndjson'), 'utf8')
        .split('\n')
        .filter(Boolean);
      for (const line of lines) {
        const workflow = readWorkflow((JSON.parse(line) as { object: unknown }).object);
        for (const node of workflow?.nodes.values() ?? []) {
          if (!workflow || node.name === workflow.name || !/-\d+$/.test(node.id)) continue;
          expect(podNameOf(workflow, node, '')).to.equal(node.id);
          compared++;
        }
      }
    }
    expect(compared).to.be.greaterThan(100);
  });

  it('should have the template in it, unless the workflow asks for the old format', () => {
    const nodes = [finished('wf-1', { name: 'wf[0].a' }), finished('wf')];
    const named = read(nodes);
    expect(podNameOf(named, nodeOf(named, 'wf-1'), 'main')).to.equal('wf-main-3986212215');
    expect(podNameOf(named, nodeOf(named, 'wf'), 'main')).to.equal('wf');
    expect(podNameOf(named, nodeOf(named, 'wf-1'), 't'.repeat(300))).to.match(/^wf-t{239}-3986212215$/);
    const old = read(nodes, { annotations: { 'workflows.argoproj.io/pod-name-format': 'v1' } });
    expect(podNameOf(old, nodeOf(old, 'wf-1'), 'main')).to.equal('wf-1');
  });
});

describe('names of nodes', () => {
  it('should be those of steps and tasks, with item and attempt', () => {
    const workflow = read([
      finished('wf', { type: 'Steps' }),
      finished('s', { name: 'wf[12].step(0:a.b)', boundaryID: 'wf' }),
      finished('t', { name: 'wf.task', boundaryID: 'wf' }),
      finished('x', { name: 'other', boundaryID: 'wf' }),
    ]);
    const wf = nodeOf(workflow, 'wf');
    expect(['s', 't', 'x', 'wf'].map(id => callNameOf(nodeOf(workflow, id), wf))).to.deep.equal([
      'step(0:a.b)',
      'task',
      '',
      '',
    ]);
    expect(callNameOf(wf, undefined)).to.equal('');
  });

  it('should tell templates and hooks', () => {
    const templateRef = { name: 'lib', template: 't' };
    const workflow = read([finished('a', { templateRef, nodeFlag: { hooked: true } }), finished('b')]);
    expect([templateNameOf(nodeOf(workflow, 'a')), templateNameOf(nodeOf(workflow, 'b'))]).to.deep.equal([
      't',
      'main',
    ]);
    expect([isHook(nodeOf(workflow, 'a')), isHook(nodeOf(workflow, 'b'))]).to.deep.equal([true, false]);
  });

  it('should tell what runs beside the entry node, however deep, and stop in a circle', () => {
    const workflow = read([
      running('wf', { type: 'DAG' }),
      running('wf.hooks', { boundaryID: 'wf', type: 'DAG' }),
      running('wf.hooks.task', { boundaryID: 'wf.hooks' }),
      running('wf.onExit', { type: 'Steps' }),
      running('in', { name: 'wf.onExit[0].in', boundaryID: 'wf.onExit' }),
      running('wf.onExit(0)'),
      running('c1', { boundaryID: 'c2' }),
      running('c2', { boundaryID: 'c1' }),
    ]);
    const beside = [...workflow.nodes.values()]
      .filter(node => isBesideEntry(node, workflow))
      .map(({ id }) => id);
    expect(beside).to.deep.equal(['wf.onExit', 'in', 'wf.onExit(0)']);
  });
});
