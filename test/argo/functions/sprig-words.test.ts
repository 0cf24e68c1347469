import { WORD_FUNCTIONS } from '../../../lib/argo/functions/sprig-words.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's words", () => {
  testGoldenRows('sprig-words', new Map(Object.entries(WORD_FUNCTIONS)));
});
