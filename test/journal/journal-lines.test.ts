// Goal: what a process that was killed left is told from damage, byte by byte: no record is ever another one.
import { expect } from 'chai';
import { lineOf, recordsOf } from '../../lib/journal/journal-lines.js';

const RECORDS = ['{"a":1}', '', 'ein Satz mit ä und 漢', '9', '{"b":"12345678 7 "}', 'x'.repeat(120), ' '];
const BYTES = Buffer.concat(RECORDS.map(lineOf));
/** Behind which byte each record ends, without its line break. */
const ENDS = RECORDS.map((_, index) => Buffer.concat(RECORDS.slice(0, index + 1).map(lineOf)).length - 1);

function read(bytes: Buffer): { records: string[]; damagedAt: number | undefined } {
  const all = [...recordsOf(bytes)];
  const last = all.at(-1);
  const damagedAt = last !== undefined && 'damagedAt' in last ? last.damagedAt : undefined;
  return { records: all.filter(each => !('damagedAt' in each)).map(String), damagedAt };
}

describe('the lines of a journal', () => {
  it('should be read as they were written', () => {
    expect(read(BYTES)).to.deep.equal({ records: RECORDS, damagedAt: undefined });
    expect(read(Buffer.alloc(0))).to.deep.equal({ records: [], damagedAt: undefined });
  });

  it('should be cut off where they end too early, at every byte', () => {
    for (let length = 0; length <= BYTES.length; length++) {
      const whole = ENDS.filter(end => end <= length).length;
      expect(read(BYTES.subarray(0, length)), `${length}`).to.deep.equal({
        records: RECORDS.slice(0, whole),
        damagedAt: undefined,
      });
    }
  });

  it('should be damaged by every change of every byte, or be as they were', () => {
    for (let at = 0; at < BYTES.length; at++)
      for (const change of [1, 2, 4, 8, 16, 32, 64, 128, 0x3a ^ 10, BYTES[at] ?? 0]) {
        const bytes = Buffer.from(BYTES);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const { records, damagedAt } = read(bytes);
        const what = `byte ${at} is ${bytes[at]}`;
        expect(records, what).to.deep.equal(RECORDS.slice(0, records.length));
        if (records.length < RECORDS.length) expect(damagedAt, what).to.be.a('number');
      }
  });

  it('should be damaged by a byte too many and by one that is gone, unless nothing stands behind', () => {
    for (let at = 0; at < BYTES.length; at++)
      for (const bytes of [
        Buffer.concat([BYTES.subarray(0, at), Buffer.from('7'), BYTES.subarray(at)]),
        Buffer.concat([BYTES.subarray(0, at), BYTES.subarray(at + 1)]),
      ]) {
        const { records, damagedAt } = read(bytes);
        expect(records, `${at}`).to.deep.equal(RECORDS.slice(0, records.length));
        if (records.length < RECORDS.length - 1) expect(damagedAt, `${at}`).to.be.a('number');
      }
  });

  it('should end before the zeros that a power cut leaves', () => {
    expect(read(Buffer.concat([BYTES, Buffer.alloc(5000)]))).to.deep.equal({
      records: RECORDS,
      damagedAt: undefined,
    });
    const torn = Buffer.concat([BYTES.subarray(0, BYTES.length - 4), Buffer.alloc(3)]);
    expect(read(torn)).to.deep.equal({ records: RECORDS.slice(0, -1), damagedAt: undefined });
  });
});
