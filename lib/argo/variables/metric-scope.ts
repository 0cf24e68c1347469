import type { VariableLayer } from '../expression/run/layered-variables.js';
import type { Variables } from '../template/template.js';

/** What the tags of a metric can refer to. */
export interface MetricScope {
  readonly variables: Variables;
  /**
   * Durations that can grow: Unix milliseconds of the start, or start and end once they are final. One that is used and is
   * none of these is a diagnostic of the metric.
   */
  readonly realtime?: Readonly<Record<string, number | { start: number; end: number }>>;
}

/** What the tags of a metric in a Workflow object can refer to. */
export interface WorkflowMetricScope extends Omit<MetricScope, 'variables'> {
  readonly variables: VariableLayer;
}
