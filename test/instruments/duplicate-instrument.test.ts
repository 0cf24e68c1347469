// What a user is told, and when, is in test/specification/instruments.test.ts.
import { expect } from 'chai';
import { conflictsWithFirst, conflictWithOther } from '../../lib/instruments/duplicate-instrument.js';
import type { StreamDefinition } from '../../lib/store/definition/stream.js';

const FIRST: StreamDefinition = {
  scope: { name: 'm', version: '1' },
  name: 'latency',
  description: 'how long',
  unit: 's',
  valueType: 1,
  kind: 'HISTOGRAM',
  boundaries: [1, 2],
  limit: 10,
  verbatim: false,
};
const like = (difference: Partial<StreamDefinition>): StreamDefinition => ({ ...FIRST, ...difference });

describe('conflictsWithFirst', () => {
  const found = (difference: Partial<StreamDefinition>): unknown[] =>
    conflictsWithFirst(like(difference), FIRST).map(({ level, message }) => [level, message]);

  it('should find none where nothing differs that the first one decides', () => {
    expect(conflictsWithFirst(FIRST, FIRST)).to.deep.equal([]);
    expect(found({})).to.deep.equal([]);
    expect(found({ limit: 5 })).to.deep.equal([]);
  });

  it('should find another spelling, other boundaries and another description, each with what is used', () => {
    expect(found({ name: 'Latency' })).to.deep.equal([
      ['error', 'the instrument "Latency" exists as "latency": that name is used'],
    ]);
    const [boundaries] = conflictsWithFirst(like({ boundaries: [1, 3] }), FIRST);
    expect(boundaries?.level).to.equal('error');
    expect(boundaries?.message).to.include('exists with the boundaries 1,2');
    const [description] = conflictsWithFirst(like({ description: 'duration' }), FIRST);
    expect(description?.level).to.equal('warn');
    expect(description?.message)
      .to.include('"how long", which is used')
      .and.include('{"instrumentName":"latency","description":"..."}');
  });

  it('should name a conflict the same each time, and each one of an instrument differently', () => {
    const asked = like({ name: 'LATENCY', boundaries: [], description: '' });
    const [subjects, again] = [1, 2].map(() =>
      conflictsWithFirst(asked, FIRST).map(({ subject }) => subject),
    );
    expect(subjects).to.deep.equal(again);
    expect(new Set(subjects).size).to.equal(3);
  });

  it('should say in a bounded text what is very long', () => {
    const [conflict] = conflictsWithFirst(like({ description: 'x'.repeat(1e6) }), FIRST);
    expect(conflict?.message.length).to.be.lessThan(1500);
  });
});

describe('conflictWithOther', () => {
  it('should find the first stream of the name that has another kind, unit or type, and say how to rename one', () => {
    const others = [like({}), like({ kind: 'COUNTER' }), like({ unit: 'ms' })];
    const conflict = conflictWithOther(like({ name: 'LATENCY' }), others);
    expect(conflict?.level).to.equal('warn');
    expect(conflict?.message)
      .to.include('exists with the kind "COUNTER"')
      .and.include('{"instrumentName":"LATENCY","instrumentType":"HISTOGRAM","name":"LATENCY.2"}');
    for (const [difference, text] of [
      [{ unit: 'ms' }, 'the unit "ms"'],
      [{ valueType: 0 }, 'the valueType "0"'],
    ] as const)
      expect(conflictWithOther(FIRST, [like(difference)])?.message).to.include(text);
  });

  it('should find none among streams of other names, of other scopes and of custom metrics', () => {
    const others = [
      like({ name: 'other', unit: 'ms' }),
      like({ scope: { name: 'n', version: '1' }, unit: 'ms' }),
      like({ scope: { name: 'm', version: '2' }, unit: 'ms' }),
      like({ scope: { name: 'm', version: '1', schemaUrl: 's' }, unit: 'ms' }),
      like({ verbatim: true, unit: 'ms' }),
      like({ description: 'other' }),
    ];
    expect(conflictWithOther(FIRST, others)).to.equal(undefined);
  });
});
