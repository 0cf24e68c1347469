import { PATH_FUNCTIONS } from '../../../lib/argo/sprig/sprig-paths.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's paths", () => {
  testGoldenRows('sprig-paths', new Map(Object.entries(PATH_FUNCTIONS)));
});
