import { SPRIG } from '../../../lib/argo/functions/sprig.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's dates", () => {
  testGoldenRows('sprig-dates', SPRIG);
});
