import { goFunction } from '../../../lib/argo/functions/go-function.js';
import { jsonPath } from '../../../lib/argo/functions/jsonpath.js';
import { testGoldenRows } from './golden-rows.js';

describe('jsonPath', () => {
  testGoldenRows('jsonpath', new Map([['jsonPath', goFunction(['string', 'string'], jsonPath)]]));
});
