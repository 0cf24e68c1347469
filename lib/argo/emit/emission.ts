import type { MetricScope } from '../variables/metric-scope.js';
import type { ObjectWork } from '../budget/object-work.js';
import type { Rendering } from '../template/template.js';

/** One call of `emit`: what all its metrics have in common. */
export interface Emission {
  /** Who it belongs to, normally the UID of a workflow. */
  readonly owner: string;
  /** What of the owner, normally the ID of a node; '' is the owner itself. */
  readonly subject: string;
  readonly realtime: MetricScope['realtime'];
  /** What emitting for the object may cost. */
  readonly work: ObjectWork;
  /** The variables, filled into texts. */
  readonly rendering: Rendering;
}
