// A store's memory as the shipped TypeScript sees it, in which every look is a question: to the explorer, or answered at
// once while a scenario is being set up or judged.
import { format } from 'node:util';
import { instantiateKernel, type Kernel } from '../../lib/memory/kernel.js';
import type { Layout, LayoutRequest } from '../../lib/memory/layout.js';
import type { Region } from '../../lib/memory/region.js';
import { ask, type Answer, type Operation } from './script-tree.js';
import type { Prototype, ShippedSources } from './shipped-sources.js';
import { UndoMemory } from './undo-memory.js';
import { WasmFrame } from './wasm-frame.js';
import { HASHES, type MemoryAccess, NO_SECRET } from './wasm-module.js';

interface View {
  readonly type: MemoryAccess['type'];
  readonly bytes: 4 | 8;
  readonly unsigned: boolean;
}

/** Of an empty memory, for the functions that only hash. */
const real = instantiateKernel(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));

const KINDS: Readonly<Record<string, MemoryAccess['kind']>> = {
  load: 'load',
  store: 'store',
  add: 'add',
  sub: 'sub',
  compareExchange: 'compareExchange',
};

/** Methods of the shipped classes that are scripts of their own, so that what they asked is forgotten on return. */
const SCRIPTS = {
  Right: ['take'],
  Swap: ['_advance', '_beginDrain', '_drain', '_waitForWriters'],
  Plane: ['seal', 'clear', '_empty'],
  HiddenPlaces: ['_find', '_mark', '_read'],
} as const;

const originals = new WeakMap<Prototype, Map<string, Prototype[string]>>();

/** As it was before any region made a script of it. */
function originalOf(prototype: Prototype, method: string): Prototype[string] {
  let known = originals.get(prototype);
  if (known === undefined) originals.set(prototype, (known = new Map<string, Prototype[string]>()));
  const original = known.get(method) ?? prototype[method];
  if (original === undefined) throw new Error(`the shipped class has no method ${method}`);
  known.set(method, original);
  return original;
}

/** Lists by what is in them: two threads that got equal ones stand at the same place. */
const lists = new Map<string, unknown>();

function asOne(result: unknown): unknown {
  if (typeof result !== 'object') return result;
  const text = textOf(result);
  if (!lists.has(text)) lists.set(text, result);
  return lists.get(text);
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : format('%s', value);
}

export class ObservedRegion {
  readonly memory: UndoMemory;
  readonly layout: Layout;
  readonly region: Region;
  readonly #sources: ShippedSources;
  readonly #views = new WeakMap<object, View>();
  #direct = true;
  #clock = 0;

  constructor(sources: ShippedSources, request: LayoutRequest) {
    this.#sources = sources;
    this.layout = sources.layout.computeLayout(request);
    const buffer = new SharedArrayBuffer(this.layout.pages * 65536);
    sources.layout.writeHeader(buffer, this.layout, NO_SECRET);
    this.memory = new UndoMemory(new Int32Array(buffer));
    this.region = {
      memory: { buffer },
      layout: this.layout,
      kernel: this.#kernel(),
      i32: this.#view({ type: 'i32', bytes: 4, unsigned: false }) as unknown as Int32Array,
      u32: this.#view({ type: 'i32', bytes: 4, unsigned: true }) as unknown as Uint32Array,
      i64: this.#view({ type: 'i64', bytes: 8, unsigned: false }) as unknown as BigInt64Array,
      f64: this.#view({ type: 'f64', bytes: 8, unsigned: false }) as unknown as Float64Array,
      bytes: { subarray: this.#getBytes.bind(this) } as unknown as Uint8Array,
    };
    sources.host.atomic = (operation, array, index, ...operands) => {
      const view = this.#views.get(array)!;
      const [first = 0, second = 0] = operands;
      const [value, expected] = operation === 'compareExchange' ? [second, first] : [first, 0];
      return this.#access(view, KINDS[operation]!, index * view.bytes, value, expected) as number | bigint;
    };
    sources.host.now = () => this.#perform({ kind: 'now' }) as number;
    sources.host.script = (key, run) => this.#perform({ kind: 'script', key, run });
    sources.host.pause = () => void this.#perform({ kind: 'pause' });
    for (const [name, methods] of Object.entries(SCRIPTS)) {
      const owner = sources[name as keyof typeof SCRIPTS];
      for (const method of methods) this.#makeScript(name, owner.prototype, method);
    }
  }

  /** While `run` runs, questions go to whoever explores; or are answered at once, if `directly`. */
  explored<T>(run: () => T, directly = false): T {
    const before = this.#direct;
    this.#direct = directly;
    try {
      return run();
    } finally {
      this.#direct = before;
    }
  }

  /** One of several ways to go on, from 0. */
  choose(count: number): number {
    return this.#perform({ kind: 'choose', count }) as number;
  }

  /** What a look at all memory finds, in between two steps of whoever: what no thread can know. */
  peek(look: () => string): string {
    return this.#perform({ kind: 'peek', look }) as string;
  }

  #makeScript(owner: string, prototype: Prototype, method: string): void {
    const original = originalOf(prototype, method);
    const perform = this.#perform.bind(this);
    prototype[method] = function (this: { index?: number }, ...args: unknown[]): unknown {
      const key = `${owner}${this.index ?? ''}.${method}(${args.map(textOf).join()})`;
      return perform({ kind: 'script', key, run: () => asOne(original.apply(this, args)) });
    };
  }

