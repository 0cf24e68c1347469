import type { Diagnostic } from '../../argo/diagnostic/diagnostic.js';
import { resolveMetricsConfig } from '../../argo/emit/metrics-config.js';
import { METRICS_CONFIG_FIELDS } from '../../argo/lint/controller-config.js';
import { closestWord } from '../../guard/closest-word.js';
import { isRecord } from '../../guard/json-value.js';
import { mapping } from './composite-types.js';
import type { ConfigReport } from './config-report.js';
import { text, type ConfigType } from './config-type.js';

/** A ConfigMap of the cluster. */
export interface ConfigMapName {
  readonly namespace: string;
  readonly name: string;
}

/** Argo's `metricsConfig`: as it stands in the file, or where it is. */
export type MetricsConfigSetting =
  | { readonly file: string }
  | { readonly configMap: ConfigMapName }
  | { readonly inline: Readonly<Record<string, unknown>> };

const PATH_LENGTH_MAX = 4096;
const PATH = text({ expected: 'a path', lengthMax: PATH_LENGTH_MAX, pattern: /^[^\0]*$/ });
const EXPECTED = 'a mapping, the path of a file that holds it, or configMap: NAMESPACE/NAME';

/** As Kubernetes has names of namespaces, and of objects. */
const CONFIG_MAP = mapping(EXPECTED, {
  configMap: {
    type: text({
      expected: 'NAMESPACE/NAME, such as argo/workflow-controller-configmap',
      lengthMax: 317,
      pattern: /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/,
    }),
    description: 'A ConfigMap of the cluster, as the controller has it; it is read, and watched.',
  },
});

/**
 * Of a mapping without `configMap`, which Argo has no field of that name for, a schema says no more than that it is one: what
 * Argo reads, and how, is in the compiler of metrics.
 */
export const METRICS_CONFIG: ConfigType<MetricsConfigSetting> = {
  expected: EXPECTED,
  schema: {
    anyOf: [
      PATH.schema,
      { ...CONFIG_MAP.schema, required: ['configMap'] },
      { type: 'object', propertyNames: { pattern: '^(?!configMap$)' } },
    ],
  },
  read(given, path, report) {
    if (isRecord(given))
      return Object.hasOwn(given, 'configMap')
        ? readConfigMap(given, path, report)
        : readInline(given, path, report);
    if (typeof given !== 'string') return report.refuse(path, EXPECTED, given);
    const file = PATH.read(given, path, report);
    return file === undefined ? undefined : { file };
  },
  plain(value) {
    if ('file' in value) return value.file;
    if ('inline' in value) return value.inline;
    return { configMap: `${value.configMap.namespace}/${value.configMap.name}` };
  },
};

function readConfigMap(
  given: Readonly<Record<string, unknown>>,
  path: string,
  report: ConfigReport,
): MetricsConfigSetting | undefined {
  const [namespace, name] = CONFIG_MAP.read(given, path, report)?.configMap?.split('/') ?? [];
  return namespace === undefined || name === undefined ? undefined : { configMap: { namespace, name } };
}

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
