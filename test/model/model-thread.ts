// A thread of the model: a program of steps, each of which runs shipped code. A thread stands before an access to shared
// memory, before a choice, before a step that it may not begin yet, or at its end. A thread is never changed, only copied.
import { RIGHT_PATIENCE_MILLIS } from '../../lib/limits.js';
import type { ObservedRegion } from './observed-region.js';
import type { ScriptLibrary } from './script-tree.js';
import { type Answer, type Operation, type ScriptNode } from './script-tree.js';
import { mix, type UndoMemory } from './undo-memory.js';
import { WasmFrame } from './wasm-frame.js';
import type { MemoryAccess } from './wasm-module.js';

/** What nobody in the store can see: which records returned, which cuts were made. Bit sets and numbers, never changed. */
export type Ghost = readonly number[];

export interface Step {
  /** Together with what the thread carries it names the script. */
  readonly name: string;
  /** Whether it may begin. Absent: at once. */
  readonly ready?: (ghost: Ghost) => boolean;
  /** What is noted at the beginning. If present, others may go on before it: it is a step like an access to memory. */
  readonly begin?: (ghost: Ghost, thread: ModelThread) => Ghost;
  readonly run: (thread: { readonly carried: number }) => unknown;
  /** What the result says. Throws what it violates. `carried` of the thread may be changed. */
  readonly end?: (ghost: Ghost, thread: ModelThread, result: unknown) => Ghost;
}

/** How often a thread may do what it could do without end. All of it together bounds the exploration. */
export interface Bounds {
  /** Times that it is killed: 0 or 1. */
  readonly crashes?: number;
  /** Pauses in one step; one more is a sleep for ever. */
  readonly pauses?: number;
  /** Times that a holder of the right counts as dead although it may be alive. */
  readonly impatience?: number;
  /** Times that a collection reaches its deadline. */
  readonly deadlines?: number;
  /** Questions that one script may ask; one more is a sleep for ever. */
  readonly questions?: number;
}

export interface Program {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly carried?: number;
  /** The thread after whose end, whatever its kind, this one begins. */
  readonly after?: number;
  readonly bounds?: Bounds;
}

export type Stop = 'access' | 'choice' | 'begin' | 'ended' | 'crashed' | 'asleep';

const FAR_FUTURE_MILLIS = 15_000;
export const STALL_DEADLINE_MILLIS = 10_000;

/** What all threads of one exploration share. */
export interface ThreadContext {
  readonly region: ObservedRegion;
  readonly memory: UndoMemory;
  readonly scripts: ScriptLibrary;
  ghost: Ghost;
  /** Called with what a thread is about to do, for traces. */
  note?: ((thread: number, text: string) => void) | undefined;
}

const scratch = new Float64Array(1);
const halves = new Int32Array(scratch.buffer);
const bits = new BigInt64Array(scratch.buffer);

export class ModelThread {
  readonly index: number;
  readonly program: Program;
  stop: Stop = 'begin';
  step = 0;
  /** What goes from step to step, e.g. the stripe that was used last. */
  carried: number;
  /** What the step noted at its beginning. */
  asked = 0;
  /** Possible answers while the stop is a choice. */
  choices: readonly Answer[] = [];
  hashA = 0;
  hashB = 0;
  #nodes: ScriptNode[] = [];
  #frame: WasmFrame | undefined;
  #clock = 0;
  #pauses = 0;
  #impatience: number;
  #deadlines: number;
  #crashes: number;
  /** Whether it wrote anything since it could last be killed. */
  #wrote = false;
  #mayCrash = false;

  constructor(index: number, program: Program, carried = program.carried ?? 0) {
    this.index = index;
    this.program = program;
    this.carried = carried;
    this.#impatience = program.bounds?.impatience ?? 0;
    this.#deadlines = program.bounds?.deadlines ?? 0;
    this.#crashes = program.bounds?.crashes ?? 0;
  }

