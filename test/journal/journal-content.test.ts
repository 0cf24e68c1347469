// Goal: a journal is read whole or not at all, and only by who it is for.
import { expect } from 'chai';
import {
  appendedRecord,
  MAJOR,
  MINOR,
  readContent,
  snapshotRecords,
  type JournalContent,
} from '../../lib/journal/journal-content.js';
import { lineOf } from '../../lib/journal/journal-lines.js';

const HEADER = { identity: 'prefix a', generation: 7 };
const SNAPSHOT = ['one', 'two'];
const APPENDED = ['three', 'four', 'five'];
const BEGINNING = bytesOf([...snapshotRecords(HEADER, SNAPSHOT)]);
const BYTES = Buffer.concat([BEGINNING, bytesOf(APPENDED.map(appendedRecord))]);

function bytesOf(records: readonly string[]): Buffer {
  return Buffer.concat(records.map(lineOf));
}

function recordsIn(content: JournalContent): readonly string[] | undefined {
  return content.outcome === 'found' ? [...content.records()] : undefined;
}

function withVersion(major: number, minor: number): Buffer {
  return Buffer.concat([
    lineOf(`H${JSON.stringify({ journal: [major, minor], identity: HEADER.identity })}`),
    bytesOf(['Rone', 'E']),
  ]);
}

describe('the content of a journal', () => {
  it('should be the snapshot and what came since', () => {
    const content = readContent(BYTES, HEADER.identity);
    expect(content).to.include({ outcome: 'found', generation: 7 });
    expect(recordsIn(content)).to.deep.equal([...SNAPSHOT, ...APPENDED]);
  });

  it('should be lost where it is cut off in its snapshot, and shorter behind it, at every byte', () => {
    for (let length = 0; length < BYTES.length; length++) {
      const content = readContent(BYTES.subarray(0, length), HEADER.identity);
      // The last line of the snapshot needs no line break.
      if (length < BEGINNING.length - 1)
        expect(content, `${length}`).to.include({ outcome: 'lost', reason: 'damaged' });
      else {
        const records = recordsIn(content) ?? [];
        expect([...SNAPSHOT, ...APPENDED].slice(0, records.length), `${length}`).to.deep.equal(records);
        expect(records).to.have.length.of.at.least(SNAPSHOT.length);
      }
    }
  });

  it('should be lost by every change of every byte, or be as it was', () => {
    for (let at = 0; at < BYTES.length; at++)
      for (const change of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const bytes = Buffer.from(BYTES);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const content = readContent(bytes, HEADER.identity);
        if (content.outcome === 'found') expect(recordsIn(content)).to.deep.equal([...SNAPSHOT, ...APPENDED]);
        else expect(content, `${at}`).to.include({ outcome: 'lost', reason: 'damaged' });
      }
  });

  it('should be nothing for another identity', () => {
    const content = readContent(BYTES, 'prefix b');
    expect(content).to.deep.include({ outcome: 'lost', reason: 'other identity' });
    expect(JSON.stringify(content)).to.include('prefix a').and.to.include('prefix b');
  });

  it('should be read of an older minor version, lost of an older one, refused of a newer one', () => {
    expect(readContent(withVersion(MAJOR, MINOR), HEADER.identity).outcome).to.equal('found');
    expect(readContent(withVersion(MAJOR, MINOR + 1), HEADER.identity).outcome).to.equal('newer');
    expect(readContent(withVersion(MAJOR + 1, 0), HEADER.identity).outcome).to.equal('newer');
    expect(readContent(withVersion(MAJOR - 1, 9), HEADER.identity)).to.include({ reason: 'other version' });
    // What else a later version has is nothing that this one can judge.
    const later = Buffer.concat([withVersion(MAJOR + 1, 0), Buffer.from('no line of this version')]);
    expect(readContent(later, HEADER.identity).outcome).to.equal('newer');
  });

  it('should be lost without a header, with another one, and with records of unknown kinds', () => {
    const wrong = [
      [],
      ['Rone', 'E'],
      ['H', 'E'],
      ['Hnull', 'E'],
      ['H{"journal":[1]}', 'E'],
      ['H{"journal":[1,-1]}', 'E'],
      ['H{"journal":"1"}', 'E'],
      [...snapshotRecords(HEADER, []), 'Qone'],
      [...snapshotRecords(HEADER, []), 'E'],
      [...snapshotRecords(HEADER, []), ''],
    ];
    for (const records of wrong)
      expect(readContent(bytesOf(records), HEADER.identity), records.join()).to.include({
        reason: 'damaged',
      });
  });
});
