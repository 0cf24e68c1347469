import { expect } from 'chai';
import fc from 'fast-check';
import { timeAt } from '../../../lib/guard/json-value.js';
import { WrittenText } from '../../../lib/argo/workflow/written-text.js';

describe(WrittenText.name, () => {
  it('should read values and texts where they stand', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const json = JSON.stringify(value);
        const bytes = Buffer.from(`[${json},1]`);
        const text = new WrittenText(bytes, false);
        expect(text.valueAt(1)).to.deep.equal(JSON.parse(json));
        expect(text.textAt(1)).to.equal(typeof value === 'string' ? value : '');
      }),
    );
  });

  it('should read the texts of a list, however they are written', () => {
    const item = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(item), fc.constantFrom('', ' '), (list, space) => {
        const json = JSON.stringify(list, undefined, space);
        const text = new WrittenText(Buffer.from(`{"a":${json}, "b":["c"]}`), false);
        expect(text.textsAt(5)).to.deep.equal(
          (JSON.parse(json) as unknown[]).filter(each => typeof each === 'string'),
        );
      }),
    );
    for (const json of ['null', '"a"', '{"0":"a"}', '1', '[]', '[["a"]]'])
      expect(new WrittenText(Buffer.from(`${json},"b"]`), true).textsAt(0), json).to.deep.equal([]);
    for (const json of ['["a"', '["a",', '["a";"b"]', '["a","b'])
      expect(() => new WrittenText(Buffer.from(json), true).textsAt(0), json).to.throw(SyntaxError);
  });

  it('should read texts with escapes, and beyond ASCII', () => {
    for (const value of ['', 'plain', 'a"b\\c', 'äöü 😀', '\u0000\n', 'ä"'])
      for (const json of [JSON.stringify(value), JSON.stringify({ value }).slice(9, -1)])
        expect(new WrittenText(Buffer.from(json), false).textAt(0)).to.equal(value);
    const ascii = new WrittenText(Buffer.from('"\\u00e4" "b"'), true);
    expect([ascii.textAt(0), ascii.textAt(9), ascii.slice(9, 12)]).to.deep.equal(['ä', 'b', '"b"']);
  });

  it('should read words and times as it reads texts', () => {
    const words = [
      '',
      'Pod',
      'Running',
      'Steps',
      'StepS',
      'a"b',
      'ä',
      '😀',
      'x'.repeat(31),
      'x'.repeat(32),
      'x'.repeat(33),
    ];
    const days = ['2026-01-01', '2026-01-02', '2026-13-01', '0000-00-00', '2026-1-101'];
    const rest = [
      'T00:00:05Z',
      'T23:59:59Z',
      'T24:00:00Z',
      'T00:60:00Z',
      'T00:00:60Z',
      'T00:00:0xZ',
      'T00-00:00Z',
      'T00:00:05z',
    ];
    const times = days.flatMap(day => rest.map(time => day + time));
    const value = fc.oneof(
      fc.constantFrom(...words, ...times, '2026-01-01T00:00:05.5Z', '2026-01-01T00:00:05Zx'),
      fc.string(),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), values => {
        for (const each of values) {
          const json = JSON.stringify(each);
          for (const bytes of [Buffer.from(json), Buffer.from(`${json},"`)]) {
            const text = new WrittenText(bytes, false);
            expect(text.wordAt(0), json).to.equal(text.textAt(0));
            expect(text.timeAt(0), json).to.equal(timeAt({ each }, 'each'));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('should take no longer text for a time', () => {
    for (const day of ['2026-01-01', '2026-01-01']) {
      expect(new WrittenText(Buffer.from(`"${day}T00:00:05Z"`), true).timeAt(0)).to.equal(1767225605000);
      expect(new WrittenText(Buffer.from(`"${day}T00:00:05Zx"`), true).timeAt(0)).to.equal(undefined);
    }
  });

  it('should tell words apart that have the same number', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `word ${index.toString(36)}`);
    for (let time = 0; time < 2; time++)
      for (const word of many) {
        const bytes = Buffer.from(JSON.stringify(word));
        expect(new WrittenText(bytes, true).wordAt(0)).to.equal(word);
      }
  });
});