  copy(): ModelThread {
    const copy = new ModelThread(this.index, this.program, this.carried);
    copy.stop = this.stop;
    copy.step = this.step;
    copy.asked = this.asked;
    copy.choices = this.choices;
    copy.#nodes = this.#nodes.slice();
    copy.#frame = this.#frame?.copy();
    copy.#clock = this.#clock;
    copy.#pauses = this.#pauses;
    copy.#impatience = this.#impatience;
    copy.#deadlines = this.#deadlines;
    copy.#crashes = this.#crashes;
    copy.#wrote = this.#wrote;
    copy.#mayCrash = this.#mayCrash;
    return copy;
  }

  isOver(): boolean {
    return this.stop === 'ended' || this.stop === 'crashed' || this.stop === 'asleep';
  }

  /** Only at the beginning of a step. */
  isReady(ghost: Ghost): boolean {
    return this.program.steps[this.step]!.ready?.(ghost) ?? true;
  }

  /** Whether others must have the chance to go first. */
  beginIsVisible(): boolean {
    return this.program.steps[this.step]!.begin !== undefined;
  }

  access(): MemoryAccess {
    return this.#frame?.access() ?? (this.#operation() as Operation & { kind: 'access' }).access;
  }

  address(): number {
    return this.#frame?.address() ?? (this.#operation() as Operation & { kind: 'access' }).address;
  }

  /** Takes the step before which it stands, and goes on to the next stop. */
  advance(context: ThreadContext, choice: number): void {
    switch (this.stop) {
      case 'access':
        this.#perform(context);
        break;
      case 'choice': {
        const answer = this.choices[choice];
        if (this.#mayCrash) {
          context.note?.(this.index, answer === 'crash' ? 'is killed' : 'is not killed');
          this.#mayCrash = false;
          if (answer === 'crash') {
            this.#finish('crashed');
            return this.#hash();
          }
          if (this.#frame !== undefined) this.#frame.step(context.memory);
        } else {
          if (this.#operation().kind === 'now') this.#jumpTo(answer as number);
          this.#answer(answer);
        }
        break;
      }
      case 'begin':
        this.#begin(context);
        break;
      default:
        throw new Error(`thread ${this.index} is over`);
    }
    this.#run(context);
    this.#hash();
  }

  #operation(): Operation {
    return this.#nodes[this.#nodes.length - 1]!.operation();
  }

  #answer(answer: Answer): void {
    this.#nodes.push(this.#nodes.pop()!.answered(answer));
  }

  #perform({ memory, note }: ThreadContext): void {
    const access = this.access();
    const write = access.kind !== 'load';
    if (write) this.#wrote = true;
    const address = this.address();
    const place = this.#frame?.code.name ?? this.program.steps[this.step]!.name;
    if (this.#frame !== undefined) this.#frame.step(memory);
    else {
      const { value, expected } = this.#operation() as Operation & { kind: 'access' };
      this.#answer(memory.perform(access, address, value, expected));
    }
    note?.(
      this.index,
      `${place}: ${access.kind} ${access.type} at ${address} = ${memory.load(address, access)}`,
    );
  }

