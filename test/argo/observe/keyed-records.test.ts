import { expect } from 'chai';
import fc from 'fast-check';
import { KeyedRecords } from '../../../lib/argo/observe/keyed-records.js';

const UUID = 'c0ffee00-1234-4abc-8def-0123456789ab';

function contentOf(records: KeyedRecords): [string, string][] {
  return [...records.keys()].map(key => [key, records.get(key)?.toString() ?? 'missing']);
}

/** As another process would get them. */
function takenFrom(records: KeyedRecords): KeyedRecords {
  const taken = new KeyedRecords();
  for (const piece of records.pieces()) taken.take(Buffer.from(piece.toString('base64'), 'base64'));
  return taken;
}

describe('KeyedRecords', () => {
  const key = fc.oneof(
    fc.uuid(),
    fc.integer({ min: 0, max: 40 }).map(number => `${UUID.slice(0, -2)}${number + 10}`),
    fc.integer({ min: 0, max: 40 }).map(String),
    fc.string({ minLength: 1, maxLength: 260 }),
  );
  const size = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 500 }) },
    { weight: 2, arbitrary: fc.integer({ min: 200_000, max: 300_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 1_100_000 }) },
  );
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key, size }),
    fc.record({ do: fc.constant('delete' as const), key, size: fc.constant(0) }),
    fc.record({ do: fc.constant('take' as const), key, size: fc.constant(0) }),
  );

  it('should have what a Map of the same life has, in the order in which it was set last', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        let records = new KeyedRecords();
        const map = new Map<string, string>();
        let number = 0;
        for (const { do: act, key: name, size: bytes } of steps) {
          if (act === 'take') records = takenFrom(records);
          else if (act === 'delete') expect(records.delete(name)).to.equal(map.delete(name));
          else {
            map.delete(name);
            const body = `${++number}`.padEnd(bytes, '.');
            const isText = /^[\x20-\x7e]{1,254}$/.test(name);
            expect(records.set(name, Buffer.from(body))).to.equal(isText);
            if (isText) map.set(name, body);
          }
          expect(records.size).to.equal(map.size);
        }
        expect(contentOf(records)).to.deep.equal([...map]);
        expect(contentOf(takenFrom(records))).to.deep.equal([...map]);
      }),
      { numRuns: 60 },
    );
  });

  it('should keep a UUID apart from the same in capital letters', () => {
    const records = new KeyedRecords();
    records.set(UUID, Buffer.from('small'));
    records.set(UUID.toUpperCase(), Buffer.from('large'));
    expect(contentOf(records)).to.deep.equal([
      [UUID, 'small'],
      [UUID.toUpperCase(), 'large'],
    ]);
  });

  it('should not grow with what comes and goes', () => {
    const records = new KeyedRecords();
    const body = Buffer.alloc(1000);
    for (let round = 0; round < 20_000; round++) {
      records.set(`w-${round}`, body);
      if (round >= 100) records.delete(`w-${round - 100}`);
    }
    const bytes = [...records.pieces()].reduce((sum, piece) => sum + piece.length, 0);
    expect(records.size).to.equal(100);
    // The last ones, and nothing of those that are gone.
    expect(bytes).to.be.within(100_000, 102_000);
  });

  it('should not keep a block for the few that stay of it', () => {
    const records = new KeyedRecords();
    const body = Buffer.alloc(1000);
    for (let round = 0; round < 40_000; round++) {
      records.set('comes again', body);
      if (round % 500 === 0) records.set(`stays-${round}`, body);
    }
    // 40 MB were written.
    expect(records.size).to.equal(81);
    expect(records.bytes).to.be.below(2_000_000);
  });

  it('should have what comes behind one larger than a block that is gone', () => {
    const records = new KeyedRecords();
    const other = Buffer.alloc(1000, 1);
    records.set('large', Buffer.alloc(3 * 1024 * 1024));
    records.delete('large');
    for (let number = 0; number < 3000; number++) records.set(`w-${number}`, other);
    for (let number = 0; number < 3000; number++)
      expect(records.get(`w-${number}`)?.equals(other)).to.equal(true);
    expect(takenFrom(records).size).to.equal(3000);
  });

  it('should find its records when many others were deleted', () => {
    const records = new KeyedRecords();
    for (let number = 0; number < 10_000; number++) records.set(`w-${number}`, Buffer.from(`${number}`));
    for (let number = 0; number < 10_000; number++) if (number % 100 > 0) records.delete(`w-${number}`);
    for (let number = 0; number < 10_000; number++)
      expect(records.get(`w-${number}`)?.toString()).to.equal(number % 100 > 0 ? undefined : `${number}`);
  });

  it('should refuse what nobody has given', () => {
    const records = new KeyedRecords();
    for (const name of ['a', 'b']) records.set(name, Buffer.from(name));
    const [piece = Buffer.alloc(0)] = [...records.pieces()].map(each => Buffer.from(each));
    const dead = Buffer.from(piece);
    dead[0] = 255;
    const tooLong = Buffer.from(piece);
    tooLong[1] = 200;
    for (const wrong of [piece.subarray(0, -1), Buffer.concat([piece, Buffer.from('x')]), dead, tooLong])
      expect(() => new KeyedRecords().take(wrong)).to.throw(RangeError);
  });

  it('should forget nothing that came after a record that went', () => {
    const records = new KeyedRecords();
    records.set('a', Buffer.from('1'));
    records.delete('a');
    records.set('b', Buffer.from('2'));
    expect(contentOf(records)).to.deep.equal([['b', '2']]);
  });
});
