import { isMetricStoreError, MetricStoreError } from '../../errors.js';
import { textOf } from '../../guard/thrown.js';

/** Errors that say the same become one that says how often: a callback of seventy threads fails seventy times. */
export function mergeEqual(errors: readonly Error[]): Error[] {
  const byText = new Map<string, Error[]>();
  for (const error of errors) {
    const text = textOf(error);
    const equal = byText.get(text);
    if (equal === undefined) byText.set(text, [error]);
    else equal.push(error);
  }
  return [...byText].flatMap(([text, equal]) => {
    const [first] = equal;
    if (first === undefined || equal.length === 1) return equal;
    const code = isMetricStoreError(first) ? first.code : 'CALLBACK_FAILED';
    const plain = isMetricStoreError(first) ? first.message.replace(` [${code}]`, '') : text;
    return [new MetricStoreError(code, `${equal.length} times: ${plain}`, { cause: first })];
  });
}
