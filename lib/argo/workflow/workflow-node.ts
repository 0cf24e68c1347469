// Reads nodes of Workflow objects. Of most nodes nothing is new, so nothing is read before somebody asks for it.
import { isRecord, listAt, recordAt, textAt, timeAt } from '../../guard/json-value.js';

type Json = Readonly<Record<string, unknown>>;

/** A node of `status.nodes`. */
export interface WorkflowNode {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly phase: string;
  readonly boundaryId: string;
  readonly children: readonly string[];
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** Over for good, as Argo decides it: a daemon counts as soon as it is ready. */
  readonly isFulfilled: boolean;
  /** It did not run: what it gives is that of another run, which was kept. */
  readonly isFromCache: boolean;
  /** Of the template that it ran; empty for one that refers to it, and for an inline one. */
  readonly templateName: string;
  readonly templateScope: string;
  readonly templateRef: Json | undefined;
  /** All of it. What else is here may be read without parsing that. */
  readonly json: Json;
}

const FULFILLED_PHASES = new Set(['Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted']);

/** In the place of what was not asked for yet. */
const UNREAD = null;

export class ReadNode implements WorkflowNode {
  readonly id: string;
  readonly json: Json;
  #children: readonly string[] | typeof UNREAD = UNREAD;
  #startedAt: number | undefined | typeof UNREAD = UNREAD;
  #finishedAt: number | undefined | typeof UNREAD = UNREAD;

  constructor(id: string, json: Json) {
    this.id = id;
    this.json = json;
  }

  get name(): string {
    return textAt(this.json, 'name');
  }

  get displayName(): string {
    return textAt(this.json, 'displayName');
  }

  get type(): string {
    return textAt(this.json, 'type');
  }

  get phase(): string {
    return textAt(this.json, 'phase');
  }

  get boundaryId(): string {
    return textAt(this.json, 'boundaryID');
  }

  get children(): readonly string[] {
    return (this.#children ??= listAt(this.json, 'children').filter(child => typeof child === 'string'));
  }

  get startedAt(): number | undefined {
    if (this.#startedAt === UNREAD) this.#startedAt = timeAt(this.json, 'startedAt');
    return this.#startedAt;
  }

  get finishedAt(): number | undefined {
    if (this.#finishedAt === UNREAD) this.#finishedAt = timeAt(this.json, 'finishedAt');
    return this.#finishedAt;
  }

  get isFulfilled(): boolean {
    const { json, phase } = this;
    return isFulfilled(phase, json['taskResultSynced'] !== false, json['daemoned'] === true);
  }

  get isFromCache(): boolean {
    return recordAt(this.json, 'memoizationStatus')['hit'] === true;
  }

  get templateName(): string {
    return textAt(this.json, 'templateName');
  }

  get templateScope(): string {
    return textAt(this.json, 'templateScope');
  }

  get templateRef(): Json | undefined {
    const reference = this.json['templateRef'];
    return isRecord(reference) ? reference : undefined;
  }
}

/** Of a node that says this. */
export function isFulfilled(phase: string, isSynced: boolean, isDaemon: boolean): boolean {
  return (FULFILLED_PHASES.has(phase) && isSynced) || (isDaemon && phase !== 'Pending' && phase !== '');
}
