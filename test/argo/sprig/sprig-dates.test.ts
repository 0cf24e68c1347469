import { SPRIG } from '../../../lib/argo/sprig/sprig.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's dates", () => {
  testGoldenRows('sprig-dates', SPRIG);
});
