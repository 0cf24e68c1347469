// Goal: who loses a compare-and-swap to another thread has done nothing, and says so. Method: each call of the kernel is
// interpreted up to its first compare-and-swap; there another thread changes the word; then the call goes on to its end.
import { expect } from 'chai';
import { explicitHistogram, GAUGE } from '../../lib/memory/aggregation.js';
import * as words from '../../lib/memory/words.js';
import { InterpretedKernel, layout, type Call } from './interpreted-kernel.js';

const { text } = layout;
const [SUM, HISTOGRAM, GAUGES] = [0, 1, 2];
/** The slots behind the overflow slots of the streams. */
const ADMITTED = layout.maxStreams;
const STREAMS: readonly Call[] = [0, explicitHistogram(2), GAUGE].map((aggregation, index) => [
  'admitStream',
  ...[index, 1, 2, 3, index, 0, 0, 3, aggregation, text, 5, 1, 0, 1],
]);
const LIFE: readonly Call[] = [
  ...STREAMS,
  ['admit', 9, 1, 1, 1, SUM, text + 64, 3, 0],
  ['takeRight', 0, 0, 0],
];

const START = words.STRIPES;

/** What was done before, the call, and what it answers when it loses. */
const LOSERS: readonly (readonly [before: readonly Call[], call: Call, answer: number | bigint])[] = [
  [STREAMS.slice(0, 1), ['admitStream', 1, 1, 2, 3, 9, 0, 0, 3, GAUGE, 0, 5, 1, 0, 1, 0], words.RETRY],
  [STREAMS, ['admit', 9, 1, 1, 1, SUM, text + 64, 3, 0], words.RETRY],
  [STREAMS, ['reserveText', 1, 16], words.TEXT_RETRY],
  [[...STREAMS, ['reserveText', 1, 16]], ['returnText', text, 1, 16], 0],
  [LIFE, ['add', START, SUM, words.SLOT_LIVE, 1], words.BUSY],
  [LIFE, ['record', START, HISTOGRAM, words.SLOT_LIVE, 1, text, 1], words.BUSY],
  [LIFE, ['write', START, GAUGES, words.SLOT_LIVE, words.GAUGE_SET, 1], words.BUSY],
  [STREAMS, ['takeRight', 0, 0, 0], 0],
  [LIFE, ['giveRight', 1], 0],
  [LIFE, ['beat', 1], words.LOST],
  [LIFE, ['swap', 1, 5], words.LOST],
  [[...LIFE, ['swap', 1, 5]], ['quiesce', 1], words.LOST],
  [[...LIFE, ['swap', 1, 5], ['quiesce', 1]], ['settle', 1], words.LOST],
  [
    [...LIFE, ['add', START, SUM, words.SLOT_LIVE, 1], ['swap', 1, 5], ['quiesce', 1]],
    ['drain', 1, START, 0, 9, 5],
    words.LOST,
  ],
  [LIFE, ['claimPlane', words.PLANES, 5], 0],
  [LIFE, ['retire', 1, ADMITTED], words.LOST],
  [
    [...LIFE, ['retire', 1, ADMITTED], ['swap', 1, 5], ['quiesce', 1], ['settle', 1]],
    ['kill', 1, ADMITTED],
    words.LOST,
  ],
];

describe('a compare-and-swap that another thread wins', () => {
  for (const [before, call, answer] of LOSERS)
    it(`should leave ${call[0]} without effect, and it says so`, () => {
      const kernel = new InterpretedKernel(before);
      const { memory } = kernel;
      const frame = kernel.begin(call);
      expect(kernel.toCompareExchange(frame), 'it comes to one').to.equal(true);
      // The rival has been in and out again.
      const access = frame.access();
      const was = memory.load(frame.address(), access);
      memory.store(frame.address(), access, typeof was === 'bigint' ? was + 64n : was + 64);
      const after = memory.words.slice();

      expect(kernel.finish(frame)).to.equal(answer);
      expect(Buffer.from(memory.words.buffer).equals(Buffer.from(after.buffer))).to.equal(true);
      const again = kernel.finish(kernel.begin(call));
      expect(again, 'what it answers when it does not lose').not.to.equal(answer);
    });
});
