// Explores every interleaving of the threads' accesses to shared memory, depth first, each state once.
//
// Which steps are not interleaved. A step is taken at once, alone, when no other thread will ever touch the same words in
// a way that matters (one of the two writes): it commutes with all that the others do, so every order gives what this
// order gives. Who touches what in which step of its program is learned by exploring: whenever a thread is seen to touch a
// word that it was not known to touch, and another one touches it too, all is explored once more with that known. The
// last exploration found nothing new, so all its decisions were right: the first step of any execution that breaks them
// would be one after steps that obey them, and would have been seen.
//
// States are kept as 64 bits of hash, as Spin does with hash compaction: with n states, the probability that one was
// missed is below n² / 2^65, a millionth of a millionth for 10,000 states and one in ten million for two million.
import { ModelThread, type Ghost, type Program, type ThreadContext } from './model-thread.js';
import type { ObservedRegion } from './observed-region.js';
import { ScriptLibrary } from './script-tree.js';
import { StateGraph } from './state-graph.js';
import { mix } from './undo-memory.js';

export class Violation extends Error {
  override name = 'Violation';
}

export interface Exploration {
  readonly region: ObservedRegion;
  readonly programs: readonly Program[];
  readonly ghost: Ghost;
  /** Must hold in every state. Throws what is wrong. */
  readonly always?: () => void;
  /** Judges the memory when no thread can go on. May change it: that is taken back. Throws what is wrong. */
  readonly atEnd: (ghost: Ghost, threads: readonly ModelThread[]) => void;
  readonly maxStates: number;
}

export interface Finding {
  readonly states: number;
  readonly transitions: number;
  /** States in which no thread can go on. */
  readonly ends: number;
  /** How often the exploration began anew. */
  readonly rounds: number;
  readonly violation: string | undefined;
  readonly trace: readonly string[];
}

interface Move {
  readonly thread: number;
  readonly choice: number;
}

interface Branch {
  readonly id: number;
  readonly moves: readonly Move[];
  next: number;
  readonly mark: number;
  readonly threads: readonly ModelThread[];
  readonly ghost: Ghost;
  readonly pathLength: number;
}

/** Random walks that learn who touches what, before the first exploration. */
const WALKS = 500;

export class Explorer {
  readonly #exploration: Exploration;
  readonly #context: ThreadContext;
  readonly #initial: readonly ModelThread[];
  /** By thread and word: the last step of the program that reads it, or writes it, plus 1. */
  readonly #reads: readonly Uint8Array[];
  readonly #writes: readonly Uint8Array[];
  #threads: ModelThread[] = [];
  #learned = false;
  /** All that was done since the beginning. */
  #path: Move[] = [];

  constructor(exploration: Exploration) {
    const { region, programs, ghost } = exploration;
    this.#exploration = exploration;
    this.#context = { region, memory: region.memory, scripts: new ScriptLibrary(), ghost };
    this.#initial = programs.map((program, index) => new ModelThread(index, program));
    const words = (): Uint8Array => new Uint8Array(region.memory.words.length);
    this.#reads = programs.map(words);
    this.#writes = programs.map(words);
  }

