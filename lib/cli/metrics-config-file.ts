import { parse } from 'yaml';
import { LineIndex } from '../argo/manifest/line-index.js';
import { NESTED_TOO_DEEPLY, tooDeepAt } from '../argo/manifest/yaml-depth.js';
import { MEBIBYTE } from '../limits.js';
import { readBoundedFile } from './bounded-file.js';

/** Why a file cannot be used, told to the user as it is. */
export class MetricsConfigError extends Error {
  override readonly name = 'MetricsConfigError';
}

/** Aliases that a configuration may use; enough for any that a person wrote, too few to blow it up. */
const ALIASES_MAX = 100;

/** Kubernetes refuses a ConfigMap of more than 1 MiB; `kubectl` may show it twice, in an annotation too. */
const CONFIG_BYTES_MAX = 4 * MEBIBYTE;

/**
 * Reads Argo's `metricsConfig` from a file, as YAML or JSON: alone, under its own key, or in the ConfigMap of the workflow
 * controller. Which fields mean what is for `CustomMetrics` to say.
 *
 * @throws MetricsConfigError when the file cannot be read or holds no such thing.
 */
export async function readMetricsConfig(path: string): Promise<object> {
  let text: string;
  try {
    text = (await readBoundedFile(path, { bytesMax: CONFIG_BYTES_MAX })).toString();
  } catch (cause) {
    // Opening names the file in its error, reading does not.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new MetricsConfigError(message.includes(path) ? message : `${path}: ${message}`, { cause });
  }
  return metricsConfigIn(readYaml(text, path), path);
}

/** As Argo reads it: YAML 1.1, of which JSON is a part. */
function readYaml(text: string, path: string): unknown {
  const deepAt = tooDeepAt(text);
  if (deepAt !== undefined) {
    const { line, column } = new LineIndex(text).at(deepAt);
    throw new MetricsConfigError(`${path}: ${NESTED_TOO_DEEPLY} at line ${line}, column ${column}`);
  }
  try {
    return parse(text.replace(/^\uFEFF/, ''), {
      version: '1.1',
      maxAliasCount: ALIASES_MAX,
      logLevel: 'error',
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MetricsConfigError(`${path} is neither YAML nor JSON: ${reason}`, { cause });
  }
}

function metricsConfigIn(value: unknown, path: string): object {
  const file = objectIn(value, path);
  const own = memberOf(file, 'metricsConfig');
  if (own !== undefined) return objectIn(typeof own === 'string' ? readYaml(own, path) : own, path);
  return memberOf(file, 'kind') === 'ConfigMap' ? metricsConfigOfConfigMap(file, path) : file;
}

/**
 * The same of a ConfigMap such as that of the workflow controller; empty where it says nothing of it.
 *
 * @param name as messages call it
 * @throws MetricsConfigError
 */
export function metricsConfigOfConfigMap(configMap: object, name: string): object {
  const data = objectIn(memberOf(configMap, 'data') ?? {}, name);
  // Newer installations have a key for each setting, older ones all settings in one text.
  const text = memberOf(data, 'metricsConfig') ?? memberOf(data, 'config');
  if (typeof text !== 'string') return {};
  const settings = objectIn(readYaml(text, name), name);
  return memberOf(data, 'metricsConfig') === undefined
    ? objectIn(memberOf(settings, 'metricsConfig') ?? {}, name)
    : settings;
}

function objectIn(value: unknown, path: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new MetricsConfigError(`${path} holds no object. It must be what stands under metricsConfig.`);
}

function memberOf(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
