// Small workflows that count themselves, as a controller writes them.

const at = seconds => new Date(Date.UTC(2026, 10, 23) + 1000 * seconds).toISOString().replace('.000Z', 'Z');

/** The metric that they count themselves in, as exposed. */
export const RUNS_METRIC = 'argo_workflows_runs_total';

/**
 * @param name of the workflow, and of its label unless that is given
 * @param isOver it has ended, after so many `seconds`
 */
export function workflow(name, { namespace = 'small', label = name, isOver = true, seconds = 10 } = {}) {
  const times = { startedAt: at(0), ...(isOver && { finishedAt: at(seconds) }) };
  const phase = isOver ? 'Succeeded' : 'Running';
  const node = { id: name, name, displayName: name, type: 'Pod', templateName: 'main', phase, ...times };
  const labels = [{ key: 'run', value: label }];
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name, namespace } },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: {} }],
      metrics: { prometheus: [{ name: 'runs_total', help: 'Runs', labels, counter: { value: '1' } }] },
    },
    status: { phase, ...times, nodes: { [name]: node } },
  };
}
