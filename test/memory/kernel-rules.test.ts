// Goal: the build refuses a kernel in which a thread could be stopped inside a section, or one that writes outside of it.
// The kernels are the shipped one with one line more.
import { expect } from 'chai';
import { KERNEL_BASE64 } from '../../lib/memory/kernel-binary.js';
import { checkKernel } from '../../scripts/check-kernel.mjs';
import { compileKernels } from '../model/shipped-sources.js';

const file = 'lib/memory/kernel/right.as.ts';
const hash = 'lib/memory/kernel/hash.as.ts';
const HASHED = '  const half = index < 2 ? key0 : key1;\n';
const ENTER = '  if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;\n';
const LEAVE = '  leave(word);\n  return DONE;\n';
const PUT = '  store<i32>(<usize>generation, 7);\n';

/** What is put where, and what the check says of it. */
const BROKEN = [
  [
    'mutants: a plain store after the last atomic one of a section',
    LEAVE,
    `  leave(word);\n${PUT}  return DONE;\n`,
    'beat: a plain store outside',
  ],
  ['a plain store before a section', ENTER, `${PUT}${ENTER}`, 'beat: a plain store outside'],
  [
    'a loop inside a section',
    LEAVE,
    `  for (let at = generation; at > 0; at -= 8) store<i32>(<usize>at, load<i32>(<usize>at + 4));\n${LEAVE}`,
    'beat: a loop inside',
  ],
  [
    'an instruction that can trap inside a section',
    LEAVE,
    `  store<i32>(8, load<i32>(16) / generation);\n${LEAVE}`,
    'beat: 0x6d can trap inside',
  ],
  [
    'a section that rests on what each thread has for itself',
    ENTER,
    `${ENTER}  own += 1;\n  store<i32>(8, own);\n`,
    'beat: a global in a function that writes',
  ],
  [
    'a section that rests on it by way of a call',
    ENTER,
    `  const mine = next() + next();\n${ENTER}  store<i32>(8, mine);\n`,
    'beat: a call with a global',
  ],
  [
    'who has it and calls another one that writes',
    HASHED,
    `  put(index);\n  put(<i32>key0);\n${HASHED}`,
    'hashWord: a call with a global',
  ],
] as const;
/** Too long, or calling itself, so that it is not put in its callers' place. */
const HELPERS = [
  {
    file,
    from: 'export function giveRight',
    to: `let own: i32 = 0;\nfunction next(): i32 { ${'own = own * 31 ^ (own >> 7);'.repeat(20)} return own; }\nexport function giveRight`,
  },
  {
    file: hash,
    from: '/** Begins a key.',
    to: 'function put(at: i32): void { store<i32>(8, at); if (at & 8) { put(at + 1); put(at + 2); } }\n/** Begins a key.',
  },
];

describe('the rules that the build checks of the kernel', () => {
  let kernels: string[];

  before(async function () {
    this.timeout(300_000);
    kernels = await compileKernels(
      BROKEN.map(([, from, to]) => [{ file: from === HASHED ? hash : file, from, to }, ...HELPERS]),
    );
  });

  it('should hold in the shipped one', () => {
    expect(checkKernel(Buffer.from(KERNEL_BASE64, 'base64'))).to.include.members([
      'beat',
      'quiesce',
      'claimPlane',
    ]);
  });

  BROKEN.forEach(([name, , , message], index) =>
    it(`should refuse ${name}`, () => {
      expect(() => checkKernel(Buffer.from(kernels[index] ?? '', 'base64'))).to.throw(message);
    }),
  );
});
