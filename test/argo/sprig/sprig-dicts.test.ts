import { DICT_FUNCTIONS } from '../../../lib/argo/sprig/sprig-dicts.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's dicts", () => {
  testGoldenRows('sprig-dicts', new Map(Object.entries(DICT_FUNCTIONS)));
});
