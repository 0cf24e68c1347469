import { WORD_FUNCTIONS } from '../../../lib/argo/sprig/sprig-words.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's words", () => {
  testGoldenRows('sprig-words', new Map(Object.entries(WORD_FUNCTIONS)));
});
