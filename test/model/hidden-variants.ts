// What is broken on purpose about hidden streams, and about what is given back from before the store.
import type { Variant } from './variant.js';

const PLACES = 'lib/store/collect/hidden-places.ts';
const RECLAIM = 'lib/memory/kernel/reclaim.as.ts';
const RESTORE = 'lib/memory/kernel/restore.as.ts';

export const HIDDEN_AND_RESTORED: readonly Variant[] = [
  {
    name: 'nobody looks whether the value still has its place when its series is there',
    edits: [
      {
        file: 'lib/store/record/admit-within.ts',
        from: 'if (holders.has(holder)) return place;',
        to: 'return place;',
      },
    ],
    scenarios: ['hidden'],
  },
  {
    name: 'a value counts as having its place while another one has it',
    edits: [
      {
        file: 'lib/store/record/series-places.ts',
        from: 'return slotWord(region, slot) === live ||',
        to: 'return (slotWord(region, slot) & 7) === (live & 7) ||',
      },
    ],
    scenarios: ['hiddenThree'],
  },
  {
    name: 'who needs a place is looked for before it is marked',
    edits: [
      {
        file: PLACES,
        from: '    const marked: MarkedPlace[] = [];\n    for (const slots of',
        to: '    const needed = await findNeeded([]);\n    const marked: MarkedPlace[] = [];\n    for (const slots of',
      },
      {
        file: PLACES,
        from: '    const needed = await findNeeded(asked.map(({ text }) => text).filter(text => text !== undefined));\n',
        to: '',
      },
    ],
    scenarios: ['hidden'],
  },
  {
    name: 'a place is given back although somebody needed it and it was asked for again',
    edits: [{ file: PLACES, from: ' || markOf(region, slot) !== mark', to: '' }],
    scenarios: ['hiddenTwice'],
  },
  {
    name: 'a collection takes a marked place for an idle series',
    edits: [
      {
        file: RECLAIM,
        from: ' && load<i32>(streamOf(recordAt(slot)) + STREAM_HIDDEN) == 0',
        to: '',
      },
    ],
    scenarios: ['hiddenNeeded'],
  },
  {
    name: 'totals are given back over what was drained',
    edits: [
      {
        file: RESTORE,
        from: 'return atomic.load<i64>(EPOCH) == 0\n    && ',
        to: 'return ',
      },
      {
        file: RESTORE,
        from: '\n    && load<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3)) == 0;',
        to: ';',
      },
    ],
    scenarios: ['restoring'],
  },
  {
    name: 'a gauge is given back to what readers see, and not to its cell',
    edits: [
      {
        file: RESTORE,
        from: '          atomic.store<i64>(gauge + GAUGE_CURRENT, reinterpret<i64>(value));\n          atomic.store<i32>(gauge + GAUGE_CURRENT_KIND, kind);\n',
        to: '',
      },
    ],
    scenarios: ['restoringGauge'],
  },
  {
    name: 'a gauge is given back although it was written',
    edits: [
      { file: RESTORE, from: 'if (!isGauge || atomic.load<i64>(gauge + GAUGE_EPOCH) == 0) {', to: '{' },
    ],
    scenarios: ['restoringGauge'],
  },
  {
    name: 'a gauge is given back while somebody writes it',
    edits: [
      {
        file: RESTORE,
        from: '(!(<i32>lock & 1) && atomic.cmpxchg<i64>(gauge, lock, lock + 1) == lock)',
        to: 'lock >= 0',
      },
      { file: RESTORE, from: '      if (isGauge) atomic.store<i64>(gauge, lock + 2);\n', to: '' },
    ],
    scenarios: ['restoringGauge'],
  },
  {
    name: 'what is given back was last used when it began',
    edits: [
      {
        file: RESTORE,
        from: '        store<f64>(record + SLOT_USED, used);\n',
        to: '        store<f64>(record + SLOT_USED, -9.0);\n',
      },
    ],
    scenarios: ['restoring'],
  },
  {
    name: 'what is given back has the start of the store',
    edits: [
      {
        file: RESTORE,
        from: '        atomic.store<i64>(record + SLOT_START, reinterpret<i64>(start));\n',
        to: '',
      },
    ],
    scenarios: ['restoring'],
  },
];
