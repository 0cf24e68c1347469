// A workflow of so many nodes, about as a controller writes one: most of its bytes are inputs, outputs and templates.

const at = seconds => new Date(Date.UTC(2026, 10, 23) + 1000 * seconds).toISOString().replace('.000Z', 'Z');

const LABELS = [{ key: 'status', value: '{{status}}' }];
const STEPS = {
  name: 'step_seconds',
  help: 'Seconds of a step',
  labels: LABELS,
  histogram: { buckets: [1, 5, 30], value: '{{duration}}' },
};
const LAST = { name: 'last_seconds', help: 'Seconds of the last step', gauge: { value: '{{duration}}' } };
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

const WORK = {
  name: 'work',
  container: {
    image: 'alpine:3',
    command: ['sh', '-c'],
    args: ['echo {{inputs.parameters.message}}'],
  },
};

/** A task after the other. @param done of its nodes have ended; when all have, it has too */
export function largeWorkflow(name, nodes, done) {
  const { root, ...rest } = runOf(name, nodes, done);
  const steps = Array.from({ length: nodes - 1 }, (_, index) => nodeOf(name, index, index < done));
  const tasks = steps.map(({ displayName }, index) => ({
    ...{ name: displayName, template: 'work', dependencies: index === 0 ? [] : [`step-${index - 1}`] },
    arguments: { parameters: [{ name: 'message', value: 'a message' }] },
  }));
  const templates = [
    { name: 'main', dag: { tasks } },
    { ...WORK, metrics: { prometheus: [STEPS] } },
  ];
  return workflowWith({ ...rest, name, templates, nodes: [{ ...root, type: 'DAG' }, ...steps] });
}

/**
 * A loop, whose nodes come in the order of their IDs, as the controller writes them.
 *
 * @param options.isRetried each step is a Retry node with one attempt
 * @param options.setsGauge each step sets a gauge
 */
export function largeLoop(name, nodes, done, { isRetried = false, setsGauge = false } = {}) {
  const { root, ...rest } = runOf(name, nodes, done);
  const group = {
    ...root,
    id: idOf(name, -1),
    name: `${name}[0]`,
    displayName: '[0]',
    type: 'StepGroup',
    boundaryID: name,
    children: [],
  };
  const inside = [];
  const count = Math.floor((nodes - 2) / (isRetried ? 2 : 1));
  for (let index = 0; index < count; index++) {
    const node = nodeOf(name, index, (index * nodes) / count < done);
    const step = {
      ...node,
      id: idOf(name, index),
      name: `${group.name}.step(${index}:${index})`,
      displayName: `step(${index}:${index})`,
      children: undefined,
    };
    group.children.push(step.id);
    const attempt = {
      ...step,
      id: idOf(name, index + nodes),
      name: `${step.name}(0)`,
      displayName: `${step.displayName}(0)`,
    };
    inside.push(...(isRetried ? [{ ...step, type: 'Retry', children: [attempt.id] }, attempt] : [step]));
  }
  const templates = [
    { name: 'main', steps: [[{ name: 'step', template: 'work', withSequence: { count: `${count}` } }]] },
    {
      ...WORK,
      ...(isRetried && { retryStrategy: { limit: '2' } }),
      metrics: { prometheus: setsGauge ? [STEPS, LAST] : [STEPS] },
    },
  ];
  const all = [{ ...root, type: 'Steps', children: [group.id] }, group, ...inside];
  return workflowWith({ ...rest, name, templates, nodes: all.sort((a, b) => (a.id < b.id ? -1 : 1)) });
}

/** Ten digits in no order. */
function idOf(name, index) {
  return `${name}-${(1_000_000_000 + (index + 2) * 2_654_435_761) % 4_294_967_296}`;
}

function runOf(name, nodes, done) {
  const isOver = done >= nodes;
  const phase = isOver ? 'Succeeded' : 'Running';
  const times = { startedAt: at(0), finishedAt: isOver ? at(nodes + 3) : null };
  const root = { id: name, name, displayName: name, templateName: 'main', phase, ...times };
  return { root, phase, times, progress: `${done}/${nodes}` };
}

function workflowWith({ name, phase, times, progress, templates, nodes }) {
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    metadata: { name, namespace: 'large', labels: { 'workflows.argoproj.io/phase': phase } },
    spec: { entrypoint: 'main', metrics: { prometheus: [RUNS] }, templates },
    status: { phase, progress, ...times, nodes: Object.fromEntries(nodes.map(node => [node.id, node])) },
  };
}
