import { REGEXP_FUNCTIONS } from '../../../lib/argo/functions/sprig-regexps.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's regexps", () => {
  testGoldenRows('sprig-regexps', new Map(Object.entries(REGEXP_FUNCTIONS)));
});
