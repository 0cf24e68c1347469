// The shipped steps, broken on purpose, one thing at a time. Each must be caught by one of its scenarios: otherwise the
// exploration proves nothing. An edit that matches nothing is an error, so the list cannot outlive the code.
import { COPIES } from './copy-variants.js';
import { LEASES } from './lease-variants.js';
import { READERS_AND_GAUGES } from './reader-variants.js';
import { LIVES } from './life-variants.js';
import { HIDDEN_AND_RESTORED } from './hidden-variants.js';
import { REVIVALS } from './revival-variants.js';
import type { Variant } from './variant.js';

const RECORD = 'lib/memory/kernel/record.as.ts';
const COLLECT = 'lib/memory/kernel/collect.as.ts';
const ADMIT = 'lib/memory/kernel/admit.as.ts';
const RECLAIM = 'lib/memory/kernel/reclaim.as.ts';
const SWAP = 'lib/memory/swap.ts';
const RIGHT = 'lib/memory/kernel/right.as.ts';

const BANK = '  const bank = <usize>(atomic.load<i32>(EPOCH) & 1);\n';
const ADD = 'export function add(stripe: usize, slot: usize, live: i32, value: f64): i32 {\n';
const ANNOUNCE = `  const word = atomic.load<i64>(stripe);
  if (<i32>word & 1) return BUSY;
  if (atomic.cmpxchg<i64>(stripe, word, word + 1) != word) return BUSY;
`;
const WHY_AFTER =
  '  // Atomic, and after the announcement: a collector that swaps in between finds the word odd and waits.\n';

const SWAP_AND_DRAIN: readonly Variant[] = [
  {
    name: 'the bank is chosen before the announcement',
    edits: [{ file: RECORD, from: `${ADD}${ANNOUNCE}${WHY_AFTER}${BANK}`, to: `${ADD}${BANK}${ANNOUNCE}` }],
    scenarios: ['smallPair'],
  },
  {
    name: 'the drain does not wait for the writers',
    edits: [{ file: SWAP, from: "if (settled !== 'settled') return settled;", to: '' }],
    scenarios: ['smallPair'],
  },
  {
    name: 'at the deadline the stripes that have settled are drained',
    edits: [
      {
        file: SWAP,
        from: "if (now > deadline) return 'stalled';",
        to: "if (now > deadline) return 'settled';",
      },
      {
        file: SWAP,
        from: '      let answer = words.MORE;\n',
        to: '      if (this.#stripeWord(index) & 1n) continue;\n      let answer = words.MORE;\n',
      },
    ],
    scenarios: ['smallPair'],
  },
  {
    name: 'a swap before an interrupted drain is finished',
    edits: [
      {
        file: COLLECT,
        from: '  if (!open) {\n    store<f64>(SWAPPED_AT',
        to: '  {\n    store<f64>(SWAPPED_AT',
      },
      {
        file: SWAP,
        from: 'if (Atomics.load(i64, words.DRAINED / 8) === epoch) {',
        to: 'if (!swapped || Atomics.load(i64, words.DRAINED / 8) === epoch) {',
      },
    ],
    scenarios: ['smallPair', 'killed'],
  },
  {
    name: "a collection that pays another's debt does not swap again",
    edits: [
      {
        file: SWAP,
        from: 'for (let swapped = false; ;) {',
        to: 'for (let swapped = Atomics.load(i64, words.DRAINED / 8) !== this.epoch(); ;) {',
      },
    ],
    scenarios: ['smallPair', 'killed'],
  },
  {
    name: 'QUIESCED is set before the wait',
    edits: [
      {
        file: SWAP,
        from: '        const settled = await',
        to: "        if (!this.#beginDrain(generation)) return 'lost';\n        const settled = await",
      },
    ],
    scenarios: ['smallPair', 'killed'],
  },
  {
    name: 'a cell is added and zeroed in two sections',
    edits: [
      {
        file: COLLECT,
        from: '  scalarToPlane(3, slot, value);\n  store<i64>(cell, 0);',
        to: '  scalarToPlane(3, slot, value);',
      },
      {
        file: COLLECT,
        from: '          drainSum(scalars + (slot << 3), slot);\n          store<u32>(counts, <u32>(count - 1));',
        to: `        if (moved == 0) {
          drainSum(scalars + (slot << 3), slot);
          moved = 1;
        } else {
          store<i64>(scalars + (slot << 3), 0);
          store<u32>(counts, <u32>(count - 1));
          moved = 0;
        }`,
      },
    ],
    scenarios: ['killed'],
  },
  {
    name: 'a group of buckets is added and zeroed in two sections',
    edits: [
      {
        file: COLLECT,
        from: `          addGroup(from, totals + at);
          groupToPlane(0, from, at);
          groupToPlane(1, from, at);
          groupToPlane(2, from, at);
          groupToPlane(3, from, at);
          zeroGroup(from);
          moved += 8;`,
        to: `          if (moved == 0) {
            addGroup(from, totals + at);
            groupToPlane(0, from, at);
            groupToPlane(1, from, at);
            groupToPlane(2, from, at);
            groupToPlane(3, from, at);
            moved = 1;
          } else {
            zeroGroup(from);
            moved = 8;
          }`,
      },
      {
        file: COLLECT,
        from: '          const at = offset + HISTOGRAM_HEAD_SIZE + (moved << 3);\n',
        to: '          const at = offset + HISTOGRAM_HEAD_SIZE;\n',
      },
    ],
    scenarios: ['histogramTakeover'],
  },
  {
    name: 'a step does not compare the generation of the right',
    edits: [
      {
        file: RIGHT,
        from: 'return <i32>(word >> 32) == generation && (<i32>word & (RIGHT_INSIDE | RIGHT_HELD)) == RIGHT_HELD;',
        to: 'return (<i32>word & (RIGHT_INSIDE | RIGHT_HELD)) == RIGHT_HELD;',
      },
    ],
    scenarios: ['asleep'],
  },
  {
    name: 'the right is taken without a new generation',
    edits: [{ file: RIGHT, from: '<u32>(word >> 32) + 1;', to: '<u32>(word >> 32);' }],
    scenarios: ['asleep'],
  },
  {
    name: 'a reading counts although the right was lost meanwhile',
    edits: [
      {
        file: SWAP,
        from: 'if (value === undefined || this.#region.kernel.beat(generation) === words.LOST) {',
        to: 'if (value === undefined) {',
      },
    ],
    scenarios: ['asleepTwo'],
  },
];

