import { STRING_FUNCTIONS } from '../../../lib/argo/sprig/sprig-strings.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's strings", () => {
  testGoldenRows('sprig-strings', new Map(Object.entries(STRING_FUNCTIONS)));
});