  #begin(context: ThreadContext): void {
    const step = this.program.steps[this.step]!;
    context.note?.(this.index, `begins ${step.name}`);
    if (step.begin !== undefined) context.ghost = step.begin(context.ghost, this);
    this.#pauses = this.program.bounds?.pauses ?? 0;
    this.#clock = 0;
    const carried = this.carried;
    const run = (): unknown => step.run({ carried });
    this.#nodes = [context.scripts.root(`${this.index} ${this.step} ${step.name} ${carried}`, run)];
  }

  #run(context: ThreadContext): void {
    for (;;) {
      if (this.#frame?.stop === 'access') return this.#stopAt('access');
      if (this.#frame?.stop === 'returned') {
        const answer = this.#frame.answer();
        context.note?.(this.index, `${this.#frame.code.name} returns ${answer}`);
        this.#frame = undefined;
        this.#answer(answer);
      }
      // V8 stops a thread for good between two calls and where a loop begins again, nowhere else.
      if (this.#wrote && this.#crashes > 0) {
        this.#wrote = false;
        this.#mayCrash = true;
        return this.#choice(['live', 'crash']);
      }
      if (this.#frame !== undefined) this.#frame.step(context.memory);
      else if (this.#follow(context)) return;
    }
  }

  /** Does what the script asks. True when the thread stops there. */
  #follow(context: ThreadContext): boolean {
    const node = this.#nodes[this.#nodes.length - 1]!;
    const operation = node.operation();
    if (node.depth >= (this.program.bounds?.questions ?? 1000)) {
      this.#finish('asleep');
      return true;
    }
    switch (operation.kind) {
      case 'access':
        this.#stopAt('access');
        return true;
      case 'call':
        this.#frame = WasmFrame.call(operation.code, operation.args);
        return false;
      case 'script':
        this.#nodes.push(context.scripts.root(operation.key, operation.run));
        return false;
      case 'pause':
        if (this.#pauses-- > 0) this.#answer(undefined);
        else this.#finish('asleep');
        return this.isOver();
      case 'now':
        return this.#tellTime(operation);
      case 'choose':
        this.#choice(Array.from({ length: operation.count }, (_, index) => index));
        return true;
      case 'peek':
        this.#answer(context.region.explored(operation.look, true));
        return false;
      case 'return':
        return this.#return(context, operation.value);
    }
  }

  /**
   * Time stands still, unless the thread waits: then it may be found to have jumped, past the patience with a silent
   * holder of the right or past the deadline.
   */
  #tellTime(operation: Operation): boolean {
    const { name, depth } = this.#nodes[this.#nodes.length - 1]!;
    const times = [this.#clock];
    // The first look at the clock is the one that the second is compared with.
    if (this.#impatience > 0 && name.startsWith('Right.take') && depth > 1)
      times.push(this.#clock + RIGHT_PATIENCE_MILLIS + 1);
    if (this.#deadlines > 0 && name.startsWith('Swap._waitForWriters')) times.push(FAR_FUTURE_MILLIS);
    if (times.length === 1) this.#answer(operation.kind === 'now' ? this.#clock : undefined);
    else this.#choice(times);
    return times.length > 1;
  }

  #jumpTo(time: number): void {
    if (time >= FAR_FUTURE_MILLIS) this.#deadlines--;
    else if (time > this.#clock) this.#impatience--;
    this.#clock = time;
  }

  #return(context: ThreadContext, value: unknown): boolean {
    this.#nodes.pop();
    if (this.#nodes.length > 0) {
      this.#answer(value);
      return false;
    }
    const step = this.program.steps[this.step]!;
    context.note?.(this.index, `${step.name} is done: ${JSON.stringify(value)}`);
    if (step.end !== undefined) context.ghost = step.end(context.ghost, this, value);
    this.asked = 0;
    this.step++;
    if (this.step < this.program.steps.length) this.#stopAt('begin');
    else this.#finish('ended');
    return true;
  }

  #stopAt(stop: Stop): void {
    this.stop = stop;
  }

  #choice(choices: readonly Answer[]): void {
    this.stop = 'choice';
    this.choices = choices;
  }

  /** What it knew is gone. */
  #finish(stop: Stop): void {
    this.stop = stop;
    this.#nodes = [];
    this.#frame = undefined;
    this.#clock = this.#pauses = this.#impatience = this.#deadlines = this.#crashes = 0;
    this.asked = 0;
    if (stop !== 'ended') this.carried = 0;
    this.#wrote = this.#mayCrash = false;
  }

  #hash(): void {
    let a = mix(this.index + 1);
    let b = mix(a + 0x51ed270b);
    const add = (value: number): void => {
      a = Math.imul(a ^ mix(value), 0x9e3779b1);
      b = mix(b + value) ^ Math.imul(b, 31);
    };
    add(STOPS.indexOf(this.stop));
    add(this.step);
    add(this.carried);
    add(this.asked);
    add(this.#clock);
    add(this.#pauses);
    add(this.#impatience * 16 + this.#deadlines * 4 + Number(this.#wrote) * 2 + Number(this.#mayCrash));
    for (const { id } of this.#nodes) add(id);
    if (this.#frame !== undefined) {
      add(-2);
      add(this.#frame.at);
      for (const value of this.#frame.values) {
        if (typeof value === 'number') scratch[0] = value;
        else bits[0] = value;
        add(halves[0]!);
        add(halves[1]!);
      }
    }
    this.hashA = a;
    this.hashB = b;
  }
}

const STOPS: readonly Stop[] = ['access', 'choice', 'begin', 'ended', 'crashed', 'asleep'];
