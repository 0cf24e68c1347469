// One look at one object: what several steps of it ask for, made when the first one does. Of most objects little is new.
import { ObjectWork } from '../budget/object-work.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { Attempts } from '../workflow/node-attempts.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import { isFinal } from '../workflow/workflow-object.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';
import type { NodeCall } from '../variables/node-variables.js';
import { WorkflowScope } from '../variables/scope.js';
import type { PreviousVersion } from '../variables/scope.js';
import type { Runs } from './run-ledger.js';
import { markOf, markOfNumber } from './text-mark.js';

export interface LookOptions {
  readonly runs: Runs;
  readonly nowUnixMillis: number;
  readonly previous: PreviousVersion | undefined;
  readonly isExact: boolean;
  /** What was over by then is known already; `undefined`: nothing is. */
  readonly knownUntil: number | undefined;
  readonly diagnostics: Diagnostic[];
}

export class Look {
  readonly workflow: WorkflowObject;
  readonly runs: Runs;
  readonly knownUntil: number | undefined;
  readonly diagnostics: Diagnostic[];
  /** What compiling and emitting the metrics of the object may cost. */
  readonly work: ObjectWork;
  readonly isFinal: boolean;
  readonly #options: LookOptions;
  #scope: WorkflowScope | undefined;
  #attempts: Attempts | undefined;

  constructor(workflow: WorkflowObject, options: LookOptions) {
    this.workflow = workflow;
    this.runs = options.runs;
    this.knownUntil = options.knownUntil;
    this.diagnostics = options.diagnostics;
    this.work = new ObjectWork({ now: () => options.nowUnixMillis }, workflow.nodes.size);
    this.isFinal = isFinal(workflow);
    this.#options = options;
  }

  get scope(): WorkflowScope {
    const { nowUnixMillis, previous, isExact } = this.#options;
    return (this.#scope ??= new WorkflowScope(this.workflow, {
      nowUnixMillis,
      previous,
      omitsSums: isExact,
      budget: this.work.budget,
    }));
  }

  get attempts(): Attempts {
    return (this.#attempts ??= new Attempts(this.workflow.nodes));
  }

  /** Whether it was over before the observer began to count. */
  isKnown({ startedAt, finishedAt }: Pick<WorkflowNode, 'startedAt' | 'finishedAt'>): boolean {
    const { knownUntil } = this;
    return knownUntil !== undefined && (finishedAt ?? startedAt ?? -Infinity) <= knownUntil;
  }

  /** A mark of what can change the labels of a node's realtime gauge. */
  stateOf(node: WorkflowNode): number {
    const last = this.attempts.lastOf(node);
    const attempt = last && `${last.id},${last.phase}`;
    return stateMarkOf(node.phase, node.startedAt, node.finishedAt, attempt);
  }

  /** The attempt that a node is, or speaks for. */
  retryOf(node: WorkflowNode): NodeCall['retry'] {
    if (node.type === 'Retry') {
      const attempt = this.attempts.lastOf(node);
      return { parent: node, attempt, before: attempt && this.attempts.of(attempt)?.before };
    }
    const attempt = this.attempts.of(node);
    return attempt && { parent: attempt.parent, attempt: node, before: attempt.before };
  }
}

/** Of what may change the labels of a realtime gauge. */
export function stateMarkOf(
  phase: string,
  startedAt: number | undefined,
  finishedAt: number | undefined,
  attempt = '',
): number {
  return markOf(phase, markOf(attempt, markOfNumber(startedAt, markOfNumber(finishedAt))));
}
