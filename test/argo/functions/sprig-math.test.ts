import { MATH_FUNCTIONS } from '../../../lib/argo/functions/sprig-math.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's math", () => {
  testGoldenRows('sprig-math', new Map(Object.entries(MATH_FUNCTIONS)));
});
