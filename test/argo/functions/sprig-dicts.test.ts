import { DICT_FUNCTIONS } from '../../../lib/argo/functions/sprig-dicts.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's dicts", () => {
  testGoldenRows('sprig-dicts', new Map(Object.entries(DICT_FUNCTIONS)));
});
