import { ENCODING_FUNCTIONS } from '../../../lib/argo/sprig/sprig-encoding.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's encoding", () => {
  testGoldenRows('sprig-encoding', new Map(Object.entries(ENCODING_FUNCTIONS)));
});
