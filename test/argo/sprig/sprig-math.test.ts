import { MATH_FUNCTIONS } from '../../../lib/argo/sprig/sprig-math.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's math", () => {
  testGoldenRows('sprig-math', new Map(Object.entries(MATH_FUNCTIONS)));
});
