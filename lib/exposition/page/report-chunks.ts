import type { CardinalityReport } from '../../store/definition/cardinality-report.js';
import { OUT_BYTES } from '../rows/row-layout.js';

/**
 * A report as JSON, metric by metric while it is sent: at most OUT_BYTES in one chunk, so that who reads slowly holds a chunk and
 * not a second form of the report. Half of a surrogate pair is escaped, so the bytes are UTF-8 whatever the texts are.
 */
export function* reportChunks({ metrics, ...rest }: CardinalityReport): Generator<Uint8Array, void> {
  let text = `${JSON.stringify(rest).slice(0, -1)},"metrics":[`;
  let separator = '';
  for (const metric of metrics) {
    text += separator + JSON.stringify(metric);
    separator = ',';
    if (text.length < OUT_BYTES / 4) continue;
    yield* slicesOf(text);
    text = '';
  }
  yield* slicesOf(`${text}]}`);
}

function* slicesOf(text: string): Generator<Uint8Array, void> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += OUT_BYTES)
    yield bytes.subarray(start, start + OUT_BYTES);
}
