import { checkWhole } from '../guard/option-checks.js';

const MILLIS_MAX = 3_600_000;

/** @throws MetricStoreError INVALID_OPTION */
export function checkZeroStart(zeroStartMillis: unknown): void {
  checkWhole('zeroStartMillis', zeroStartMillis, 0, MILLIS_MAX);
}
