// Reads nodes of Workflow objects. Of most nodes nothing is new, so nothing is read before somebody asks for it.
import { isRecord, listAt, recordAt, timeOf } from '../../guard/json-value.js';

type Json = Readonly<Record<string, unknown>>;

/** A node of `status.nodes`. */
export interface WorkflowNode {
  /** Its place among the nodes of the object, from 0: of very many nodes nothing is found faster than by a number. */
  readonly index: number;
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
  readonly index: number;
  readonly id: string;
  readonly json: Json;
  #children: readonly string[] | typeof UNREAD = UNREAD;
  #startedAt: number | undefined | typeof UNREAD = UNREAD;
  #finishedAt: number | undefined | typeof UNREAD = UNREAD;

  constructor(index: number, id: string, json: Json) {
    this.index = index;
    this.id = id;
    this.json = json;
  }

  get name(): string {
    return textOf(this.json['name']);
  }

  get displayName(): string {
    return textOf(this.json['displayName']);
  }

  get type(): string {
    return textOf(this.json['type']);
  }

  get phase(): string {
    return textOf(this.json['phase']);
  }

  get boundaryId(): string {
    return textOf(this.json['boundaryID']);
  }

  get children(): readonly string[] {
    return (this.#children ??= listAt(this.json, 'children').filter(child => typeof child === 'string'));
  }

  get startedAt(): number | undefined {
    if (this.#startedAt === UNREAD) this.#startedAt = timeOf(textOf(this.json['startedAt']));
    return this.#startedAt;
  }

  get finishedAt(): number | undefined {
    if (this.#finishedAt === UNREAD) this.#finishedAt = timeOf(textOf(this.json['finishedAt']));
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
    return textOf(this.json['templateName']);
  }

  get templateScope(): string {
    return textOf(this.json['templateScope']);
  }

  get templateRef(): Json | undefined {
    const reference = this.json['templateRef'];
    return isRecord(reference) ? reference : undefined;
  }
}

/** Empty where it is none. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of a node that says this. */
export function isFulfilled(phase: string, isSynced: boolean, isDaemon: boolean): boolean {
  return (FULFILLED_PHASES.has(phase) && isSynced) || (isDaemon && phase !== 'Pending' && phase !== '');
}
