import { LIST_FUNCTIONS } from '../../../lib/argo/sprig/sprig-lists.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's lists", () => {
  testGoldenRows('sprig-lists', new Map(Object.entries(LIST_FUNCTIONS)));
});
