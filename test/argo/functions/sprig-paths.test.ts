import { PATH_FUNCTIONS } from '../../../lib/argo/functions/sprig-paths.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's paths", () => {
  testGoldenRows('sprig-paths', new Map(Object.entries(PATH_FUNCTIONS)));
});
