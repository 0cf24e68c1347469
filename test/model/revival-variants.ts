// What is broken on purpose about series that are left out of a collection and recorded into again.
import type { Variant } from './variant.js';

const COLLECT = 'lib/memory/kernel/collect.as.ts';
const RECLAIM = 'lib/memory/kernel/reclaim.as.ts';

const BEGINS = '        if (isNew) beginLife(slot, record, aggregation, now);\n';
const CLEARS =
  '        zeroGroup(totals + offset + HISTOGRAM_HEAD_SIZE + (cleared << 3));\n        cleared += 8;\n';

export const REVIVALS: readonly Variant[] = [
  {
    name: 'a series that was left out comes back with its total',
    edits: [{ file: COLLECT, from: BEGINS, to: '        if (isNew) store<i64>(record + SLOT_MARK, 0);\n' }],
    scenarios: ['reviving'],
  },
  {
    name: 'a series that was left out comes back with its start',
    edits: [
      {
        file: COLLECT,
        from: '    atomic.store<i64>(record + SLOT_START, reinterpret<i64>(start));\n',
        to: '',
      },
    ],
    scenarios: ['reviving'],
  },
  {
    name: 'an overflow series that was left out comes back with its total',
    edits: [
      {
        file: COLLECT,
        from: BEGINS,
        to: '        if (isNew && slot >= 2) beginLife(slot, record, aggregation, now);\n        else store<i64>(record + SLOT_MARK, 0);\n',
      },
    ],
    scenarios: ['revivingOverflow'],
  },
  {
    name: "a histogram's new life has the buckets of the last one",
    edits: [{ file: COLLECT, from: CLEARS, to: '        cleared += 8;\n' }],
    scenarios: ['revivingHistogram'],
  },
  {
    name: "a histogram's new life begins before its buckets are empty",
    edits: [
      {
        file: COLLECT,
        from: '  let cleared: usize = 0, moved',
        to: '  let began = false, cleared: usize = 0, moved',
      },
      {
        file: COLLECT,
        from: 'isNew = beginsAnew(slot, record);',
        to: 'isNew = began || beginsAnew(slot, record);',
      },
      {
        file: COLLECT,
        from: CLEARS,
        to: `if (began) {\n${CLEARS}} else {\nbeginLife(slot, record, aggregation, now);\nbegan = true;\n}\n`,
      },
      { file: COLLECT, from: BEGINS, to: '' },
      {
        file: COLLECT,
        from: '          cleared = 0;\n',
        to: '          cleared = 0;\n          began = false;\n',
      },
    ],
    scenarios: ['revivingHistogramAfterKill'],
  },
  {
    name: 'a gauge that was left out goes on from its last value',
    edits: [
      {
        file: RECLAIM,
        from: '        if (isGauge) atomic.store<i32>(gauge + GAUGE_CURRENT_KIND, GAUGE_ABSENT);\n',
        to: '',
      },
    ],
    scenarios: ['revivingGauge'],
  },
  {
    name: 'a gauge is left out while somebody writes it',
    edits: [
      {
        file: RECLAIM,
        from: '(!(<i32>lock & 1) && atomic.cmpxchg<i64>(gauge, lock, lock + 1) == lock)',
        to: 'lock >= 0',
      },
      { file: RECLAIM, from: '      if (isGauge) atomic.store<i64>(gauge, lock + 2);\n', to: '' },
    ],
    scenarios: ['revivingGauge'],
  },
  {
    name: 'a gauge is left out although it was written since the swap',
    edits: [
      {
        file: RECLAIM,
        from: 'if (!isGauge || atomic.load<i64>(gauge + GAUGE_EPOCH) <= epoch) {',
        to: '{',
      },
    ],
    scenarios: ['revivingGauge'],
  },
  {
    name: 'a series is dead before its stream knows when it ended',
    edits: [{ file: RECLAIM, from: '        if (end == SLOT_DEAD) {\n', to: '        if (false) {\n' }],
    scenarios: ['reviving'],
  },
];
