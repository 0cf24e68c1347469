import { ENCODING_FUNCTIONS } from '../../../lib/argo/functions/sprig-encoding.js';
import { testGoldenRows } from './golden-rows.js';

describe("Sprig's encoding", () => {
  testGoldenRows('sprig-encoding', new Map(Object.entries(ENCODING_FUNCTIONS)));
});
