// The JSON schema of the configuration of `watch`, for editors, made of the table that the command checks with.
import type { JsonSchema } from './config-type.js';
import { WATCH_GROUPS, WATCH_KEY_PATHS, watchKey } from './watch-keys.js';

/** What schema/watch.json holds. */
export function watchSchema(): JsonSchema {
  const properties: Record<string, Record<string, unknown>> = {};
  for (const path of WATCH_KEY_PATHS) {
    const [group = '', name] = path.split('.');
    const { type, description, fallback, without } = watchKey(path);
    const schema = {
      description: without === undefined ? description : `${description} Default: ${without}.`,
      ...(fallback !== undefined && { default: fallback }),
      ...type.schema,
    };
    if (name === undefined) properties[group] = schema;
    else
      Object.assign((properties[group] ??= groupSchema(group))['properties'] as object, { [name]: schema });
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The configuration of otel-argo-metrics watch',
    type: 'object',
    additionalProperties: false,
    properties,
  };
}

function groupSchema(group: string): Record<string, unknown> {
  return {
    description: WATCH_GROUPS[group],
    type: 'object',
    additionalProperties: false,
    properties: {},
  };
}
