// Goal: from its first compare-and-swap to its end, a section of the collector has the right to itself: nobody may take it
// over, however long the thread stands still. Method: each section is interpreted up to that instruction.
import { expect } from 'chai';
import { explicitHistogram, GAUGE } from '../../lib/memory/aggregation.js';
import * as words from '../../lib/memory/words.js';
import { readSources, readText } from '../support/source-tree.js';
import { InterpretedKernel, layout, type Call } from './interpreted-kernel.js';

const ADMITTED = layout.maxStreams;
const HISTOGRAM = 1;
/** Streams with a sum, a histogram and a gauge; a series of the histogram; and the right. */
const LIFE: readonly Call[] = [
  ...[0, explicitHistogram(2), GAUGE].map((aggregation, index): Call => [
    'admitStream',
    ...[index, 1, 2, 3, index, 0, 0, 3, aggregation, layout.text, 5, 1, 0, 1],
  ]),
  ['admit', 9, 1, 1, 1, HISTOGRAM, layout.text + 64, 3, 0],
  ['takeRight', 0, 0, 0],
];
const CUT: readonly Call[] = [
  ['swap', 1, 5],
  ['quiesce', 1],
  ['settle', 1],
];
const RETIRED: readonly Call[] = [...LIFE, ['retire', 1, ADMITTED], ...CUT];
const DEAD: readonly Call[] = [...RETIRED, ['kill', 1, ADMITTED], ...CUT, ...CUT];

/** What was done before, and the section. */
const SECTIONS: readonly (readonly [before: readonly Call[], section: Call])[] = [
  [LIFE, ['beat', 1]],
  [LIFE, ['swap', 1, 5]],
  [
    [...LIFE, ['swap', 1, 5]],
    ['quiesce', 1],
  ],
  [
    [...LIFE, ['swap', 1, 5], ['quiesce', 1]],
    ['drain', 1, words.STRIPES, 0, 9, 5],
  ],
  [
    [...LIFE, ['swap', 1, 5], ['quiesce', 1]],
    ['settle', 1],
  ],
  [LIFE, ['emptyHalf', 1, words.PLANES, 0, words.DROP, 1]],
  [LIFE, ['sealHalf', 1, words.PLANES, 1, 5]],
  [LIFE, ['retire', 1, ADMITTED]],
  [RETIRED, ['kill', 1, ADMITTED]],
  [DEAD, ['clearBuckets', 1, ADMITTED]],
  [DEAD, ['bury', 1, ADMITTED, 1, 16, 9]],
  [LIFE, ['renewOverflow', 1, 0]],
  [LIFE, ['restore', 1, ADMITTED, words.SLOT_LIVE, 5, 6, 3, 0, 7, 1, 4]],
  [LIFE, ['restoreGroup', 1, ADMITTED, words.SLOT_LIVE, 0, 1, 2, 3, 4, 5, 6, 7, 8]],
];

describe('a section of the collector', () => {
  for (const [before, section] of SECTIONS)
    it(`should keep the right from everybody from the beginning: ${section[0]}`, () => {
      const kernel = new InterpretedKernel(before);
      const rightWord = (): bigint => new BigInt64Array(kernel.memory.words.buffer)[words.RIGHT / 8] ?? 0n;
      const held = rightWord();
      const frame = kernel.begin(section);
      expect(kernel.toCompareExchange(frame), 'it takes part of the right').to.equal(true);
      expect(frame.address()).to.equal(words.RIGHT);
      frame.step(kernel.memory);

      const [low, high] = [BigInt.asIntN(32, rightWord()), rightWord() >> 32n].map(Number) as [
        number,
        number,
      ];
      const taken = kernel.finish(kernel.begin(['takeRight', 1, low, high]));
      expect(taken, 'somebody takes it over').to.equal(0);
      expect(rightWord()).to.equal(held | BigInt(words.RIGHT_INSIDE));

      kernel.finish(frame);
      expect(rightWord() >> 32n, 'it is still its own').to.equal(held >> 32n);
      expect(rightWord() & BigInt(words.RIGHT_INSIDE | words.RIGHT_HELD)).to.equal(BigInt(words.RIGHT_HELD));
    });

  it('should bury nothing when somebody else was in the tables meanwhile', () => {
    const kernel = new InterpretedKernel(DEAD);
    const { memory } = kernel;
    const frame = kernel.begin(['bury', 1, ADMITTED, 1, 16, 9]);
    for (const address of [words.RIGHT, words.ADMISSION]) {
      expect(kernel.toCompareExchange(frame)).to.equal(true);
      expect(frame.address()).to.equal(address);
      if (address === words.RIGHT) frame.step(memory);
    }
    const i64 = new BigInt64Array(memory.words.buffer);
    const admission = words.ADMISSION / 8;
    i64[admission] = (i64[admission] ?? 0n) + 2n;
    const slotWord = (layout.slotWords + ADMITTED * 4) / 4;
    const dead = memory.words[slotWord];
    expect(kernel.finish(frame)).to.equal(words.MORE);
    expect(memory.words[slotWord]).to.equal(dead);
    expect(kernel.finish(kernel.begin(['bury', 1, ADMITTED, 1, 16, 9]))).to.equal(words.DONE);
    expect(memory.words[slotWord]).not.to.equal(dead);
  });

  it('should be one of these', () => {
    const kernelText = readSources('lib/memory/kernel')
      .map(({ path }) => readText(path))
      .join('');
    const sections = kernelText.match(/cmpxchg<i64>\(RIGHT, \w+, \w+ \| RIGHT_INSIDE\)/g) ?? [];
    expect(sections).to.have.length(SECTIONS.length);
  });
});

