import { expect } from 'chai';
import { unitWords } from '../../../lib/exposition/names/unit-words.js';

describe('unitWords', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['', ''],
    ['1', ''],
    ['s', 'seconds'],
    ['ms', 'milliseconds'],
    ['us', 'microseconds'],
    ['\u00b5s', 'microseconds'],
    ['\u03bcs', 'microseconds'],
    ['By', 'bytes'],
    ['MiBy', 'mebibytes'],
    ['%', 'percent'],
    ['Cel', 'celsius'],
    ['m/s', 'meters_per_second'],
    ['By/s', 'bytes_per_second'],
    ['1/s', 'per_second'],
    ['{request}', ''],
    ['{request}/s', 'per_second'],
    ['By/{packet}', 'bytes'],
    ['By{transmitted}', 'bytes'],
    ['parsecs', 'parsecs'],
    ['kg.m2', 'kg_m2'],
    ['°', ''],
  ];
  for (const [unit, words] of rows)
    it(`should translate "${unit}" to "${words}"`, () => {
      expect(unitWords(unit)).to.equal(words);
    });
});
