// Goal: no two words of the header or of a record overlap, each stands where its type may stand, and each record holds its
// words. Read from the source, because only its comments know the types.
import { expect } from 'chai';
import { STRIPES_MAX } from '../../lib/limits.js';
import { DURATION_NAMES, STATISTIC_NAMES } from '../../lib/memory/statistics.js';
import * as words from '../../lib/memory/words.js';
import { listFiles, readText } from '../support/source-tree.js';

interface Word {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
  /** Of one of its parts. */
  readonly alignment: number;
}

interface Group {
  readonly name: string;
  readonly size: number;
  readonly words: readonly Word[];
}

const VALUES: ReadonlyMap<string, number> = new Map(Object.entries({ ...words, STRIPES_MAX }));
const TYPE_BYTES: Readonly<Record<string, number>> = { i32: 4, u32: 4, i64: 8, f64: 8 };
/** `u32`, `4 × i32`, `OBSERVER_COUNT × i32`, `PLANE_COUNT × PLANE_SIZE`. */
const TYPE = /^(?:(\w+) × )?(i32|u32|i64|f64|[A-Z]+_SIZE)\./;

/** Exported constants in the order of the file, each with the comment that stands before it. */
function constantsIn(source: string): { name: string; comment: string }[] {
  const found = source.matchAll(/^(?:\/\*\*([\s\S]*?)\*\/\n)?export const (\w+) = /gm);
  return [...found].map(([, comment = '', name = '']) => ({
    name,
    comment: comment.replaceAll(/\n \* ?/g, ' ').trim(),
  }));
}

/** The header, then the records: each ends with its size. */
function groupsIn(source: string): { groups: Group[]; others: string[] } {
  const groups: Group[] = [];
  const others: string[] = [];
  let open: Word[] = [];
  for (const { name, comment } of constantsIn(source)) {
    const at = VALUES.get(name) ?? NaN;
    const [, times, type] = TYPE.exec(comment) ?? [];
    if (name.endsWith('_SIZE')) {
      groups.push({ name, size: at, words: open });
      open = [];
    } else if (type === undefined) others.push(name);
    else {
      const count = times === undefined ? 1 : (VALUES.get(times) ?? Number(times));
      const each = TYPE_BYTES[type] ?? VALUES.get(type) ?? NaN;
      open.push({ name, at, bytes: count * each, alignment: TYPE_BYTES[type] ?? 128 });
    }
  }
  expect(open, 'words behind the last record').to.deep.equal([]);
  return { groups, others };
}

/** What is wrong with a group. */
function faultsOf({ name, size, words: members }: Group): string[] {
  const faults: string[] = [];
  let end = 0;
  for (const { name: word, at, bytes, alignment } of [...members].sort((a, b) => a.at - b.at)) {
    if (!(bytes > 0) || !(at >= 0)) faults.push(`${word} at ${at} has ${bytes} bytes`);
    if (at % alignment !== 0) faults.push(`${word} at ${at} is not aligned to ${alignment}`);
    if (at < end) faults.push(`${word} at ${at} begins before ${end}`);
    end = at + bytes;
  }
  if (end > size) faults.push(`${name} is ${size}, its words end at ${end}`);
  return faults;
}

/** Constants without a type: what stands in words, and how many there are. None of them may be an address. */
const NO_WORDS =
  /^(?:SECRET_BYTES$|PLACE_STEP$|RIGHT_|LEASE|SERVED|DROP|MERGE|GAUGE_(?:ABSENT|SET|ELAPSED|ADDED|HELD)|AGGREGATION|TEXT_(?:LISTS|EXHAUSTED|RETRY))|^SLOT_(?:FREE|LIVE|RETIRING|DEAD|LEAVING|LEFT|GONE|STATE_MASK|GENERATION|WORD_MAX)$|_(?:COUNT|SHIFT|EXHAUSTED|REACHED)$|^(?:OK|BUSY|ENDED|STALE|RETRY|NOT_FOUND|LOST|DONE|MORE)$/;