const ADMISSION_AND_RECLAIM: readonly Variant[] = [
  {
    name: 'a series is admitted although the tables changed since the search',
    edits: [
      {
        file: ADMIT,
        from: `  const totals = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS);
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return RETRY;`,
        to: `  const totals = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS);
  atomic.cmpxchg<i64>(ADMISSION, before, before + 1);`,
      },
    ],
    scenarios: ['sameKey', 'twoKeys'],
  },
  {
    name: 'the limit is read before the section that counts',
    edits: [
      {
        file: ADMIT,
        from: `  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return RETRY;
  let answer: f64 = LIMIT_REACHED;
  const admitted = atomic.load<i32>(entry + STREAM_ADMITTED);`,
        to: `  const admitted = atomic.load<i32>(entry + STREAM_ADMITTED);
  const now = atomic.load<i64>(ADMISSION);
  if (<i32>now & 1) return RETRY;
  if (atomic.cmpxchg<i64>(ADMISSION, now, now + 1) != now) return RETRY;
  let answer: f64 = LIMIT_REACHED;`,
      },
    ],
    scenarios: ['twoKeys', 'sameKey'],
  },
  {
    name: 'a permit is taken before the section, and given back on failure',
    edits: [
      {
        file: ADMIT,
        from: `  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return RETRY;
  let answer: f64 = LIMIT_REACHED;
  const admitted = atomic.load<i32>(entry + STREAM_ADMITTED);
  if (admitted < load<i32>(entry + STREAM_LIMIT)) {`,
        to: `  const admitted = atomic.load<i32>(entry + STREAM_ADMITTED);
  if (admitted >= load<i32>(entry + STREAM_LIMIT)) return LIMIT_REACHED;
  if (atomic.cmpxchg<i32>(entry + STREAM_ADMITTED, admitted, admitted + 1) != admitted) return RETRY;
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) {
    atomic.store<i32>(entry + STREAM_ADMITTED, atomic.load<i32>(entry + STREAM_ADMITTED) - 1);
    return RETRY;
  }
  let answer: f64 = LIMIT_REACHED;
  if (true) {`,
      },
      { file: ADMIT, from: '        atomic.store<i32>(entry + STREAM_ADMITTED, admitted + 1);\n', to: '' },
    ],
    scenarios: ['twoKeys', 'sameKey'],
  },
  {
    name: 'a slot is live before its definition is there',
    edits: [
      {
        file: ADMIT,
        from: '        const record = slotTable + <usize>slot * SLOT_SIZE;\n',
        to: `        const record = slotTable + <usize>slot * SLOT_SIZE;
        atomic.store<i32>(<usize>load<u32>(LAYOUT_SLOT_WORDS) + (<usize>slot << 2), SLOT_LIVE);
`,
      },
      {
        file: ADMIT,
        from: '        } else atomic.store<i32>(SLOTS_USED, used + 1);\n        store<i32>(record + SLOT_KEY, a);',
        to: '        }\n        if (freeSlot == 0) atomic.store<i32>(SLOTS_USED, used + 1);\n        store<i32>(record + SLOT_KEY, a);',
      },
    ],
    scenarios: ['catalog'],
  },
  {
    name: 'full is decided after the search',
    edits: [
      {
        file: 'lib/store/record/series-places.ts',
        from: 'const isFull = streamAdmitted(region, index) >= this.#limit;\n      const found = region.kernel.find(a, b, c, d);',
        to: 'const found = region.kernel.find(a, b, c, d);\n      const isFull = streamAdmitted(region, index) >= this.#limit;',
      },
    ],
    scenarios: ['sameKey'],
  },
  {
    name: "a slot's word is looked at before the bank is chosen",
    edits: [
      {
        file: RECORD,
        from: `${WHY_AFTER}${BANK}`,
        to: `  const fits = wordOf(slot) == live;\n${BANK}`,
      },
      {
        file: RECORD,
        from: '    if (wordOf(slot) == live) {\n      addTo(',
        to: '    if (fits) {\n      addTo(',
      },
    ],
    scenarios: ['expiring'],
  },
  {
    name: 'a series dies although a writer revives it in the same moment',
    edits: [
      {
        file: RECLAIM,
        from: 'if (atomic.cmpxchg<i32>(at, word, (word & ~SLOT_STATE_MASK) | end) == word) {',
        to: '{ atomic.store<i32>(at, (word & ~SLOT_STATE_MASK) | end);',
      },
    ],
    scenarios: ['expiring'],
  },
  {
    name: 'a drain does not bring a touched series back to life',
    edits: [
      {
        file: COLLECT,
        from: '  if ((word & SLOT_STATE_MASK) == SLOT_RETIRING)\n    atomic.cmpxchg<i32>',
        to: '  if ((word & SLOT_STATE_MASK) == SLOT_DEAD_NEVER)\n    atomic.cmpxchg<i32>',
      },
      {
        file: COLLECT,
        from: '@inline\nfunction touch(',
        to: 'const SLOT_DEAD_NEVER: i32 = 7;\n\n@inline\nfunction touch(',
      },
    ],
    scenarios: ['expiring'],
  },
  {
    name: 'a slot is freed without a new generation',
    edits: [
      {
        file: RECLAIM,
        from: '(word & ~SLOT_STATE_MASK) + SLOT_GENERATION);\n      if',
        to: 'word & ~SLOT_STATE_MASK);\n      if',
      },
    ],
    scenarios: ['expiringReused'],
  },
  {
    name: 'a slot is freed with its total',
    edits: [
      { file: RECLAIM, from: '  store<i64>(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), 0);\n', to: '' },
    ],
    scenarios: ['expiringReused'],
  },
  {
    name: 'a reused slot keeps since when it had data',
    edits: [
      {
        file: RECLAIM,
        from: '  store<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3), 0);\n',
        to: '',
      },
    ],
    scenarios: ['expiringReused'],
  },
  {
    name: 'a series dies at once, without the cut in between',
    edits: [
      {
        file: RECLAIM,
        from: '        store<i64>(record + SLOT_MARK, epoch);\n',
        to: '        store<i64>(record + SLOT_MARK, epoch - 1);\n',
      },
      {
        file: 'lib/memory/reclaim.ts',
        from: 'isOurs = kernel.retire(right, slot) !== words.LOST;\n      continue;',
        to: 'isOurs = kernel.retire(right, slot) !== words.LOST;',
      },
    ],
    scenarios: ['expiring'],
  },
];

export const VARIANTS: readonly Variant[] = [
  ...SWAP_AND_DRAIN,
  ...READERS_AND_GAUGES,
  ...LEASES,
  ...ADMISSION_AND_RECLAIM,
  ...LIVES,
  ...REVIVALS,
  ...HIDDEN_AND_RESTORED,
  ...COPIES,
];
