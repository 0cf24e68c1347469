import { DEFAULT_FUNCTIONS } from '../../../lib/argo/functions/sprig-defaults.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's defaults", () => {
  testGoldenRows('sprig-defaults', new Map(Object.entries(DEFAULT_FUNCTIONS)));
});
