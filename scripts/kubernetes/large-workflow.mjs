// A workflow of so many nodes, about as a controller writes one: most of its bytes are inputs, outputs and templates.

const at = seconds => new Date(Date.UTC(2026, 10, 23) + 1000 * seconds).toISOString().replace('.000Z', 'Z');

const LABELS = [{ key: 'status', value: '{{status}}' }];
const STEPS = {
  name: 'step_seconds',
  help: 'Seconds of a step',
  labels: LABELS,
  histogram: { buckets: [1, 5, 30], value: '{{duration}}' },
};
const RUNS = {
  name: 'large_runs_total',
  help: 'Runs',
  labels: [{ key: 'status', value: '{{workflow.status}}' }],
  counter: { value: '1' },
};

function nodeOf(workflow, index, isOver) {
  const name = `step-${index}`;
  const times = { startedAt: at(index), finishedAt: isOver ? at(index + 3) : null };
  const artifact = { key: `${workflow}/${name}/main.log`, bucket: 'argo-logs', endpoint: 's3.example.com' };
  return {
    ...{ id: `${workflow}-${index}`, name: `${workflow}.${name}`, displayName: name, type: 'Pod' },
    ...{ templateName: 'work', templateScope: `local/${workflow}`, boundaryID: workflow, ...times },
    ...{ phase: isOver ? 'Succeeded' : 'Running', progress: isOver ? '1/1' : '0/1' },
    hostNodeName: `ip-10-0-13-${index % 200}.eu-west-1.compute.internal`,
    inputs: { parameters: [{ name: 'message', value: `chunk ${index} of the nightly run of ${workflow}` }] },
    children: [`${workflow}-${index + 1}`],
    ...(isOver && {
      resourcesDuration: { cpu: 1, memory: 3 },
      outputs: { exitCode: '0', artifacts: [{ name: 'main-logs', s3: artifact }] },
    }),
  };
}

/** @param done of its nodes have ended; when all have, it has too */
export function largeWorkflow(name, nodes, done) {
  const isOver = done >= nodes;
  const phase = isOver ? 'Succeeded' : 'Running';
  const times = { startedAt: at(0), finishedAt: isOver ? at(nodes + 3) : null };
  const root = { id: name, name, displayName: name, type: 'DAG', templateName: 'main', phase, ...times };
  const steps = Array.from({ length: nodes - 1 }, (_, index) => nodeOf(name, index, index < done));
  const tasks = steps.map(({ displayName }, index) => ({
    ...{ name: displayName, template: 'work', dependencies: index === 0 ? [] : [`step-${index - 1}`] },
    arguments: { parameters: [{ name: 'message', value: 'a message' }] },
  }));
  const container = {
    image: 'alpine:3',
    command: ['sh', '-c'],
    args: ['echo {{inputs.parameters.message}}'],
  };
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    metadata: { name, namespace: 'large', labels: { 'workflows.argoproj.io/phase': phase } },
    spec: {
      entrypoint: 'main',
      metrics: { prometheus: [RUNS] },
      templates: [
        { name: 'main', dag: { tasks } },
        { name: 'work', container, metrics: { prometheus: [STEPS] } },
      ],
    },
    status: {
      ...{ phase, progress: `${done}/${nodes}`, ...times },
      nodes: Object.fromEntries([root, ...steps].map(node => [node.id, node])),
    },
  };
}
