// Refuses a kernel that breaks the rules on which the store's safety rests (see lib/memory/swap.ts):
// - no data segment and no start function: they would overwrite live memory when a second thread instantiates it;
// - no global in a function that writes to the memory: a global is one thread's own, so nothing of all threads may rest on it.
//   Nor may such a function call another one, or be called;
// - no import but the memory;
// - no call, no loop and no jump backwards inside a section, where V8 could stop a thread; no instruction that can trap.
// - no plain store outside of the section of a function that has one: nobody may be inside any more, or somebody else is.
// A section is everything between the first compare-and-swap of a function and its last atomic store.

const SECTION = { import: 2, function: 3, export: 7, start: 8, code: 10, data: 11 };
const LOOP = 0x03;
const CALLS = [0x10, 0x11];
const GLOBALS = [0x23, 0x24];
/** unreachable; integer division and remainder; truncations that trap. */
const TRAPS = [0x00, ...range(0x6d, 0x70), ...range(0x7f, 0x82), ...range(0xa8, 0xab), ...range(0xae, 0xb1)];

function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

class Bytes {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** LEB128, signed or not: only its length matters beyond 31 bits. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (!(byte & 128)) return value;
    }
  }
  text() {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString();
  }
}

function sectionsOf(bytes) {
  const reader = new Bytes(bytes, 8);
  const sections = new Map();
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.number();
    sections.set(id, new Bytes(bytes.subarray(reader.at, reader.at + size)));
    reader.at += size;
  }
  return sections;
}

function exportedNames(reader) {
  const names = new Map();
  for (let count = reader.number(); count > 0; count--) {
    const name = reader.text();
    const kind = reader.byte();
    const index = reader.number();
    if (kind === 0) names.set(index, name);
  }
  return names;
}

/** The instructions of one function as { op, sub, jumpsBack, calls }, in the order in which they stand. */
function instructionsOf(reader, end) {
  for (let groups = reader.number(); groups > 0; groups--) {
    reader.number();
    reader.byte();
  }
  const instructions = [];
  const labels = [{ loop: false }];
  const target = depth => labels[labels.length - 1 - depth]?.loop ?? false;
  while (reader.at < end) {
    const op = reader.byte();
    const instruction = { op, sub: -1, jumpsBack: false, calls: -1 };
    instructions.push(instruction);
    if (op >= 0x02 && op <= 0x04) {
      reader.number();
      labels.push({ loop: op === LOOP });
    } else if (op === 0x0b) labels.pop();
    else if (op === 0x0c || op === 0x0d) instruction.jumpsBack = target(reader.number());
    else if (op === 0x0e) throw new Error('the kernel has a br_table, which this check does not follow');
    else if (op === 0x10) instruction.calls = reader.number();
    else if (op >= 0x20 && op <= 0x24) reader.number();
    else if (op === 0x11 || (op >= 0x28 && op <= 0x3e)) {
      reader.number();
      reader.number();
    } else if (op === 0x3f || op === 0x40 || op === 0x41 || op === 0x42) reader.number();
    else if (op === 0x43) reader.at += 4;
    else if (op === 0x44) reader.at += 8;
    else if (op === 0xfc) {
      instruction.sub = reader.number();
      if (instruction.sub > 7) throw new Error(`the kernel has a bulk instruction 0xfc ${instruction.sub}`);
    } else if (op === 0xfe) {
      instruction.sub = reader.number();
      if (instruction.sub === 0x03) reader.byte();
      else {
        reader.number();
        reader.number();
      }
    } else if (op > 0xc4 || (op > 0x11 && op < 0x1a) || op === 0x1c)
      throw new Error(`the kernel has an instruction 0x${op.toString(16)}, which this check does not know`);
  }
  return instructions;
}

const isCompareAndSwap = ({ op, sub }) => op === 0xfe && sub >= 0x48 && sub <= 0x4e;
const isPlainStore = ({ op }) => op >= 0x36 && op <= 0x3e;
const isAtomicStore = ({ op, sub }) => op === 0xfe && sub >= 0x17 && sub <= 0x1d;

/** Loads but no more: whatever else is atomic writes, or orders what others write. */
const writes = instruction =>
  isPlainStore(instruction) ||
  (instruction.op === 0xfe && !(instruction.sub >= 0x10 && instruction.sub <= 0x16)) ||
  (instruction.op === 0xfc && instruction.sub >= 0);

/** `functions`: name and instructions of each, by its index. */
function checkGlobals(functions) {
  const haveGlobals = functions.map(([, instructions]) =>
    instructions.some(({ op }) => GLOBALS.includes(op)),
  );
  functions.forEach(([name, instructions], index) => {
    if (haveGlobals[index] && instructions.some(writes))
      throw new Error(`kernel function ${name}: a global in a function that writes to the memory`);
    // What is called by way of a table could be any.
    const meets = ({ op, calls }) =>
      CALLS.includes(op) && (haveGlobals[index] || (haveGlobals[calls] ?? haveGlobals.includes(true)));
    if (instructions.some(meets))
      throw new Error(`kernel function ${name}: a call with a global on one of its sides`);
  });
}

function checkSection(name, instructions) {
  const first = instructions.findIndex(isCompareAndSwap);
  const last = instructions.findLastIndex(isAtomicStore);
  if (first < 0 || last < first) return false;
  for (const { op, jumpsBack } of instructions.slice(first, last + 1)) {
    if (op === LOOP) throw new Error(`kernel function ${name}: a loop inside a section`);
    if (jumpsBack) throw new Error(`kernel function ${name}: a jump backwards inside a section`);
    if (CALLS.includes(op)) throw new Error(`kernel function ${name}: a call inside a section`);
    if (TRAPS.includes(op))
      throw new Error(`kernel function ${name}: 0x${op.toString(16)} can trap inside a section`);
  }
  if (instructions.slice(0, first).some(isPlainStore) || instructions.slice(last + 1).some(isPlainStore))
    throw new Error(`kernel function ${name}: a plain store outside of its section`);
  return true;
}

/** Throws when a rule is broken; otherwise returns the names of the functions that have a section. */
export function checkKernel(bytes) {
  const sections = sectionsOf(bytes);
  for (const forbidden of ['start', 'data'])
    if (sections.has(SECTION[forbidden])) throw new Error(`the kernel has a ${forbidden} section`);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  if (imports.length !== 1 || imports[0].kind !== 'memory')
    throw new Error(
      `the kernel imports ${imports.map(({ name }) => name).join(', ')}, allowed is the memory`,
    );
  const names = exportedNames(sections.get(SECTION.export));
  const code = sections.get(SECTION.code);
  const checked = [];
  const functions = [];
  const count = code.number();
  for (let index = 0; index < count; index++) {
    const size = code.number();
    const name = names.get(index) ?? `#${index}`;
    const body = new Bytes(code.bytes, code.at);
    const instructions = instructionsOf(body, code.at + size);
    functions.push([name, instructions]);
    if (checkSection(name, instructions)) checked.push(name);
    code.at += size;
  }
  checkGlobals(functions);
  return checked;
}
