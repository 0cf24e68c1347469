import { readFile } from 'node:fs/promises';

/** Why a file cannot be used, told to the user as it is. */
export class MetricsConfigError extends Error {
  override readonly name = 'MetricsConfigError';
}

/**
 * Reads Argo's `metricsConfig` from a file. Which fields mean what is for `CustomMetrics` to say.
 *
 * @throws {MetricsConfigError} when the file cannot be read or is not a JSON object.
 */
export async function readMetricsConfig(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MetricsConfigError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MetricsConfigError(
      `${path} is not JSON (${reason}). The metricsConfig must be given as JSON: YAML is not read here. ` +
        `Convert it, for example with: yq -o json . ${path}`,
      { cause },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MetricsConfigError(
      `${path} holds no object. It must be what stands under metricsConfig, as JSON.`,
    );
  return value;
}
