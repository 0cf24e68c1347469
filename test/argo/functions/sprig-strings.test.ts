import { STRING_FUNCTIONS } from '../../../lib/argo/functions/sprig-strings.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's strings", () => {
  testGoldenRows('sprig-strings', new Map(Object.entries(STRING_FUNCTIONS)));
});
