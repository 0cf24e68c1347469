import { REGEXP_FUNCTIONS } from '../../../lib/argo/sprig/sprig-regexps.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's regexps", () => {
  testGoldenRows('sprig-regexps', new Map(Object.entries(REGEXP_FUNCTIONS)));
});
