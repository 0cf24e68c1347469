import { LIST_FUNCTIONS } from '../../../lib/argo/functions/sprig-lists.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's lists", () => {
  testGoldenRows('sprig-lists', new Map(Object.entries(LIST_FUNCTIONS)));
});
