// What is broken on purpose about the places of delta readers.
import type { Variant } from './variant.js';

const COLLECT = 'lib/memory/kernel/collect.as.ts';
const PLACES = 'lib/memory/kernel/planes.as.ts';

export const LEASES: readonly Variant[] = [
  {
    name: 'a place is served from the moment it is claimed',
    edits: [
      {
        file: PLACES,
        from: '  atomic.store<i32>(plane + PLANE_LIVES, 0);\n',
        to: '  atomic.store<i32>(plane + PLANE_LIVES, 0);\n  store<i32>(plane + PLANE_SERVED, number);\n',
      },
    ],
    scenarios: ['opening'],
  },
  {
    name: 'a drain looks at the lease again in each step',
    edits: [
      {
        file: PLACES,
        from: '  return load<i32>(plane + PLANE_SERVED) > 0;',
        to: `  const lease = atomic.load<i64>(plane + PLANE_LEASE);
  return load<i32>(plane + PLANE_SERVED) > 0 && (<i32>lease & LEASE_STATE_MASK) == LEASED;`,
      },
    ],
    scenarios: ['closing'],
  },
  {
    name: 'who is served is decided before the swap',
    edits: [
      {
        file: COLLECT,
        from: '    store<f64>(SWAPPED_AT, now);\n    atomic',
        to: '    store<f64>(SWAPPED_AT, now);\n    prepare(0);\n    atomic',
      },
      {
        file: COLLECT,
        from: 'const ready = i32(prepare(0)) & i32(prepare(1)) & i32(prepare(2)) & i32(prepare(3));',
        to: 'const ready = 1;',
      },
    ],
    scenarios: ['opening'],
  },
  {
    name: 'what a former reader left is not emptied',
    edits: [{ file: PLACES, from: 'load<i64>(plane + PLANE_COUNTS) == 0;', to: 'true;' }],
    scenarios: ['mergingKilled'],
  },
  {
    name: 'of what a former reader left only the noted half is emptied',
    edits: [{ file: PLACES, from: 'if (how == DROP_LEFT_OVER) zeroGroup(target + at);', to: '' }],
    scenarios: ['mergingKilled'],
  },
  {
    name: 'a lease ends although its reader collected since it was looked at',
    edits: [{ file: PLACES, from: '<i64>(<u32>lease + LEASE_BEAT)', to: '<i64>(<u32>lease)' }],
    scenarios: ['idle'],
  },
  {
    name: "a new lease is judged by its predecessor's time",
    edits: [{ file: PLACES, from: 'lease | LEASE_CLAIMED)', to: 'lease | LEASED)' }],
    scenarios: ['claiming'],
  },
];
