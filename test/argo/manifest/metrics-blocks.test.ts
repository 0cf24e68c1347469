import { expect } from 'chai';
import { findMetricsBlocks } from '../../../lib/argo/manifest/metrics-blocks.js';

const metrics = { prometheus: [] };
const paths = (object: unknown): string[] =>
  findMetricsBlocks(object).map(({ level, path }) => `${level} ${path}`);

describe('findMetricsBlocks', () => {
  it('should find all places of a workflow', () => {
    const inline = { inline: { metrics } };
    const spec = {
      metrics,
      templateDefaults: { metrics },
      templates: [
        { name: 'a', metrics },
        { steps: [[{}, inline]] },
        { dag: { tasks: [{ inline: { metrics, steps: [[inline]] } }] } },
      ],
    };
    const expected = [
      'workflow spec.metrics',
      'template spec.templateDefaults.metrics',
      'template spec.templates[0].metrics',
      'template spec.templates[1].steps[0][1].inline.metrics',
      'template spec.templates[2].dag.tasks[0].inline.metrics',
      'template spec.templates[2].dag.tasks[0].inline.steps[0][0].inline.metrics',
    ];
    for (const kind of ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'])
      expect(paths({ kind, spec })).to.deep.equal(expected);
    const inCron = expected.map(path => path.replace(' spec.', ' spec.workflowSpec.'));
    expect(paths({ kind: 'CronWorkflow', spec: { workflowSpec: spec } })).to.deep.equal(inCron);
    const list = {
      kind: 'WorkflowList',
      items: [{ kind: 'ConfigMap' }, { kind: 'Workflow', spec: { metrics } }],
    };
    expect(paths(list)).to.deep.equal(['workflow items[1].spec.metrics']);
  });

  it('should find nothing elsewhere, whatever it is', () => {
    const nested = { kind: 'List', items: [] as unknown[] };
    nested.items.push(nested);
    const template: { steps?: unknown } = {};
    template.steps = [[{ inline: template }]];
    for (const object of [
      null,
      5,
      [],
      { kind: 'Deployment', spec: { metrics } },
      nested,
      { kind: 'Workflow', spec: [] },
      { kind: 'Workflow', spec: { templates: [template, 5, null] } },
    ])
      expect(paths(object)).to.deep.equal([]);
  });
});
