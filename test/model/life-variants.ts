// What is broken on purpose about the lives of series: how they come to exist, and how they are removed.
import type { Variant } from './variant.js';

const ADMIT = 'lib/memory/kernel/admit.as.ts';
const RECLAIM = 'lib/memory/kernel/reclaim.as.ts';
const COLLECT = 'lib/memory/kernel/collect.as.ts';
const PLACES = 'lib/store/record/series-places.ts';

const RECORD = 'lib/memory/kernel/record.as.ts';
const CELLS = 'lib/memory/kernel/cells.as.ts';

export const LIVES: readonly Variant[] = [
  {
    name: 'a record notes a series again that was made to exist',
    edits: [{ file: RECORD, from: 'if (reinterpret<i64>(count) == 0) note(', to: 'note(' }],
    scenarios: ['initializing'],
  },
  {
    name: 'a series is made to exist although it has records',
    edits: [{ file: RECORD, from: 'if (load<i64>(cell) == 0) {', to: '{' }],
    scenarios: ['initializing'],
  },
  {
    name: 'a series that exists without a record has a least value',
    edits: [{ file: CELLS, from: 'if (count != 0.0) {', to: '{' }],
    scenarios: ['initializing'],
  },
  {
    name: 'a series that exists without a record is not in the totals',
    edits: [{ file: CELLS, from: 'store<f64>(to, sum == 0.0 ? -0.0 : sum);', to: 'store<f64>(to, sum);' }],
    scenarios: ['initializingAlone'],
  },
  {
    name: 'a removed series is gone at once',
    edits: [{ file: ADMIT, from: 'generation | SLOT_LEAVING)', to: 'generation | 6)' }],
    scenarios: ['removing'],
  },
  {
    name: 'a removed series is gone without the cut in between',
    edits: [
      {
        file: RECLAIM,
        from: '        store<i64>(record + SLOT_MARK, epoch);\n',
        to: '        store<i64>(record + SLOT_MARK, state == SLOT_LIVE ? epoch : epoch - 1);\n',
      },
      {
        file: 'lib/memory/reclaim.ts',
        from: 'isOurs = kernel.retire(right, slot) !== words.LOST;\n      continue;',
        to: 'isOurs = kernel.retire(right, slot) !== words.LOST;\n      if (state === words.SLOT_LIVE) continue;',
      },
    ],
    scenarios: ['removing'],
  },
  {
    name: 'a removed series is gone although a reader of deltas has something of it',
    edits: [{ file: RECLAIM, from: '    if (!(\n', to: '    if (state == SLOT_LEFT || !(\n' }],
    scenarios: ['removing'],
  },
  {
    name: 'a drain brings a removed series back to life',
    edits: [
      {
        file: COLLECT,
        from: '  if ((word & SLOT_STATE_MASK) == SLOT_RETIRING)\n    atomic.cmpxchg<i32>',
        to: '  if ((word & SLOT_STATE_MASK) >= SLOT_RETIRING)\n    atomic.cmpxchg<i32>',
      },
    ],
    scenarios: ['removing'],
  },
  {
    name: 'the place of a removed series is given back twice',
    edits: [{ file: RECLAIM, from: '      if (state == SLOT_DEAD)\n', to: '' }],
    scenarios: ['removing'],
  },
  {
    name: 'who found a stream full does not hear that there is room',
    edits: [
      {
        file: ADMIT,
        from: 'if (admitted >= load<i32>(entry + STREAM_LIMIT)) if (elsewhere',
        to: 'if (admitted > load<i32>(entry + STREAM_LIMIT)) if (elsewhere',
      },
    ],
    scenarios: ['removingFull'],
  },
  {
    name: 'who found a stream full looks at the overflow series afterwards',
    edits: [
      {
        file: PLACES,
        from: 'return { slot: index, live, isFirst };',
        to: 'return { ...this.overflow(), isFirst };',
      },
    ],
    scenarios: ['removingFull'],
  },
  {
    name: 'who found a stream full, and its own series gone, goes to the overflow series',
    edits: [
      {
        file: PLACES,
        from: '        if (slotWord(region, index) !== elsewhere) continue;\n',
        to: '',
      },
    ],
    scenarios: ['removingTwin'],
  },
  {
    name: 'the place of a removed series is not given back',
    edits: [{ file: ADMIT, from: 'atomic.store<i32>(entry + STREAM_ADMITTED, admitted - 1);', to: '' }],
    scenarios: ['removing'],
  },
  {
    name: 'the next life of a removed series may have the same start time',
    edits: [
      {
        file: ADMIT,
        from: '        store<f64>(entry + STREAM_BURIED_AT, max<f64>(end, load<f64>(entry + STREAM_BURIED_AT)));\n',
        to: '        atomic.store<i32>(REMOVAL_USED, 1);\n',
      },
    ],
    scenarios: ['removing'],
  },
  {
    name: 'whether a removed series was shown is looked up before it leaves',
    edits: [
      {
        file: ADMIT,
        from: '  let answer = NOT_FOUND;\n  if (word == live ||',
        to: '  let answer = NOT_FOUND;\n  const early = atomic.load<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3));\n  if (word == live ||',
      },
      { file: ADMIT, from: 'if (seen != 0)', to: 'if (early != 0)' },
    ],
    scenarios: ['removing'],
  },
];