describe('the words of a store', () => {
  const source = readText('lib/memory/words.ts');
  const { groups, others } = groupsIn(source);

  it('should all be seen, in the groups that there are', () => {
    expect(groups.map(({ name }) => name)).to.deep.equal([
      'HEADER_SIZE',
      'PLANE_SIZE',
      'STRIPE_SIZE',
      'SLOT_SIZE',
      'STREAM_SIZE',
      'GAUGE_SIZE',
      'HISTOGRAM_HEAD_SIZE',
      'SKETCH_SIZE',
      'SKETCH_LABEL_SIZE',
    ]);
    const seen = groups.flatMap(group => group.words).length + groups.length + others.length;
    expect(seen, 'exported constants').to.equal(Object.keys(words).length);
    expect(
      others.filter(name => !NO_WORDS.test(name)),
      'words without a type',
    ).to.deep.equal([]);
  });

  for (const group of groups)
    it(`should not overlap, be aligned and fit: ${group.name}`, () => {
      expect(group.words.length).to.be.greaterThan(2);
      expect(faultsOf(group)).to.deep.equal([]);
    });

  it('should be read and written by the kernel as no more than they are', () => {
    const bytesOf = new Map(groups.flatMap(group => group.words).map(({ name, bytes }) => [name, bytes]));
    const kernel = listFiles('lib/memory/kernel').map(readText).join('\n');
    const accesses = [
      ...kernel.matchAll(/(?:load|store|cmpxchg)<([iuf]\d\d)>\((?:\w+ \+ )*([A-Z_]{4,})[,)]/g),
    ];
    expect(accesses.length).to.be.greaterThan(150);
    const faults = accesses.filter(
      ([, type = '', name = '']) => !((TYPE_BYTES[type] ?? NaN) <= (bytesOf.get(name) ?? NaN)),
    );
    expect(faults.map(([text]) => text)).to.deep.equal([]);
  });

  it('should stand on lines of their own where different threads write them', () => {
    const lines = [words.EPOCH, words.RIGHT, words.QUIESCED, words.ADMISSION, words.LAYOUT_SLOT_COUNT];
    expect(new Set(lines.map(at => Math.floor(at / 64))).size).to.equal(lines.length);
    for (const at of lines) expect(at % 64).to.equal(0);
    expect(words.CLOSED - words.EPOCH, 'read by each record').to.be.below(64);
    const pairs = [words.PLANES, words.PLANE_SIZE, words.STRIPES, words.STRIPE_SIZE, words.STRIPE_COUNTS];
    for (const at of [...pairs, words.HEADER_SIZE]) expect(at % 128).to.equal(0);
    const countsOfBankOne = words.STRIPE_COUNTS + (1 << words.STRIPE_COUNT_SHIFT);
    expect(words.STRIPE_SIZE - countsOfBankOne).to.be.at.least(128);
    expect(words.SLOT_SIZE, 'a record of a slot is a line').to.equal(64);
    expect(words.GAUGE_SIZE).to.equal(64);
    for (const size of [words.SKETCH_SIZE, words.SKETCH_LABEL_SIZE]) expect(size % 128).to.equal(0);
  });

  it('should have room for all statistics and durations', () => {
    expect(STATISTIC_NAMES.length * 8).to.be.at.most(words.DURATIONS - words.STATISTICS);
    expect(DURATION_NAMES.length * 8).to.be.at.most(words.OBSERVERS - words.DURATIONS);
  });

  it('should tell states, kinds and answers apart', () => {
    const sets: (readonly number[])[] = [
      [
        words.SLOT_FREE,
        words.SLOT_LIVE,
        words.SLOT_RETIRING,
        words.SLOT_DEAD,
        words.SLOT_LEAVING,
        words.SLOT_LEFT,
        words.SLOT_GONE,
      ],
      [words.AGGREGATION_SUM, words.AGGREGATION_GAUGE, words.AGGREGATION_EXPLICIT_HISTOGRAM],
      [words.GAUGE_ABSENT, words.GAUGE_SET, words.GAUGE_ELAPSED, words.GAUGE_ADDED, words.GAUGE_HELD],
      [words.OK, words.BUSY, words.ENDED, words.STALE],
      [words.RETRY, words.NOT_FOUND, words.LIMIT_REACHED, words.SLOTS_EXHAUSTED, words.HISTOGRAMS_EXHAUSTED],
      [words.LOST, words.DONE, words.MORE],
      [words.DROP, words.MERGE, words.DROP_LEFT_OVER],
      [words.TEXT_EXHAUSTED, words.TEXT_RETRY],
    ];
    for (const set of sets) expect(new Set(set).size, set.join()).to.equal(set.length);
    expect(words.SLOT_GENERATION).to.equal(words.SLOT_STATE_MASK + 1);
    expect(words.SLOT_WORD_MAX % words.SLOT_GENERATION).to.equal(0);
    expect(1 << words.AGGREGATION_WIDTH_SHIFT).to.equal(words.AGGREGATION_KIND_MASK + 1);
  });

  it('should be refused by this test when they overlap, are not aligned or do not fit', () => {
    const word = (at: number, bytes: number): Word => ({ name: 'W', at, bytes, alignment: bytes });
    const faults = (...members: Word[]): number => faultsOf({ name: 'G', size: 24, words: members }).length;
    expect(faults(word(0, 8), word(8, 4), word(16, 8))).to.equal(0);
    expect(faults(word(0, 8), word(4, 4))).to.equal(1);
    expect(faults(word(8, 8), word(8, 4))).to.equal(1);
    expect(faults(word(4, 8))).to.equal(1);
    expect(faults(word(24, 4))).to.equal(1);
    expect(faults(word(NaN, 4))).to.be.greaterThan(0);
    const { groups: read, others: rest } = groupsIn(
      '/** 2 × u32. Text. */\nexport const SLOT_MARK = 0;\n/** No type. */\nexport const OK = 1;\nexport const SLOT_SIZE = 64;\n',
    );
    expect(read).to.deep.equal([
      { name: 'SLOT_SIZE', size: 64, words: [{ name: 'SLOT_MARK', at: 0, bytes: 8, alignment: 4 }] },
    ]);
    expect(rest).to.deep.equal(['OK']);
  });
});
