// What a caller hands to `emit`: user data, so that what is wrong with it is reported and never thrown.
import type { Diagnostic } from './diagnostic.js';
import { isRecord } from './json-value.js';

/** Why nothing can be emitted for these arguments; undefined when all is well. The caller may be JavaScript. */
export function checkEmission(scope: unknown, options: unknown): Diagnostic | undefined {
  if (!isRecord(scope)) return invalid('scope', 'must be an object', scope);
  if (!isRecord(scope['variables']))
    return invalid('scope.variables', 'must be an object', scope['variables']);
  const { realtime } = scope;
  if (realtime !== undefined && !isRecord(realtime))
    return invalid('scope.realtime', 'must be an object', realtime);
  if (!isRecord(options)) return invalid('options', 'must be an object with an owner', options);
  if (typeof options['owner'] !== 'string')
    return invalid('options.owner', 'must be a text', options['owner']);
  for (const key of ['subject', 'emissionId'] as const) {
    const value = options[key];
    if (value !== undefined && typeof value !== 'string')
      return invalid(`options.${key}`, 'must be a text', value);
  }
  return undefined;
}

/** An emission that broke off: objects of the application may throw when they are looked at. */
export function brokenEmission(reason: string): Diagnostic {
  return { ...EMISSION_INVALID, path: 'scope', message: `the emission failed with ${reason}` };
}

const EMISSION_INVALID = { code: 'EMISSION_INVALID', severity: 'error' } as const;

function invalid(path: string, bound: string, value: unknown): Diagnostic {
  const type = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  return { ...EMISSION_INVALID, path, message: `${path} ${bound}, got ${type}` };
}