  #kernel(): Kernel {
    const calls = [...this.#sources.kernel.values()].map(code => [
      code.name,
      (...args: number[]) => this.#perform({ kind: 'call', code, args }),
    ]);
    const hashes = HASHES.map(name => [name, real[name]]);
    return Object.fromEntries([...calls, ...hashes]) as Kernel;
  }

  #view(view: View): object {
    const load = (index: number): Answer => this.#access(view, 'load', index * view.bytes, 0, 0);
    const store = (index: number, value: number | bigint): void =>
      void this.#access(view, 'store', index * view.bytes, value, 0);
    const proxy = new Proxy(
      {},
      {
        get: (_target, name) => {
          if (name === 'subarray')
            return (from: number, to: number) =>
              Array.from({ length: Math.max(0, to - from) }, (_, index) => load(from + index));
          if (name === 'set')
            return (values: number[], at: number) =>
              values.forEach((value, index) => store(at + index, value));
          return load(Number(name));
        },
        set: (_target, name, value: number | bigint) => {
          store(Number(name), value);
          return true;
        },
      },
    );
    this.#views.set(proxy, view);
    return proxy;
  }

  #access(
    view: View,
    kind: MemoryAccess['kind'],
    address: number,
    value: number | bigint,
    expected: number | bigint,
  ): Answer {
    const operands = kind === 'load' ? 1 : kind === 'compareExchange' ? 3 : 2;
    const access: MemoryAccess = { kind, type: view.type, bytes: view.bytes, operands };
    const answer = this.#perform({ kind: 'access', access, address, value, expected });
    return view.unsigned && typeof answer === 'number' ? answer >>> 0 : answer;
  }

  #getBytes(from: number, to: number): Uint8Array {
    const padded = Buffer.alloc(Math.ceil((to - from) / 4) * 4);
    for (let at = 0; at < padded.length; at += 4)
      padded.writeInt32LE(
        this.#access({ type: 'i32', bytes: 4, unsigned: false }, 'load', from + at, 0, 0) as number,
        at,
      );
    return padded.subarray(0, to - from);
  }

  #perform(operation: Operation): Answer {
    if (!this.#direct) return ask(operation);
    switch (operation.kind) {
      case 'call': {
        const frame = WasmFrame.call(operation.code, operation.args);
        while (frame.stop !== 'returned') frame.step(this.memory);
        return frame.answer();
      }
      case 'access':
        return this.memory.perform(operation.access, operation.address, operation.value, operation.expected);
      case 'script':
        return operation.run();
      case 'choose':
        return 0;
      case 'peek':
        return operation.look();
      case 'pause':
        this.#clock += 300;
        return undefined;
      case 'now':
        return this.#clock;
      case 'return':
        return operation.value;
    }
  }
}
