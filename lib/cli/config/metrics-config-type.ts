import type { Diagnostic } from '../../argo/diagnostic/diagnostic.js';
import { resolveMetricsConfig } from '../../argo/emit/metrics-config.js';
import { METRICS_CONFIG_FIELDS } from '../../argo/lint/controller-config.js';
import { closestWord } from '../../guard/closest-word.js';
import { isRecord } from '../../guard/json-value.js';
import type { ConfigReport } from './config-report.js';
import { text, type ConfigType } from './config-type.js';

/** Argo's `metricsConfig`: as it stands in the file, or where it is. */
export type MetricsConfigSetting =
  { readonly file: string } | { readonly inline: Readonly<Record<string, unknown>> };

const PATH_LENGTH_MAX = 4096;
const PATH = text({ expected: 'a path', lengthMax: PATH_LENGTH_MAX, pattern: /^[^\0]*$/ });
const EXPECTED = 'a mapping, or the path of a file that holds it';

/** Of the mapping a schema says no more than that it is one: what Argo reads, and how, is in the compiler of metrics. */
export const METRICS_CONFIG: ConfigType<MetricsConfigSetting> = {
  expected: EXPECTED,
  schema: { anyOf: [PATH.schema, { type: 'object' }] },
  read(given, path, report) {
    if (isRecord(given)) return readInline(given, path, report);
    if (typeof given !== 'string') return report.refuse(path, EXPECTED, given);
    const file = PATH.read(given, path, report);
    return file === undefined ? undefined : { file };
  },
  plain: value => ('file' in value ? value.file : value.inline),
};

function readInline(
  given: Readonly<Record<string, unknown>>,
  path: string,
  report: ConfigReport,
): MetricsConfigSetting | undefined {
  const errorsBefore = report.errorCount;
  for (const diagnostic of resolveMetricsConfig(given).diagnostics) {
    const found = { ...diagnostic, path: diagnostic.path.replace(/^metricsConfig/, path) };
    const unknown = /^unknown field '([^']*)'/.exec(found.message)?.[1];
    if (unknown === undefined) report.add(found);
    else report.add(unknownField(found, unknown), 'key');
  }
  return report.errorCount > errorsBefore ? undefined : { inline: given };
}

/** Without an effect, which whoever wrote it does not expect. */
function unknownField(diagnostic: Diagnostic, key: string): Diagnostic {
  const similar = closestWord(key, METRICS_CONFIG_FIELDS);
  const hint = similar === undefined ? diagnostic.hint : `Did you mean '${similar}'?`;
  const { message, path } = diagnostic;
  return { code: 'FIELD_UNKNOWN', severity: 'error', path, message, ...(hint !== undefined && { hint }) };
}
