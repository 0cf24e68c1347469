// Which runs of a workflow were seen, and what became of them: marks, and no texts.
import { packRuns, unpackRuns } from './packed-runs.js';
import { newRun } from './run.js';
import type { Run } from './run.js';
import { markOf } from './text-mark.js';

/** The workflow itself: no node's ID has this mark. */
const SELF = 0;

/**
 * The runs of one workflow, from one of its objects to the next. Between two looks they are packed.
 */
export class RunLedger {
  /** Between two looks. */
  #packed = '';
  #runs: Runs | undefined;
  /** A listener that is called while one object is looked at may hand in the next. */
  #looks = 0;

  /** As of the last look that is over. */
  get packed(): string {
    return this.#packed;
  }

  get isOpen(): boolean {
    return this.#looks > 0;
  }

  restore(packed: string): void {
    this.#packed = packed;
  }

  /** For one look, which must close it. */
  open(): Runs {
    this.#looks++;
    this.#runs ??= new Runs(unpackRuns(this.#packed));
    this.#runs.begin();
    return this.#runs;
  }

  close(): void {
    this.#looks--;
    if (this.#looks > 0 || !this.#runs) return;
    const packed = packRuns(this.#runs.worthKeeping());
    if (packed !== this.#packed) this.#packed = packed;
    this.#runs = undefined;
  }
}

/** The runs while an object is looked at. */
export class Runs {
  /** Of the workflow itself. */
  readonly self: Run;
  readonly #known: readonly Run[];
  /** Those that this object shows first. */
  readonly #added: Run[] = [];
  /** All of them, once somebody asks for one that does not come in its turn. */
  #byMark: Map<number, Run> | undefined;
  #look = 0;
  /** The next node is that of the next run: they come in the order of the object before. */
  #next = 0;
  /** Those that are seen again, in the order of this object. */
  #seen: Run[] = [];

  constructor([self = newRun(SELF), ...known]: readonly Run[]) {
    this.self = self;
    this.#known = known;
  }

  begin(): void {
    this.#look++;
    this.#next = 0;
    this.#seen = [];
  }

  get isEmpty(): boolean {
    return this.#known.length === 0 && this.#added.length === 0;
  }

  /** The run of a node that this object shows. */
  find(id: string): Run | undefined {
    const run = this.peek(id);
    if (run) this.#see(run);
    return run;
  }

  /** The same without saying that this object shows it. */
  peek(id: string): Run | undefined {
    const mark = markOf(id);
    const next = this.#known[this.#next];
    if (next?.mark === mark) {
      this.#next++;
      return next;
    }
    this.#byMark ??= new Map(this.#all().map(run => [run.mark, run]));
    return this.#byMark.get(mark);
  }

  /** For a node that has none. */
  add(id: string): Run {
    const run = newRun(markOf(id));
    this.#added.push(run);
    this.#byMark?.set(run.mark, run);
    this.#see(run);
    return run;
  }

  /** Those of nodes that this object does not show, as far as it was asked for. */
  unseen(): readonly Run[] {
    return this.#seen.length === this.#known.length + this.#added.length
      ? []
      : this.#all().filter(run => run.seen < this.#look);
  }

  /** The workflow itself comes first; then those seen in the last look, in its order. */
  worthKeeping(): readonly Run[] {
    const runs = [this.self];
    for (const run of this.#seen) runs.push(run);
    for (const run of this.unseen()) if (run.isDone || run.wasRunning || run.reported !== 0) runs.push(run);
    return runs;
  }

  #see(run: Run): void {
    if (run.seen === this.#look) return;
    run.seen = this.#look;
    this.#seen.push(run);
  }

  #all(): readonly Run[] {
    return [...this.#known, ...this.#added];
  }
}