/** What was done before, the section, and what it answers. */
const TABLE_SECTIONS: readonly (readonly [before: readonly Call[], section: Call])[] = [
  [LIFE.slice(0, 1), ['admitStream', 1, 1, 2, 3, 1, 0, 0, 3, 0, layout.text, 5, 1, 0, 1, 0]],
  [LIFE, ['admit', 8, 1, 1, 1, HISTOGRAM, layout.text + 64, 3, 0]],
  [LIFE, ['depart', ADMITTED, words.SLOT_LIVE]],
  [LIFE, ['reserveText', 1, 16]],
  [
    [...LIFE, ['reserveText', 1, 16]],
    ['returnText', layout.text, 1, 16],
  ],
];

describe('a section of the tables', () => {
  for (const [before, section] of TABLE_SECTIONS)
    it(`should be seen by everybody from its beginning to its end, and have a number of its own: ${section[0]}`, () => {
      const kernel = new InterpretedKernel(before);
      const admission = (): bigint =>
        new BigInt64Array(kernel.memory.words.buffer)[words.ADMISSION / 8] ?? 0n;
      const closed = admission();
      expect(closed % 2n).to.equal(0n);
      const frame = kernel.begin(section);
      expect(kernel.toCompareExchange(frame)).to.equal(true);
      expect(frame.address()).to.equal(words.ADMISSION);
      frame.step(kernel.memory);
      expect(admission(), 'open').to.equal(closed + 1n);

      const others: readonly (readonly [call: Call, answer: number | bigint])[] = [
        [['admitStream', 2, 1, 2, 3, 7, 0, 0, 3, 0, layout.text, 5, 1, 0, 1, 0], words.RETRY],
        [['find', 9, 1, 1, 1], words.RETRY],
        [['admit', 7, 1, 1, 1, 0, layout.text + 64, 3, 0], words.RETRY],
        [['depart', ADMITTED, words.SLOT_LIVE], words.RETRY],
        [['reserveText', 1, 16], words.TEXT_RETRY],
        [['returnText', layout.text, 1, 16], 0],
      ];
      const inside = kernel.memory.words.slice();
      for (const [call, answer] of others)
        expect(kernel.finish(kernel.begin(call)), `meanwhile ${call[0]}`).to.equal(answer);
      expect(Buffer.from(kernel.memory.words.buffer).equals(Buffer.from(inside.buffer))).to.equal(true);

      kernel.finish(frame);
      expect(admission(), 'closed again').to.equal(closed + 2n);
    });

  it('should be one of these', () => {
    const text = readText('lib/memory/kernel/admit.as.ts');
    const sections = text.match(/cmpxchg<i64>\(ADMISSION,/g) ?? [];
    expect(sections).to.have.length(TABLE_SECTIONS.length);
  });
});

/** What was done before, and the record. */
const RECORDS: readonly (readonly [before: readonly Call[], record: Call])[] = [
  [LIFE, ['add', words.STRIPES, 0, words.SLOT_LIVE, 1]],
  [LIFE, ['record', words.STRIPES, HISTOGRAM, words.SLOT_LIVE, 1, layout.text, 1]],
  [LIFE, ['write', words.STRIPES, 2, words.SLOT_LIVE, words.GAUGE_SET, 1]],
];

describe('a section of a writer', () => {
  for (const [before, record] of RECORDS)
    it(`should have a number that no other one has, so that nobody takes the next one for it: ${record[0]}`, () => {
      const kernel = new InterpretedKernel(before);
      const stripe = (): bigint => new BigInt64Array(kernel.memory.words.buffer)[words.STRIPES / 8] ?? 0n;
      for (const closed of [0n, 2n, 4n]) {
        expect(stripe()).to.equal(closed);
        const frame = kernel.begin(record);
        expect(kernel.toCompareExchange(frame)).to.equal(true);
        expect(frame.address()).to.equal(words.STRIPES);
        frame.step(kernel.memory);
        expect(stripe(), 'open').to.equal(closed + 1n);
        expect(kernel.finish(frame)).to.equal(words.OK);
      }
    });
});
