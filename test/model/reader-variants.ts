// What is broken on purpose about gauges, and about what delta readers are handed.
import type { Variant } from './variant.js';

const RECORD = 'lib/memory/kernel/record.as.ts';
const COLLECT = 'lib/memory/kernel/collect.as.ts';
const PLANES = 'lib/memory/planes.ts';

export const READERS_AND_GAUGES: readonly Variant[] = [
  {
    name: "a gauge's writer reads EPOCH before it takes the lock",
    edits: [
      {
        file: RECORD,
        from: 'cell: usize, operation: i32, value: f64): i32 {\n  // EPOCH is read inside the lock: read before it, a late writer would put an old epoch over a newer one.\n  const epoch = atomic.load<i64>(EPOCH);',
        to: 'cell: usize, operation: i32, value: f64, epoch: i64): i32 {',
      },
      {
        file: RECORD,
        from: '  const lock = atomic.load<i64>(cell);',
        to: '  const epoch = atomic.load<i64>(EPOCH);\n  const lock = atomic.load<i64>(cell);',
      },
      {
        file: RECORD,
        from: 'answer = writeGauge(stripe, slot, live, cell, operation, value);',
        to: 'answer = writeGauge(stripe, slot, live, cell, operation, value, epoch);',
      },
      {
        file: RECORD,
        from: '<usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE, operation, value);',
        to: '<usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE, operation, value, atomic.load<i64>(EPOCH));',
      },
    ],
    scenarios: ['addingGauge'],
  },
  {
    name: "a gauge's value at the cut is the current one",
    edits: [
      { file: COLLECT, from: 'newer ? previous : current', to: 'current' },
      { file: COLLECT, from: 'newer ? previousKind : kind', to: 'kind' },
    ],
    scenarios: ['settingGauges', 'addingGauge'],
  },
  {
    name: 'what a delta reader exported in vain does not come again',
    edits: [{ file: PLANES, from: 'arrived ? words.DROP : words.MERGE', to: 'words.DROP' }],
    scenarios: ['exports'],
  },
  {
    name: 'a delta reader seals the other half without emptying it',
    edits: [
      {
        file: PLANES,
        from: 'if (this.serves(lease) && !this.#empty(right, this.#active() ^ 1, how)) return words.LOST;',
        to: '',
      },
    ],
    scenarios: ['exports'],
  },
];