  run(): Finding {
    return this.#exploration.region.explored(() => {
      for (let walk = 0; walk < WALKS; walk++) this.#walk(walk);
      for (let rounds = 1; ; rounds++) {
        this.#learned = false;
        const finding = this.#explore(rounds);
        if (!this.#learned || finding.violation !== undefined) return finding;
      }
    });
  }

  /** One execution, by chance, without any reduction. */
  #walk(seed: number): void {
    const mark = this.#reset();
    let random = mix(seed + 1);
    try {
      for (;;) {
        const moves = this.#threads.flatMap((thread, index) => this.#movesOf(thread, index));
        if (moves.length === 0) break;
        random = mix(random + 0x9e3779b9);
        this.#take(moves[(random >>> 0) % moves.length]!);
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error; // The exploration will find it, with the shortest way to it.
    }
    this.#context.memory.undo(mark);
  }

  #reset(): number {
    this.#threads = [...this.#initial];
    this.#path = [];
    this.#context.ghost = this.#exploration.ghost;
    return this.#context.memory.mark();
  }

  #explore(rounds: number): Finding {
    const graph = new StateGraph();
    const mark = this.#reset();
    const branches: Branch[] = [];
    const counts = { transitions: 0, ends: 0 };
    const finish = (violation?: string, trace: readonly string[] = []): Finding => {
      this.#context.memory.undo(mark);
      return { states: graph.states, ...counts, rounds, violation, trace };
    };
    try {
      for (let from = -1; ;) {
        from = this.#visit(graph, branches, counts, from);
        if (graph.states > this.#exploration.maxStates)
          throw new Violation('too many states: lower the bounds');
        const branch = this.#backtrack(branches);
        if (branch === undefined) break;
        from = branch.id;
        counts.transitions++;
        this.#take(branch.moves[branch.next++]!);
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.#context.memory.undo(mark);
      return finish(error.message, this.#replay(this.#path));
    }
    const wedged = graph.statesWithoutEnd();
    return finish(wedged === 0 ? undefined : `from ${wedged} states no end can be reached`);
  }

  /** Stands in a state, new or not. Puts it on the stack if it has a way on. */
  #visit(graph: StateGraph, branches: Branch[], counts: { ends: number }, from: number): number {
    this.#takeLocalSteps();
    const { memory, ghost } = this.#context;
    let [a, b] = [memory.hashA, memory.hashB];
    for (const thread of this.#threads) {
      a = (a + thread.hashA) | 0;
      b = (b + thread.hashB) | 0;
    }
    for (const value of ghost) {
      a = Math.imul(a ^ mix(value), 0x9e3779b1);
      b = mix(b + value) ^ Math.imul(b, 33);
    }
    const { id, isNew } = graph.enter(a, b, from);
    if (!isNew) return id;
    const { always } = this.#exploration;
    if (always !== undefined) this.#exploration.region.explored(always, true);
    const moves = this.#moves();
    if (moves.length === 0) {
      counts.ends++;
      graph.markEnd(id);
      const mark = memory.mark();
      this.#exploration.region.explored(() => this.#exploration.atEnd(ghost, this.#threads), true);
      memory.undo(mark);
      return id;
    }
    branches.push({
      id,
      moves,
      next: 0,
      mark: memory.mark(),
      threads: this.#threads.slice(),
      ghost,
      pathLength: this.#path.length,
    });
    return id;
  }

  /** Goes back to the last state that has a move left. */
  #backtrack(branches: Branch[]): Branch | undefined {
    for (;;) {
      const branch = branches.at(-1);
      if (branch === undefined) return undefined;
      if (branch.next < branch.moves.length) {
        this.#context.memory.undo(branch.mark);
        this.#context.ghost = branch.ghost;
        this.#threads = branch.threads.slice();
        this.#path.length = branch.pathLength;
        return branch;
      }
      branches.pop();
    }
  }

  #take({ thread: index, choice }: Move): void {
    const thread = this.#threads[index]!.copy();
    this.#threads[index] = thread;
    this.#path.push({ thread: index, choice });
    if (thread.stop === 'access') this.#learn(thread);
    thread.advance(this.#context, choice);
  }

  #movesOf(thread: ModelThread, index: number): Move[] {
    if (thread.isOver() || (thread.stop === 'begin' && !this.#mayBegin(thread))) return [];
    const count = thread.stop === 'choice' ? thread.choices.length : 1;
    return Array.from({ length: count }, (_, choice) => ({ thread: index, choice }));
  }

  #mayBegin(thread: ModelThread): boolean {
    const { after } = thread.program;
    if (after !== undefined && !this.#threads[after]!.isOver()) return false;
    return thread.isReady(this.#context.ghost);
  }

  /** A choice of one thread concerns nobody else: it is made before anything else happens. */
  #moves(): Move[] {
    const choosing = this.#threads.findIndex(thread => thread.stop === 'choice');
    if (choosing >= 0) return this.#movesOf(this.#threads[choosing]!, choosing);
    return this.#threads.flatMap((thread, index) => this.#movesOf(thread, index));
  }

  #takeLocalSteps(): void {
    for (let quiet = 0, index = 0; quiet < this.#threads.length; index = (index + 1) % this.#threads.length) {
      quiet++;
      while (this.#isLocal(this.#threads[index]!)) {
        this.#take({ thread: index, choice: 0 });
        quiet = 0;
      }
    }
  }

  #isLocal(thread: ModelThread): boolean {
    if (thread.stop === 'begin') return !thread.beginIsVisible() && this.#mayBegin(thread);
    if (thread.stop !== 'access') return false;
    const { kind, bytes } = thread.access();
    const first = thread.address() >> 2;
    for (const other of this.#threads) {
      // Who begins when this thread is over does nothing before.
      if (other.index === thread.index || other.isOver() || other.program.after === thread.index) continue;
      for (let word = first; word < first + bytes / 4; word++) {
        if (this.#writes[other.index]![word]! > other.step) return false;
        if (kind !== 'load' && this.#reads[other.index]![word]! > other.step) return false;
      }
    }
    return true;
  }

  /** Notes what the thread is about to touch. */
  #learn(thread: ModelThread): void {
    const { kind, bytes } = thread.access();
    const first = thread.address() >> 2;
    const known = (kind === 'load' ? this.#reads : this.#writes)[thread.index]!;
    for (let word = first; word < first + bytes / 4; word++) {
      if (known[word]! > thread.step) continue;
      known[word] = thread.step + 1;
      const shared = this.#threads.some(
        ({ index }) =>
          index !== thread.index &&
          (this.#writes[index]![word]! > 0 || (kind !== 'load' && this.#reads[index]![word]! > 0)),
      );
      if (shared) this.#learned = true;
    }
  }

  /** The same moves again, in words. */
  #replay(moves: readonly Move[]): string[] {
    const lines: string[] = [];
    const mark = this.#reset();
    this.#context.note = (thread, text) => void lines.push(`${this.#initial[thread]!.program.name}: ${text}`);
    try {
      for (const move of moves) this.#take(move);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
    } finally {
      this.#context.note = undefined;
      this.#context.memory.undo(mark);
    }
    return lines;
  }
}
